import { notifications } from "@mantine/notifications";
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Permission } from "../../bridge/operation";
import { fakeGo, faultLine, lateAnswer, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { user } from "../../testing/user";
import Processes from "./index";
import { below, linesOf } from "./tree";
import { consequenceOf } from "./useDeletePlace";
import type { Field, Place, Stage, Tree } from "./words";

afterEach(() => notifications.clean());

const all: Permission[] = [
  "process.view",
  "process.create",
  "process.edit",
  "process.delete",
  "data.import",
  "data.export",
  "setup.view",
];

const place = (id: string, name: string, level: number, parent = "", setups = 0): Place => ({
  id,
  parent_id: parent,
  level,
  name,
  code: name.toLowerCase().replaceAll(" ", "_"),
  version: 3,
  setups,
});
const field = (id: string, name: string, more: Partial<Field> = {}): Field => ({
  id,
  stage_id: "s1",
  name,
  code: name.toLowerCase(),
  type: "text",
  required: false,
  sample: "",
  position: 1,
  version: 1,
  ...more,
});
const stage = (id: string, name: string, position: number, fields: Field[] = []): Stage => ({
  id,
  place_id: "home",
  name,
  code: name.toLowerCase(),
  position,
  version: 2,
  fields,
});

const places = [
  place("orders", "Orders", 1, "", 7),
  place("delivery", "Delivery", 2, "orders", 7),
  place("home", "Home delivery", 3, "delivery", 7),
  place("returns", "Returns", 2, "orders"),
  place("bills", "Rechnungsprüfungsverfahren", 1),
];
const stages = [
  stage("s1", "Packed", 1, [
    field("f1", "Mobile", { type: "phone", required: true, sample: "+919812345678" }),
    field("f2", "Due", { type: "text", sample: "soon", position: 2 }),
  ]),
  stage("s2", "Shipped", 2),
];
const tree: Tree = { places, stages: stages.map((each) => ({ ...each, fields: [] })) };

function open(at: string, answers: Parameters<typeof fakeGo>[0] = {}, permissions = all) {
  const go = fakeGo({ "Process.Tree": () => tree, "Process.Stages": () => stages, ...answers });
  renderInShell(<Processes />, { at, session: signedIn(permissions) });
  return go;
}
const lines = () => screen.getAllByRole("treeitem").map((line) => line.getAttribute("aria-label"));

test("A08 A10: the tree has three levels, opens and closes by arrows, and Enter shows a place", async () => {
  open("/processes");
  await screen.findByRole("tree", { name: "Processes" });
  expect(lines()).toEqual(["Orders, Process, 7 setups", "Rechnungsprüfungsverfahren, Process, 0 setups"]);
  screen.getByRole("tree").focus();
  await user.keyboard("{ArrowRight}{ArrowDown}{ArrowRight}{ArrowDown}");
  expect(lines()).toEqual([
    "Orders, Process, 7 setups",
    "Delivery, Sub Process, 7 setups",
    "Home delivery, Sub Sub Process, 7 setups",
    "Returns, Sub Process, 0 setups",
    "Rechnungsprüfungsverfahren, Process, 0 setups",
  ]);
  const third = screen.getByRole("treeitem", { name: /^Home delivery/ });
  expect(third.getAttribute("aria-level")).toBe("3");
  await user.keyboard("{Enter}");
  await screen.findByRole("heading", { name: "Home delivery" });
  expect(location.hash).toBe("#/processes/home");
  screen.getByRole("tree").focus();
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  expect(lines()).not.toContain("Home delivery, Sub Sub Process, 7 setups");
});

test("A08: a search finds places and stages in any case, keeps the places above them and marks the hits", async () => {
  open("/processes");
  await screen.findByRole("tree");
  await user.type(screen.getByLabelText("Search process, stage, code"), "SHIP");
  await waitFor(() => expect(screen.getAllByRole("treeitem")).toHaveLength(3));
  expect(screen.getByText("Ship", { selector: "mark" })).toBeTruthy();
  expect(screen.getByText("3 of 5 shown")).toBeTruthy();
  await user.clear(screen.getByLabelText("Search process, stage, code"));
  await user.type(screen.getByLabelText("Search process, stage, code"), "nowhere");
  await screen.findByText("Nothing here is called “nowhere”.");
});

test("A11: stages are in their order and move by buttons and by Alt with an arrow", async () => {
  const go = open("/processes/home", { "Process.MoveStage": () => stages });
  await screen.findByRole("heading", { name: "Packed" });
  expect(screen.getAllByRole("listitem", { name: /^Stage / }).map((item) => item.getAttribute("aria-label"))).toEqual([
    "Stage Packed",
    "Stage Shipped",
  ]);
  expect(screen.queryByRole("button", { name: "Move stage Packed up" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Move stage Packed down" }));
  expect(go.inputs("Process.MoveStage")).toEqual([{ id: "s1", direction: "down" }]);
  screen.getByRole("button", { name: "Rename stage Shipped" }).focus();
  await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
  await waitFor(() => expect(go.inputs("Process.MoveStage")[1]).toEqual({ id: "s2", direction: "up" }));
});

test("A12: a field is changed in its row: a choice at once, text on Enter; a refusal is shown at its cell", async () => {
  let refuse = false;
  const go = open("/processes/home", {
    "Process.UpdateField": (input: Field) => {
      if (refuse)
        throw faultLine("invalid", "process.invalid", "Some fields need a change.", {
          fields: [{ name: "sample", message: "Write a date as YYYY-MM-DD." }],
        });
      return { ...field("f2", "Due"), ...input, version: input.version + 1 };
    },
  });
  const sample = await screen.findByLabelText("Sample value of Due");
  await user.clear(sample);
  await user.type(sample, "later{Enter}");
  await waitFor(() => expect(go.inputs("Process.UpdateField")).toHaveLength(1));
  await user.click(screen.getByLabelText("Due is required"));
  await waitFor(() => expect(go.inputs("Process.UpdateField")).toHaveLength(2));
  // The second change sends the version that the first one made, so two quick changes do not conflict.
  expect(go.inputs("Process.UpdateField")).toMatchObject([
    { id: "f2", version: 1, sample: "later", required: false },
    { id: "f2", version: 2, sample: "later", required: true },
  ]);
  refuse = true;
  await user.selectOptions(screen.getByLabelText("Type of Due"), "Date");
  await screen.findByText("Write a date as YYYY-MM-DD.");
  expect(screen.getByLabelText("Sample value of Due").getAttribute("aria-invalid")).toBe("true");
  await user.type(screen.getByLabelText("Sample value of Due"), "{Escape}");
  expect(screen.queryByText("Write a date as YYYY-MM-DD.")).toBeNull();
  expect(screen.getByLabelText<HTMLSelectElement>("Type of Due").value).toBe("text");
});

test("A12: Enter adds a field and clears the row for the next", async () => {
  const go = open("/processes/home", { "Process.CreateField": (input: Field) => field("f9", input.name) });
  await user.click(await screen.findByRole("button", { name: "Add field to Shipped" }));
  await user.type(screen.getByLabelText("Name of the new field"), "Courier{Enter}");
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Name of the new field").value).toBe(""));
  expect(go.inputs("Process.CreateField")).toEqual([
    { stage_id: "s2", name: "Courier", type: "text", required: false, sample: "" },
  ]);
  expect(document.activeElement).toBe(screen.getByLabelText("Name of the new field"));
});

test("A09: a rename sends the version that was read; a stale one says so and offers Reload", async () => {
  const go = open("/processes/home", {
    "Process.RenamePlace": () => {
      throw faultLine("conflict", "process.stale", "Somebody changed this meanwhile, so your change was not saved.");
    },
  });
  await user.click(await screen.findByRole("button", { name: "Rename Home delivery" }));
  await user.keyboard("Door delivery{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("Somebody changed this meanwhile");
  expect(go.inputs("Process.RenamePlace")).toEqual([{ id: "home", name: "Door delivery", version: 3 }]);
  const before = go.inputs("Process.Tree").length;
  await user.click(screen.getByRole("button", { name: "Reload" }));
  await waitFor(() => expect(go.inputs("Process.Tree").length).toBeGreaterThan(before));
  expect(screen.getByRole("heading", { name: "Home delivery" })).toBeTruthy();
});

test("A09: a deletion names what goes with it; Keep deletes nothing; one in use is refused with links to the setups", async () => {
  const go = open("/processes/delivery", {
    "Process.Stages": () => [],
    "Process.DeletePlace": () => {
      throw faultLine("conflict", "process.in_use", "“Delivery” is used by 2 setups, so it was not deleted.", {
        hint: "Change or delete those setups first.",
        links: [
          { kind: "setup", id: "k1", name: "Orders / Delivery, SMS" },
          { kind: "setup", id: "k2", name: "Orders / Delivery, Email" },
        ],
      });
    },
  });
  const askToDelete = async () => {
    await user.click(await screen.findByRole("button", { name: "More for Delivery" }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete Sub Process" }));
    return screen.findByRole("dialog");
  };
  const asked = await askToDelete();
  expect(asked.textContent).toContain(
    "1 Sub Sub Process (Home delivery), and 2 stages (Packed, Shipped) with their fields",
  );
  await user.click(within(asked).getByRole("button", { name: "Keep" }));
  expect(go.inputs("Process.DeletePlace")).toEqual([]);
  await user.click(within(await askToDelete()).getByRole("button", { name: "Delete" }));
  expect((await screen.findByRole("alert")).textContent).toContain("used by 2 setups");
  expect(go.inputs("Process.DeletePlace")).toEqual([{ id: "delivery", version: 3 }]);
  expect(screen.getByRole("link", { name: "Orders / Delivery, SMS" }).getAttribute("href")).toBe("#/setups/k1");
});

test("A10: a Sub Process is made below the place that is shown, and is then shown; the last level offers none", async () => {
  const go = open("/processes/delivery", {
    "Process.Stages": () => [],
    "Process.CreatePlace": () => place("pick", "Pick-up", 3, "delivery"),
  });
  await user.click(await screen.findByRole("button", { name: "Add Sub Sub Process" }));
  await user.type(screen.getByLabelText("Name"), "Pick-up{Enter}");
  await waitFor(() => expect(location.hash).toBe("#/processes/pick"));
  expect(go.inputs("Process.CreatePlace")).toEqual([{ parent_id: "delivery", name: "Pick-up" }]);
  location.hash = "/processes/home";
  await screen.findByRole("heading", { name: "Home delivery" });
  expect(screen.queryByRole("button", { name: /^Add Sub/ })).toBeNull();
});

test("A13: an empty office says what a process is and creates a starter tree", async () => {
  let created = false;
  const go = open("/processes", {
    "Process.Tree": () => (created ? tree : { places: [], stages: [] }),
    "Organisation.CreateStarter": () => {
      created = true;
      return {};
    },
  });
  await screen.findByText(/A process is something your office does in steps/);
  expect(screen.getAllByRole("button", { name: "Create process" })).toHaveLength(1);
  expect(await axeFindings()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Use Appointments" }));
  await screen.findByRole("tree");
  expect(go.inputs("Organisation.CreateStarter")).toEqual([{ tree: "appointments" }]);
});

test("A18: a person who may only look sees the tree and the fields, and no way to change them", async () => {
  open("/processes/home", {}, ["process.view"]);
  const table = await screen.findByRole("table", { name: "Stage fields of Packed" });
  expect(within(table).getByText("+919812345678")).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: /^(Name|Sample)/ })).toBeNull();
  for (const name of [/^Create/, /^Add/, /^Rename/, /^Move/, /^Delete/, /^More/, "CSV"])
    expect(screen.queryByRole("button", { name })).toBeNull();
});

test("an import shows each line first; errors are named and nothing can be imported", async () => {
  const row = (line: number, part: object) => ({ line, path: "Billing", makes: [], changes: [], errors: [], ...part });
  let errors = true;
  const go = open("/processes", {
    "Process.PreviewImport": () =>
      errors
        ? { rows: [row(2, { errors: ["Type: Choose one."] })], places: 1, stages: 0, fields: 0, changed: 0, errors: 1 }
        : { rows: [row(2, { makes: ["Process Billing"] })], places: 1, stages: 0, fields: 0, changed: 0, errors: 0 },
    "Process.ImportCsv": () => ({ places: 1, stages: 0, fields: 0, changed: 0 }),
  });
  await user.click(await screen.findByRole("button", { name: "CSV" }));
  await user.click(await screen.findByRole("menuitem", { name: "Import CSV" }));
  await user.click(screen.getByLabelText("Or paste the lines here"));
  await user.paste("Process\nBilling");
  await user.click(screen.getByRole("button", { name: "Preview" }));
  expect((await screen.findByRole("list", { name: "Lines with errors" })).textContent).toContain("Type: Choose one.");
  expect(screen.queryByRole("button", { name: "Import" })).toBeNull();
  errors = false;
  await user.click(screen.getByRole("button", { name: "Back" }));
  await user.click(screen.getByRole("button", { name: "Preview" }));
  await screen.findByText("New: Process Billing");
  await user.click(screen.getByRole("button", { name: "Import" }));
  await waitFor(() => expect(go.inputs("Process.ImportCsv")).toEqual([{ text: "Process\nBilling" }]));
});

test("an export is saved through the window's dialog", async () => {
  const go = open("/processes", {
    "Process.ExportCsv": () => ({ name: "processes.csv", text: "Process\r\n" }),
    "Window.SaveText": () => ({ saved: true, path: "/home/asha/processes.csv" }),
  });
  await user.click(await screen.findByRole("button", { name: "CSV" }));
  await user.click(await screen.findByRole("menuitem", { name: "Export CSV" }));
  await screen.findByText("Saved as /home/asha/processes.csv");
  expect(go.inputs("Window.SaveText")).toMatchObject([{ file_name: "processes.csv", text: "Process\r\n" }]);
});

test("leaving a typed but refused change asks first", async () => {
  open("/processes/home", {
    "Process.UpdateField": () => {
      throw faultLine("conflict", "process.name_taken", "Taken.", {
        fields: [{ name: "name", message: "Taken here." }],
      });
    },
  });
  const name = await screen.findByLabelText("Name of Due");
  await user.clear(name);
  await user.type(name, "Mobile{Enter}");
  await screen.findByText("Taken here.");
  await user.click(screen.getByRole("treeitem", { name: /^Orders/ }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Stay" }));
  expect(location.hash).toBe("#/processes/home");
});

test("axe finds nothing on the whole screen", async () => {
  open("/processes/home");
  await screen.findByRole("table", { name: "Stage fields of Packed" });
  expect(await axeFindings()).toEqual([]);
});

test("a tree that cannot be read says why and is read again", async () => {
  let broken = true;
  open("/processes", {
    "Process.Tree": () => {
      if (broken) throw faultLine("unavailable", "store.busy", "The data is busy.", { hint: "Try again." });
      return tree;
    },
  });
  expect((await screen.findByRole("alert")).textContent).toContain("The data is busy.");
  broken = false;
  await user.click(screen.getByRole("button", { name: "Retry" }));
  await screen.findByRole("tree");
});

test("what is deleted with a place is counted over all levels, and the names are cut after five", () => {
  expect(below(tree, "orders").map((each) => each.id)).toEqual(["delivery", "home", "returns"]);
  const many = ["a", "b", "c", "d", "e", "f", "g"].map((name, index) => stage(name, name, index));
  const wide: Tree = { places, stages: many };
  const home = place("home", "Home delivery", 3, "delivery");
  expect(consequenceOf(wide, home, [])).toBe(
    "This also deletes 7 stages (a, b, c, d, e and 2 more) with their fields.",
  );
  expect(consequenceOf({ places, stages: [] }, home, [])).toBe("Nothing else is deleted.");
});

test("5,000 places: only the rows in view are rendered, and a search takes as much longer as there are more", async () => {
  const treeOf = (length: number): Tree => ({
    places: Array.from({ length }, (_, index) => place(`p${index}`, `Process ${index}`, 1)),
    stages: [],
  });
  const wide = treeOf(5000);
  open("/processes", { "Process.Tree": () => wide });
  await screen.findByRole("tree");
  expect(screen.getAllByRole("treeitem").length).toBeLessThan(80);
  expect(linesOf(wide, new Set(), "4321")).toHaveLength(1);
  // A search that compared each place with every other would take a hundred times as long, not ten times.
  const fastest = (tree: Tree) =>
    Math.min(
      ...Array.from({ length: 9 }, () => {
        const before = performance.now();
        linesOf(tree, new Set(), "432");
        return performance.now() - before;
      }),
    );
  expect(fastest(wide)).toBeLessThan(50 * fastest(treeOf(500)));
});

test("S2: the next field is typed while the one before is saved; a refused one stays in its row", async () => {
  const late = lateAnswer();
  const go = open("/processes/home", {
    "Process.CreateField": late.answer((input: Field) => {
      if (input.name === "Bad")
        throw faultLine("invalid", "process.invalid", "Some fields need a change.", {
          fields: [{ name: "name", message: "This name is taken." }],
        });
      return field(`f ${input.name}`, input.name);
    }),
  });
  const names = () => screen.getAllByLabelText<HTMLInputElement>("Name of the new field").map((each) => each.value);
  await user.click(await screen.findByRole("button", { name: "Add field to Shipped" }));
  await user.type(screen.getByLabelText("Name of the new field"), "Courier{Enter}");
  await waitFor(() => expect(names()).toEqual(["Courier", ""]));
  await user.keyboard("Bad{Enter}");
  await waitFor(() => expect(names()).toEqual(["Courier", "Bad", ""]));
  await user.keyboard("Third");
  late.arrive();
  await waitFor(() => expect(names()).toEqual(["Bad", "Third"]));
  late.arrive();
  await screen.findByText("This name is taken.");
  expect(names()).toEqual(["Bad", "Third"]);
  await user.keyboard("!");
  expect(names()).toEqual(["Bad", "Third!"]);
  expect(go.inputs("Process.CreateField")).toMatchObject([{ name: "Courier" }, { name: "Bad" }]);
});

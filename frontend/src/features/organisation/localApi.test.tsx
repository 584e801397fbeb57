/** Settings > Local API and Retention, the line at the frame and the banner (C04, C24, C37, H21; UI.md, Settings on screen). */
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Permission } from "../../bridge/operation";
import { invalidate } from "../../bridge/query";
import { entries } from "../../shell/entries";
import { Frame } from "../../shell/Frame";
import { fakeDoor, fakeGo, faultLine, lateAnswer, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { fill, user } from "../../testing/user";
import SettingsScreen from ".";

const here = { on: true, port: 7373, per_minute: 600, network: false, addresses: [], names: [] };
const answers = { addresses: ["http://127.0.0.1:7373"], code: "", message: "", hint: "" };
const silent = { addresses: [], code: "", message: "", hint: "" };
const taken = {
  addresses: [],
  code: "localapi.port_taken",
  message: "The program other-api uses port 7373.",
  hint: "Close it, or choose another port.",
};
const client = {
  address: "http://127.0.0.1:7373",
  on: true,
  header: "Authorization: x-api-key PASTE_YOUR_KEY_HERE",
  simulated: false,
  sent: false,
  snippets: [
    {
      language: "curl",
      label: "curl",
      code: "curl -H 'Authorization: x-api-key PASTE_YOUR_KEY_HERE' http://127.0.0.1:7373/v1/key\n",
    },
    { language: "javascript", label: "JavaScript", code: "fetch('http://127.0.0.1:7373/v1/key')\n" },
    { language: "python", label: "Python", code: "import urllib.request\n" },
  ],
};

type State = { settings: typeof here; version: number; listening: typeof answers };

/** Settings inside the frame, over an office that keeps what is saved. */
function open(
  at: string,
  more: Parameters<typeof fakeGo>[0] = {},
  rights: Permission[] = ["settings.manage", "apikey.view"],
  isOrgAdmin = true,
) {
  const stored = {
    api: { settings: { ...here }, version: 1, listening: answers } as State,
    kept: { retention: { calls: 90, access: 90 }, version: 1 },
    paused: false,
  };
  const stale = () =>
    faultLine("conflict", "organisation.stale", "Someone else changed these settings meanwhile.", { hint: "Reload." });
  const go = fakeGo({
    "Organisation.Steps": () => [],
    "Organisation.LocalAPI": () => stored.api,
    "Organisation.SaveLocalAPI": (input: { settings: typeof here; version: number }) => {
      if (input.version !== stored.api.version) throw stale();
      stored.api = {
        settings: input.settings,
        version: input.version + 1,
        listening: input.settings.on ? answers : silent,
      };
      return stored.api;
    },
    "Organisation.Running": () => ({
      local_api: stored.api.settings.on && stored.api.listening.addresses.length > 0,
      port: stored.api.settings.port,
      problem: stored.api.settings.on ? stored.api.listening.message : "",
      paused: stored.paused,
    }),
    "Organisation.Pause": (input: { paused: boolean }) => {
      stored.paused = input.paused;
      return { paused: input.paused, since_ms: 0, by: "asha" };
    },
    "Organisation.Client": () => client,
    "Organisation.Retention": () => stored.kept,
    "Organisation.SaveRetention": (input: typeof stored.kept) => {
      if (input.version !== stored.kept.version) throw stale();
      stored.kept = { ...input, version: input.version + 1 };
      return stored.kept;
    },
    ...more,
  });
  const who = signedIn(rights);
  const session = { ...who, user: { ...who.user, is_org_admin: isOrgAdmin } };
  const { client: cache } = renderInShell(
    <Frame
      entries={entries.filter((entry) => entry.path === "/settings")}
      door={fakeDoor(session)}
      onSession={() => {}}
    >
      <SettingsScreen />
    </Frame>,
    { session, at },
  );
  return { go, stored, client: cache };
}

const press = async (name: string) => user.click(await screen.findByRole("button", { name }));
const field = (name: string) => screen.findByLabelText<HTMLInputElement>(name, { selector: "input, textarea" });
const state = () => screen.findByRole("status", { name: "What the local API does now" });
const frameLine = () => screen.queryByText(/^Local API on, port/);

test("B01: people who manage settings see every tab", async () => {
  const tabs = () => screen.getAllByRole("tab").map((tab) => tab.textContent);
  open("/settings", { "Organisation.Settings": () => new Promise(() => {}) });
  expect(tabs()).toEqual([
    "Organisation",
    "Security",
    "Local API",
    "Secrets",
    "Alerts",
    "Retention",
    "Appearance",
    "About",
  ]);
});

test("people who may only look at keys see the local API without a control (C04)", async () => {
  const { go } = open("/settings", {}, ["apikey.view"], false);
  await state();
  expect(screen.getAllByRole("tab").map((tab) => tab.textContent)).toEqual(["Local API", "Appearance"]);
  expect(screen.getByText(/^Programs on this computer\./)).toBeTruthy();
  expect(screen.getByText("7373")).toBeTruthy();
  expect(screen.getByText("People with Can Manage Settings can change this.")).toBeTruthy();
  await screen.findByText(/curl -H/);
  expect(screen.queryByRole("switch")).toBeNull();
  expect(screen.queryByRole("button", { name: /Save|Pause/ })).toBeNull();
  expect(go.inputs("Organisation.Settings")).toEqual([]);
  expect(await axeFindings()).toEqual([]);
});

test("the palette finds the tabs that the person may see by their words, once something is typed", async () => {
  open("/settings/local-api", {}, ["apikey.view"], false);
  await user.keyboard("{Control>}k{/Control}");
  const box = await screen.findByRole("textbox", { name: "Go to or do" });
  const found = (name: RegExp) => within(screen.getByRole("dialog")).queryByRole("button", { name });
  expect(found(/^Local API/)).toBeNull();
  await user.type(box, "port");
  expect(found(/^Local API/)).not.toBeNull();
  await user.clear(box);
  await user.type(box, "retention");
  expect(found(/^Retention/)).toBeNull();
  await user.keyboard("{Escape}");
});

test("the switch acts at once, keeps what was typed elsewhere, and the frame's line follows", async () => {
  const { go } = open("/settings/local-api");
  await screen.findByText("Local API on, port 7373");
  expect(within(await state()).getByText("http://127.0.0.1:7373")).toBeTruthy();
  fill(await field("Requests a minute"), "50");
  await user.click(screen.getByRole("switch", { name: "Local API" }));
  await screen.findByText("The local API is switched off.");
  expect(within(await state()).getByText("Off. No program can call Keydesk.")).toBeTruthy();
  await waitFor(() => expect(frameLine()).toBeNull());
  expect(go.inputs("Organisation.SaveLocalAPI")).toEqual([{ settings: { ...here, on: false }, version: 1 }]);
  expect((await field("Requests a minute")).value).toBe("50");
  await press("Save settings");
  await waitFor(() => expect(go.inputs("Organisation.SaveLocalAPI")).toHaveLength(2));
  expect(go.inputs("Organisation.SaveLocalAPI")[1]).toEqual({
    settings: { ...here, on: false, per_minute: 50 },
    version: 2,
  });
});

test("after the switch, what it does now follows before the settings are read again", async () => {
  const { go, stored } = open("/settings/local-api");
  await screen.findByText("Local API on, port 7373");
  const late = lateAnswer();
  go.answer(
    "Organisation.LocalAPI",
    late.answer(() => stored.api),
  );
  await user.click(screen.getByRole("switch", { name: "Local API" }));
  await screen.findByText("The local API is switched off.");
  expect(within(await state()).getByText("Off. No program can call Keydesk.")).toBeTruthy();
  // The answer is older than the opened port.
  go.answer("Organisation.SaveLocalAPI", ({ settings }: State) => ({ settings, version: 3, listening: silent }));
  await user.click(screen.getByRole("switch", { name: "Local API" }));
  await screen.findByText("The local API is switched on.");
  expect(within(await state()).getByText("On. Opening the port.")).toBeTruthy();
  stored.api = { settings: here, version: 3, listening: answers };
  await act(async () => late.arrive());
  await within(await state()).findByText("On. It answers at:");
});

test("a port that another program has is said on the screen and at the frame, until the window tells a change", async () => {
  const { stored, client: cache } = open("/settings/local-api", {}, ["settings.manage"]);
  stored.api = { ...stored.api, listening: taken };
  expect((await state()).textContent).toContain(
    "The program other-api uses port 7373. Close it, or choose another port.",
  );
  await screen.findByRole("link", { name: "The program other-api uses port 7373." });
  expect(frameLine()).toBeNull();
  stored.api = { ...stored.api, listening: answers };
  await act(() => invalidate(cache, "organisation"));
  await screen.findByText("Local API on, port 7373");
  expect((await state()).textContent).toContain("On. It answers at:");
});

test("H21: the office network asks for the password, and a cancelled question loses nothing", async () => {
  let confirmed = false;
  const { go, stored } = open("/settings/local-api", {
    "User.ConfirmPassword": () => {
      confirmed = true;
      return {};
    },
  });
  const save = (input: { settings: typeof here; version: number }) => {
    if (!confirmed)
      throw faultLine(
        "forbidden",
        "access.password_needed",
        "Enter your password to change who on the network can call.",
      );
    stored.api = { settings: input.settings, version: input.version + 1, listening: answers };
    return stored.api;
  };
  go.answer("Organisation.SaveLocalAPI", save);
  await user.click(await screen.findByRole("radio", { name: /^On the office network too/ }));
  fill(await field("Addresses of this computer"), "192.168.1.20\n 10.0.0.7, ");
  fill(await field("Host names (optional)"), "keydesk.office.example");
  expect(await axeFindings()).toEqual([]);
  await press("Save settings");
  await screen.findByText("Enter your password to change who on the network can call.");
  await press("Cancel");
  await waitFor(() => expect(screen.queryByLabelText("Password")).toBeNull());
  expect((await field("Addresses of this computer")).value).toBe("192.168.1.20\n 10.0.0.7, ");
  expect(screen.queryByText(/Enter your password/)).toBeNull();

  await press("Save settings");
  fill(await screen.findByLabelText("Password"), "my own password");
  await press("Continue");
  await screen.findByText("The settings are saved.");
  expect(stored.api.settings).toEqual({
    ...here,
    network: true,
    addresses: ["192.168.1.20", "10.0.0.7"],
    names: ["keydesk.office.example"],
  });
  expect((await field("Addresses of this computer")).value).toBe("192.168.1.20\n10.0.0.7");
});

test("C24: who may manage settings but is no Org Admin cannot change the network", async () => {
  open("/settings/local-api", {}, ["settings.manage"], false);
  await screen.findByText("Only an Org Admin may change who on the network can call.");
  expect(screen.getAllByRole("radio")).toHaveLength(1);
  expect(screen.queryByRole("button", { name: "Pause sending" })).toBeNull();
});

test("a refusal is shown at its input, has the focus, and goes away when the input changes", async () => {
  open("/settings/local-api", {
    "Organisation.SaveLocalAPI": () => {
      throw faultLine("invalid", "organisation.invalid", "No.", {
        fields: [
          { name: "settings.addresses", message: '"x" is not an address of this computer, such as 192.168.1.20.' },
          { name: "settings.port", message: "This is less than 1024." },
        ],
      });
    },
  });
  await user.click(await screen.findByRole("radio", { name: /^On the office network too/ }));
  fill(await field("Addresses of this computer"), "x");
  fill(await field("Port"), "80");
  await press("Save settings");
  await screen.findByText("This is less than 1024.");
  const addresses = await field("Addresses of this computer");
  await waitFor(() => expect(document.activeElement).toBe(addresses));
  expect((await field("Port")).value).toBe("80");
  fill(addresses, "192.168.1.20");
  expect(screen.queryByText(/is not an address/)).toBeNull();
  expect(screen.getByText("This is less than 1024.")).toBeTruthy();
});

test("a version that somebody else saved meanwhile loses nothing that was typed", async () => {
  const { go, stored } = open("/settings/local-api");
  fill(await field("Port"), "8000");
  stored.api = { ...stored.api, settings: { ...here, per_minute: 20 }, version: 2 };
  await press("Save settings");
  await screen.findByText("Someone else changed these settings meanwhile.");
  expect((await field("Port")).value).toBe("8000");
  await press("Reload");
  await waitFor(async () => expect((await field("Requests a minute")).value).toBe("20"));
  expect((await field("Port")).value).toBe("8000");
  expect(screen.queryByText(/Someone else changed/)).toBeNull();
  await press("Save settings");
  await screen.findByText("The settings are saved.");
  expect(go.inputs("Organisation.SaveLocalAPI").at(-1)).toEqual({
    settings: { ...here, port: 8000, per_minute: 20 },
    version: 2,
  });
});

test("S2: what is typed while a late save is on its way stays, and is saved next", async () => {
  const late = lateAnswer();
  const { go } = open("/settings/local-api", {
    "Organisation.SaveLocalAPI": late.answer((input: { settings: typeof here; version: number }) => ({
      settings: input.settings,
      version: input.version + 1,
      listening: answers,
    })),
  });
  fill(await field("Port"), "8000");
  await press("Save settings");
  fill(await field("Requests a minute"), "20");
  late.arrive();
  await screen.findByText("The settings are saved.");
  expect((await field("Port")).value).toBe("8000");
  expect((await field("Requests a minute")).value).toBe("20");
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(go.inputs("Organisation.SaveLocalAPI")).toHaveLength(2));
  expect(go.inputs("Organisation.SaveLocalAPI")[1]).toEqual({
    settings: { ...here, port: 8000, per_minute: 20 },
    version: 2,
  });
  late.arrive();
});

test("Org Admins pause sending after a question; the banner is there until they go on", async () => {
  const { go } = open("/settings/local-api");
  await press("Pause sending");
  await press("Keep sending");
  expect(go.inputs("Organisation.Pause")).toEqual([]);
  await press("Pause sending");
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Pause sending" }));
  const banner = await screen.findByRole("note");
  expect(banner.textContent).toContain("Sending is paused");
  expect(await axeFindings()).toEqual([]);
  await user.click(within(banner).getByRole("button", { name: "Go on sending" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Go on sending" }));
  await waitFor(() => expect(screen.queryByRole("note")).toBeNull());
  expect(go.inputs("Organisation.Pause")).toEqual([{ paused: true }, { paused: false }]);
});

test("others read in the banner who can go on", async () => {
  const { stored } = open("/settings/local-api", {}, ["apikey.view"], false);
  stored.paused = true;
  const banner = await screen.findByRole("note");
  expect(banner.textContent).toContain("An Org Admin can go on.");
  expect(within(banner).queryByRole("button")).toBeNull();
});

test("C04: a client's view has each snippet and the addresses of the pages, to copy", async () => {
  const { go } = open("/settings/local-api", { "Window.Copy": () => ({}) });
  await screen.findByText(/curl -H/);
  await user.click(screen.getByRole("radio", { name: "Python" }));
  await screen.findByText(/import urllib/);
  await press("Copy the Python example");
  await press("Copy the address: A page to read");
  await press("Copy the address: OpenAPI document");
  expect(go.inputs("Window.Copy")).toMatchObject([
    { text: "import urllib.request" },
    { text: "http://127.0.0.1:7373/docs" },
    { text: "http://127.0.0.1:7373/openapi.json" },
  ]);
});

test("retention: a shorter time is asked about by what goes, a longer one is saved at once", async () => {
  const { go } = open("/settings/retention");
  fill(await field("Keep live calls for days"), "120");
  await press("Save settings");
  await screen.findByText("The settings are saved.");
  fill(await field("Keep live calls for days"), "30");
  fill(await field("Keep the access log for days"), "1");
  await press("Save settings");
  const question = await screen.findByRole("dialog");
  expect(question.textContent).toContain(
    "Keep live calls for 30 days instead of 120, and the access log for 1 day instead of 90?",
  );
  await press("Keep as before");
  expect((await field("Keep live calls for days")).value).toBe("30");
  expect(go.inputs("Organisation.SaveRetention")).toHaveLength(1);
  await press("Save settings");
  await press("Shorten");
  await waitFor(() =>
    expect(go.inputs("Organisation.SaveRetention").at(-1)).toEqual({ retention: { calls: 30, access: 1 }, version: 2 }),
  );
});

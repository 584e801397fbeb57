import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { axeFindings, renderInShell } from "../testing/render";
import { user } from "../testing/user";
import { RowsEditor } from "./RowsEditor";

interface Header {
  id: string;
  name: string;
  value: string;
}

let made = 0;
const newRow = (): Header => ({ id: `n${++made}`, name: "", value: "" });

let last: Header[] = [];
function Editor({ start, errors, readOnly }: { start: Header[]; errors?: Record<string, string>; readOnly?: boolean }) {
  const [rows, setRows] = useState(start);
  last = rows;
  return (
    <RowsEditor
      label="Additional Header List"
      columns={[
        { field: "name", label: "Header Name" },
        { field: "value", label: "Header Value" },
      ]}
      rows={rows}
      onChange={setRows}
      rowId={(row) => row.id}
      newRow={newRow}
      fromLine={(line) => ({ ...newRow(), ...line })}
      isEmpty={(row) => row.name === "" && row.value === ""}
      errors={errors}
      path="headers"
      readOnly={readOnly}
    />
  );
}

const two: Header[] = [
  { id: "a", name: "Accept", value: "text/html" },
  { id: "b", name: "X-Id", value: "7" },
];
const named = (name: string) => screen.getByRole("textbox", { name });

test("Enter in the last row adds a row and goes there; in other rows it goes down", async () => {
  renderInShell(<Editor start={two} />);
  await user.click(named("Header Name, row 1"));
  await user.keyboard("{Enter}");
  expect(document.activeElement).toBe(named("Header Name, row 2"));
  await user.keyboard("{Enter}");
  expect(last).toHaveLength(3);
  expect(document.activeElement).toBe(named("Header Name, row 3"));
  await user.keyboard("{Control>}{Enter}{/Control}"); // Test, not a row
  expect(last).toHaveLength(3);
});

test("Alt with an arrow and the buttons move a row; the focus goes along", async () => {
  renderInShell(<Editor start={two} />);
  await user.click(named("Header Value, row 2"));
  await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
  expect(last.map((row) => row.id)).toEqual(["b", "a"]);
  expect(document.activeElement).toBe(named("Header Value, row 1"));
  await user.click(screen.getByRole("button", { name: "Move row 1 down" }));
  expect(last.map((row) => row.id)).toEqual(["a", "b"]);
  expect((screen.getByRole("button", { name: "Move row 1 up" }) as HTMLButtonElement).disabled).toBe(true);
});

test("the last remaining row can be deleted, and Add Row makes one", async () => {
  renderInShell(<Editor start={two.slice(0, 1)} />);
  await user.click(screen.getByRole("button", { name: "Delete row 1" }));
  expect(last).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Add Row" }));
  expect(last).toHaveLength(1);
  expect(document.activeElement).toBe(named("Header Name, row 1"));
});

test("a pasted block takes an empty row's place and leaves the others; one line is an ordinary paste", () => {
  renderInShell(<Editor start={[...two, { id: "c", name: "", value: "" }]} />);
  const paste = (text: string) =>
    fireEvent.paste(named("Header Name, row 3"), { clipboardData: { getData: () => text } });
  expect(paste("just: one")).toBe(true);
  expect(last).toHaveLength(3);
  expect(paste("A: 1\nB=2")).toBe(false);
  expect(last.map((row) => `${row.name}=${row.value}`)).toEqual(["Accept=text/html", "X-Id=7", "A=1", "B=2"]);
});

test("a text of several lines keeps them, and is one value", async () => {
  renderInShell(<Editor start={two} />);
  await user.click(named("Header Value, row 1"));
  (named("Header Value, row 1") as HTMLInputElement).setSelectionRange(0, 99);
  await user.paste("one\r\ntwo");
  expect(last[0]?.value).toBe("one\r\ntwo");
  expect(named("Header Value, row 1").tagName).toBe("TEXTAREA");
  await user.keyboard("{Enter}A: 1");
  expect(last[0]?.value).toBe("one\r\ntwo\r\nA: 1");
  await user.paste("\nB: 2");
  expect(last).toHaveLength(2);
  expect(last[0]?.value).toBe("one\r\ntwo\r\nA: 1\nB: 2");
});

test("a message is shown at its cell", async () => {
  renderInShell(<Editor start={two} errors={{ "headers.1.name": "This name is set by Auth Type." }} />);
  expect(named("Header Name, row 2").getAttribute("aria-invalid")).toBe("true");
  expect(named("Header Name, row 1").getAttribute("aria-invalid")).not.toBe("true");
  expect(screen.getByText("This name is set by Auth Type.")).toBeTruthy();
  expect(await axeFindings()).toEqual([]);
});

test("read-only rows offer nothing to press", () => {
  renderInShell(<Editor start={two} readOnly />);
  expect(screen.queryAllByRole("button")).toEqual([]);
});

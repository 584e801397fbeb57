import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { axeFindings, renderInShell } from "../testing/render";
import { user } from "../testing/user";
import { SecretInput, type SecretValue } from "./SecretInput";

let last: SecretValue;
function Field({ start, ...rest }: { start: SecretValue; readOnly?: boolean; error?: string }) {
  const [value, setValue] = useState(start);
  last = value;
  return <SecretInput label="Password" value={value} onChange={setValue} {...rest} />;
}

test("a stored secret is replaced, never shown, and can be kept after all (A35)", async () => {
  renderInShell(<Field start={{ stored: true, typed: "" }} />);
  expect((screen.getByLabelText("Password") as HTMLInputElement).value).toBe("•••••••• stored");
  await user.click(screen.getByRole("button", { name: "Replace Password" }));
  const field = screen.getByLabelText("Password") as HTMLInputElement;
  expect(document.activeElement).toBe(field);
  expect(field.type).toBe("password");
  await user.keyboard("n3w");
  expect(last).toEqual({ stored: true, typed: "n3w" });
  await user.click(screen.getByRole("button", { name: "Keep the stored one" }));
  expect(last).toEqual({ stored: true, typed: "" });
  expect((screen.getByLabelText("Password") as HTMLInputElement).value).toBe("•••••••• stored");
});

test("what is typed can be looked at while typing", async () => {
  renderInShell(<Field start={{ stored: false, typed: "" }} />);
  await user.type(screen.getByLabelText("Password"), "s3cret");
  await user.click(screen.getByRole("button", { name: "Show Password while typing" }));
  expect((screen.getByLabelText("Password") as HTMLInputElement).type).toBe("text");
  expect(await axeFindings()).toEqual([]);
});

const pem = "-----BEGIN KEY-----\r\nMII=: B\r\n-----END KEY-----\r\n";

test("a secret of several lines keeps its line ends, masked, while it is pasted and edited (A35)", async () => {
  renderInShell(<Field start={{ stored: false, typed: "" }} />);
  await user.click(screen.getByLabelText("Password"));
  await user.paste(pem);
  expect(last.typed).toBe(pem);
  const field = screen.getByLabelText<HTMLTextAreaElement>("Password");
  expect(field.tagName).toBe("TEXTAREA");
  expect(document.activeElement).toBe(field);
  expect(field.className).toContain("masked");
  field.setSelectionRange(0, 0);
  await user.keyboard("x{Enter}");
  expect(last.typed).toBe(`x\r\n${pem}`);
  await user.click(screen.getByRole("button", { name: "Show Password while typing" }));
  expect(screen.getByLabelText("Password").className).not.toContain("masked");
  expect(await axeFindings()).toEqual([]);
  await user.clear(screen.getByLabelText("Password"));
  expect(screen.getByLabelText<HTMLInputElement>("Password").tagName).toBe("INPUT");
  expect(document.activeElement).toBe(screen.getByLabelText("Password"));
});

test("the line end of a copied line is left out, and blanks around a secret are named", async () => {
  renderInShell(<Field start={{ stored: false, typed: "" }} />);
  await user.click(screen.getByLabelText("Password"));
  await user.paste("TOKEN\r\n");
  expect(last.typed).toBe("TOKEN");
  expect(screen.queryByRole("status")).toBeNull();
  await user.keyboard(" ");
  expect(last.typed).toBe("TOKEN ");
  expect(screen.getByRole("status").textContent).toBe("There are blanks around it.");
});

test("read-only offers no Replace; an error is shown at the field", () => {
  const { unmount } = renderInShell(<Field start={{ stored: true, typed: "" }} readOnly />);
  expect(screen.queryByRole("button")).toBeNull();
  unmount();
  renderInShell(<Field start={{ stored: true, typed: "" }} error="Enter it again: the host changed." />);
  expect(screen.getByText("Enter it again: the host changed.")).toBeTruthy();
});

test("a secret that can no longer be read is asked for at once, and cannot be kept", async () => {
  renderInShell(<Field start={{ stored: true, typed: "", unreadable: true }} />);
  screen.getByText(/can no longer be read/);
  expect(screen.queryByRole("button", { name: /Replace|Keep/ })).toBeNull();
  await user.type(screen.getByLabelText("Password"), "new");
  expect(screen.queryByText(/can no longer be read/)).toBeNull();
  expect(screen.queryByRole("button", { name: /Keep/ })).toBeNull();
});

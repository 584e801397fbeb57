import { configure, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { faultLine } from "../../testing/bridge";
import { fill, user } from "../../testing/user";
import { type Draft, emptyDraft, type Source } from "./draft";
import { choose, fakeOffice, open, selector } from "./testing/kit";

configure({ defaultHidden: true });

const read = {
  id: "p1",
  dialect: "posix",
  made: [{ what: "Bearer Token", at: "auth.token", why: "" }],
  not_carried: [{ what: "-k", at: "", why: "TLS checks cannot be switched off by a pasted line." }],
  secrets: ["auth.token"],
};

test("Paste an example: shown before it is used, and its secrets come from the backend", async () => {
  const draft = emptyDraft();
  const go = fakeOffice({
    "Setup.Paste": (input: unknown) => {
      if ((input as { line: string }).line.startsWith("wget")) {
        throw faultLine("invalid", "curl.not_curl", "This is not a curl line.", {
          hint: "Copy the line that starts with curl.",
        });
      }
      return {
        ...read,
        draft: {
          ...draft,
          request: {
            ...draft.request,
            url: "https://api.example.com/v1/messages",
            auth: {
              ...draft.request.auth,
              type: "bearer",
              token: { plain: "", secret: true, stored: true, typed: "" },
            },
          },
        },
      };
    },
  });
  open("/setups/new");
  await waitFor(() => selector("Process"));
  await choose("Process", "Orders");
  await user.click(screen.getByRole("button", { name: "Paste an example" }));
  const field = await screen.findByLabelText("Example from the provider's help page");
  await fill(field, "wget https://api.example.com");
  await user.click(screen.getByRole("button", { name: "Read" }));
  await screen.findByText(/This is not a curl line. Copy the line that starts with curl./);
  await fill(field, "curl -k https://api.example.com/v1/messages -H 'Authorization: Bearer x'");
  await user.click(screen.getByRole("button", { name: "Read" }));
  await screen.findByText("Changed or not carried over");
  await screen.findByText(/TLS checks cannot be switched off/);
  await user.click(screen.getByRole("button", { name: "Use it" }));
  await waitFor(() =>
    expect((screen.getByRole("textbox", { name: /API URL/ }) as HTMLInputElement).value).toBe(
      "https://api.example.com/v1/messages",
    ),
  );
  // The place chosen before stays, and leaving what was pasted asks first.
  expect(selector("Process").value).toBe("Orders");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.click(await screen.findByRole("button", { name: "Stay" }));
  await user.click(screen.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(go.inputs("Setup.Create")).toHaveLength(1));
  const sent = go.inputs("Setup.Create")[0] as { draft: Draft; copy_of: Source };
  expect(sent.copy_of).toEqual({ setup_id: "", paste_id: "p1" });
  expect(sent.draft.request.auth.token).toEqual({ plain: "", secret: true, stored: true, typed: "" });
});

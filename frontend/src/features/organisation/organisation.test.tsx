import { IconSettings } from "@tabler/icons-react";
import { act, render, screen, waitFor } from "@testing-library/react";
import { lazy } from "react";
import { expect, test } from "vitest";
import type { Permission } from "../../bridge/operation";
import { makeClient } from "../../bridge/query";
import { Boot } from "../../shell/Boot";
import { entries } from "../../shell/entries";
import { Providers } from "../../shell/Providers";
import { fakeDoor, fakeGo, faultLine, lateAnswer, signedIn } from "../../testing/bridge";
import { axeFindings } from "../../testing/render";
import { user } from "../../testing/user";

const office = {
  installation_id: "i",
  name: "Asha Clinic",
  country: "IN",
  time_zone: "Asia/Kolkata",
  idle_minutes: 15,
  created_ms: 0,
  version: 3,
};
const secrets = {
  open: true,
  protection: "keyring",
  keyring: "GNOME Keyring",
  reason: "ok",
  message: "",
  hint: "",
  unreadable: 0,
};
const begun = { start_id: "s1", recovery_code: "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-23W9" };

/** The shell with Settings as its only screen, for somebody with these rights. */
function open(
  at: string,
  answers: Parameters<typeof fakeGo>[0] = {},
  rights: Permission[] = ["settings.manage"],
  isOrgAdmin = true,
) {
  window.location.hash = at;
  const stored = { organisation: office, secrets };
  const go = fakeGo({
    "Organisation.Settings": () => ({ phase: "open", ...stored }),
    "Organisation.SaveSettings": (input: object) => {
      stored.organisation = { ...stored.organisation, ...input, version: stored.organisation.version + 1 };
      return stored.organisation;
    },
    "Window.State": () => ({ version: "1.2.3", data_folder: "/home/asha/.local/share/keydesk", phase: "open" }),
    ...answers,
  });
  const who = signedIn(rights, { organisation: "Asha Clinic" });
  const door = fakeDoor({ ...who, user: { ...who.user, is_org_admin: isOrgAdmin } });
  render(
    <Providers client={makeClient()} env="test">
      <Boot
        door={door}
        gates={{ Locked: () => <p>locked</p> }}
        entries={[
          {
            path: "/settings",
            group: "Settings",
            label: "Settings",
            icon: IconSettings,
            needs: "settings.manage",
            screen: lazy(() => import(".")),
          },
        ]}
      />
    </Providers>,
  );
  return { go, door, stored };
}

const press = async (name: string) => user.click(await screen.findByRole("button", { name }));
const type = async (label: string, text: string) => {
  const field = await screen.findByLabelText(label, { selector: "input" });
  await user.clear(field);
  await user.paste(text);
};
const shown = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { selector: "input" }).value;

test("Settings is in the navigation for people who may see one of its entries", () => {
  expect(entries.find((entry) => entry.path === "/settings")).toMatchObject({
    group: "Settings",
    needs: ["settings.manage", "apikey.view"],
  });
});

test("without the right the screen is not there and nothing is asked", async () => {
  const { go } = open("/settings", {}, []);
  await screen.findByText("There is nothing here for you to see.");
  expect(go.inputs("Organisation.Settings")).toEqual([]);
});

test("the organisation is changed with the version that was read; the window's name follows", async () => {
  const { go, door } = open("/settings");
  const field = await screen.findByLabelText("Organisation", { selector: "input" });
  expect((field as HTMLInputElement).value).toBe("Asha Clinic");
  expect(shown("Country")).toBe("India");
  expect(await axeFindings()).toEqual([]);
  await type("Organisation", "Asha & Sons");
  door.session = { ...door.session, organisation: "Asha & Sons" };
  await press("Save settings");
  await screen.findByText("The settings are saved.");
  await screen.findByTitle("Asha & Sons");
  expect(go.inputs("Organisation.SaveSettings")).toEqual([
    { name: "Asha & Sons", country: "IN", time_zone: "Asia/Kolkata", idle_minutes: 15, version: 3 },
  ]);
  // A second save sends the new version.
  await type("Organisation", "Asha Clinic");
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(go.inputs("Organisation.SaveSettings")).toHaveLength(2));
  expect(go.inputs("Organisation.SaveSettings")[1]).toMatchObject({ version: 4 });
});

test("a stale save says so, keeps what was typed, and Reload shows the saved values", async () => {
  const { go, stored } = open("/settings/organisation", {
    "Organisation.SaveSettings": () => {
      throw faultLine("conflict", "organisation.stale", "Someone else changed these settings meanwhile.", {
        hint: "Reload.",
      });
    },
  });
  await type("Organisation", "Mine");
  await press("Save settings");
  await screen.findByText("Someone else changed these settings meanwhile.");
  stored.organisation = { ...office, name: "Theirs", version: 4 };
  act(() => go.emit("changed", "organisation"));
  await waitFor(() => expect(go.inputs("Organisation.Settings").length).toBeGreaterThan(1));
  expect(shown("Organisation")).toBe("Mine");
  await press("Reload");
  await waitFor(() => expect(shown("Organisation")).toBe("Theirs"));
  expect(screen.queryByText(/Someone else changed/)).toBeNull();
});

test("leaving an unsaved tab asks", async () => {
  open("/settings");
  await type("Organisation", "Mine");
  await user.click(screen.getByRole("tab", { name: "About" }));
  await press("Stay");
  expect(shown("Organisation")).toBe("Mine");
});

test("A07: the idle lock is set, refused at its input, and the password changed with the old one", async () => {
  const { go } = open("/settings/security", { "User.ChangePassword": () => ({}) });
  await type("Lock after minutes without input", "5");
  await press("Save settings");
  await waitFor(() =>
    expect(go.inputs("Organisation.SaveSettings")).toMatchObject([{ idle_minutes: 5, name: "Asha Clinic" }]),
  );
  go.answer("Organisation.SaveSettings", () => {
    throw faultLine("invalid", "keydesk.invalid", "No.", {
      fields: [{ name: "idle_minutes", message: "This is more than 120." }],
    });
  });
  await type("Lock after minutes without input", "120");
  await press("Save settings");
  await screen.findByText("This is more than 120.");

  await press("Change my password");
  await type("Current password", "old one of mine");
  await type("New password", "seven quiet lanterns");
  await type("New password again", "seven quiet lantern");
  await press("Change password");
  await screen.findByText("The two do not match.");
  expect(go.inputs("User.ChangePassword")).toEqual([]);
  await type("New password again", "seven quiet lanterns");
  await press("Change password");
  await screen.findByText("Your password is changed.");
  expect(go.inputs("User.ChangePassword")).toEqual([
    { old_password: "old one of mine", new_password: "seven quiet lanterns" },
  ]);
});

const needed = () => {
  throw faultLine("forbidden", "access.password_needed", "Enter your password once more for this.");
};

test("G8: only an Org Admin finds the button that changes the data key; others read who can", async () => {
  open("/settings/secrets", {}, ["settings.manage"], false);
  await screen.findByText("Only an Org Admin can change it.");
  expect(screen.queryByRole("button", { name: "Change the data key" })).toBeNull();
});

test("the data key changes after the password and the new code's last four", async () => {
  let confirmed = false;
  const { go } = open("/settings/secrets", {
    "Organisation.ChangeKey": () => (confirmed ? begun : needed()),
    "User.ConfirmPassword": () => {
      confirmed = true;
      return {};
    },
    "Organisation.ConfirmChange": () => {
      throw faultLine("invalid", "organisation.last_four", "No.", {
        fields: [{ name: "last_four", message: "These are not the last four characters of the recovery code." }],
      });
    },
  });
  await screen.findByText(/kept in GNOME Keyring/);
  await press("Change the data key");
  await press("Next");
  await type("Password", "my own password");
  await press("Continue");
  expect((await screen.findByRole("status", { name: "Recovery code" })).textContent).toBe(begun.recovery_code);
  expect(go.inputs("User.ConfirmPassword")).toEqual([{ password: "my own password" }]);
  expect(go.inputs("Organisation.ChangeKey")).toEqual([{ passphrase: "" }, { passphrase: "" }]);
  await type("Last four characters", "XXXX");
  await user.keyboard("{Enter}");
  await screen.findByText("These are not the last four characters of the recovery code.");
  go.answer("Organisation.ConfirmChange", () => ({ phase: "open", organisation: office, secrets }));
  await type("Last four characters", "23W9");
  await user.keyboard("{Enter}");
  await screen.findByText(/Only the new recovery code works now/);
  await waitFor(() => expect(screen.queryByRole("status", { name: "Recovery code" })).toBeNull());
  expect(go.inputs("Organisation.ConfirmChange").at(-1)).toEqual({ start_id: "s1", last_four: "23W9" });
});

test("a change that met damaged secrets says how many have to be entered again", async () => {
  let unreadable = 0;
  open("/settings/secrets", {
    "Organisation.Settings": () => ({ phase: "open", organisation: office, secrets: { ...secrets, unreadable } }),
    "Organisation.ChangeKey": () => begun,
    "Organisation.ConfirmChange": () => {
      unreadable = 1;
      return { phase: "open", organisation: office, secrets: { ...secrets, unreadable } };
    },
  });
  await screen.findByText(/kept in GNOME Keyring/);
  expect(screen.queryByText(/entered again/)).toBeNull();
  await press("Change the data key");
  await press("Next");
  await type("Last four characters", "23W9");
  await user.keyboard("{Enter}");
  await screen.findByText("1 secret could not be opened when the data key was changed and has to be entered again.");
});

test("the new key can be put under a passphrase, typed twice", async () => {
  const { go } = open("/settings/secrets", { "Organisation.ChangeKey": () => begun });
  await press("Change the data key");
  await user.click(await screen.findByRole("radio", { name: /passphrase/ }));
  await type("New passphrase", "four words in a row");
  await type("New passphrase again", "four words");
  await press("Next");
  await screen.findByText("The two do not match.");
  expect(go.inputs("Organisation.ChangeKey")).toEqual([]);
  await type("New passphrase again", "four words in a row");
  await press("Next");
  await screen.findByRole("status", { name: "Recovery code" });
  expect(go.inputs("Organisation.ChangeKey")).toEqual([{ passphrase: "four words in a row" }]);
});

test("a cancelled question for the password changes nothing and says nothing", async () => {
  const { go } = open("/settings/secrets", { "Organisation.ChangeKey": needed });
  await press("Change the data key");
  await press("Next");
  await screen.findByLabelText("Password");
  await user.click(screen.getAllByRole("button", { name: "Cancel" }).at(-1) as HTMLElement);
  await waitFor(() => expect(screen.queryByLabelText("Password")).toBeNull());
  expect(screen.queryByText(/Enter your password once more/)).toBeNull();
  expect(screen.queryByRole("status", { name: "Recovery code" })).toBeNull();
  expect(go.inputs("Organisation.ChangeKey")).toHaveLength(1);
});

test("a lock takes the new recovery code off the screen", async () => {
  const { go, door } = open("/settings/secrets", { "Organisation.ChangeKey": () => begun });
  await press("Change the data key");
  await press("Next");
  await screen.findByRole("status", { name: "Recovery code" });
  door.session = { ...door.session, state: "locked" };
  act(() => go.emit("changed", "session"));
  await screen.findByText("locked");
  await waitFor(() => expect(document.body.textContent).not.toContain(begun.recovery_code));
});

test("About tells the version and the folder", async () => {
  open("/settings/about");
  await screen.findByText("Keydesk 1.2.3");
  expect(screen.getByText("/home/asha/.local/share/keydesk")).toBeTruthy();
});

test("S2: what is typed while the settings are saved stays, and is saved next", async () => {
  const late = lateAnswer();
  const { go } = open("/settings", {
    "Organisation.SaveSettings": late.answer((input: object) => ({ ...office, ...input, version: 4 })),
  });
  await type("Organisation", "Asha");
  await press("Save settings");
  await user.type(await screen.findByLabelText("Organisation", { selector: "input" }), " & Sons");
  late.arrive();
  await screen.findByText("The settings are saved.");
  expect(shown("Organisation")).toBe("Asha & Sons");
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(go.inputs("Organisation.SaveSettings")).toHaveLength(2));
  expect(go.inputs("Organisation.SaveSettings")[1]).toMatchObject({ name: "Asha & Sons", version: 4 });
  late.arrive();
});

import { act, render, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { makeClient } from "../../bridge/query";
import { noSession, type Session, windowSession } from "../../bridge/session";
import { Boot } from "../../shell/Boot";
import { bootScreens } from "../../shell/bootScreens";
import { Providers } from "../../shell/Providers";
import { type FakeBridge, fakeGo, faultLine, lateAnswer, signedIn } from "../../testing/bridge";
import { axeFindings } from "../../testing/render";
import { user } from "../../testing/user";

const good = "seven quiet lanterns";

/** The window with the real gates; `session` is what Go reports until a test changes it. */
function open(session: Partial<Session>, answers: Parameters<typeof fakeGo>[0] = {}) {
  const place = { now: { ...noSession, ...session } };
  const go = fakeGo({
    "Window.State": () => ({ phase: "open" }),
    "Window.Painted": () => null,
    "Session.State": () => place.now,
    "Organisation.Steps": () => [],
    ...answers,
  });
  render(
    <Providers client={makeClient()} env="test">
      <Boot door={windowSession} gates={bootScreens} entries={[]} />
    </Providers>,
  );
  return { go, become: (next: Partial<Session>) => Object.assign(place, { now: { ...noSession, ...next } }) };
}

const press = async (name: string | RegExp) => user.click(await screen.findByRole("button", { name }));
const type = async (label: string, text: string) => {
  const field = await screen.findByLabelText(label);
  await user.clear(field);
  await user.paste(text);
};
const value = (label: string) => screen.getByLabelText<HTMLInputElement>(label).value;
const title = (name: string) => screen.findByRole("heading", { level: 1, name });
const ready = signedIn([]);
const lines = (name: string, go: FakeBridge) => go.inputs(name);

const works = {
  works: true,
  name: "GNOME Keyring",
  message: "Secrets are kept in GNOME Keyring. Tried, works.",
  hint: "",
};
const fails = { works: false, name: "", message: "The keyring cannot be reached.", hint: "Start the keyring." };
const begun = { start_id: "s1", recovery_code: "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-23W9" };

/** Skips the ten seconds after which waiting can be cancelled. */
async function afterTenSeconds() {
  expect(screen.queryByRole("button", { name: "Cancel" })).toBeNull();
  await act(() => vi.advanceTimersByTimeAsync(10_000));
}

async function toSecrets() {
  await type("Organisation", "Asha Clinic");
  await press("Next");
  await type("User name", "asha");
  await type("Full name", "Asha Rao");
  await type("Password", good);
  await type("Password again", good);
  await press("Next");
  await title("Your secrets");
}

test("A07: first run creates the organisation with the keyring, the confirmed code and a starter tree", async () => {
  const { go, become } = open(
    { state: "first_run" },
    {
      "Organisation.TryKeyring": () => works,
      "Organisation.Begin": () => begun,
      "Organisation.Confirm": () => {
        become(ready);
        return {};
      },
      "Organisation.CreateStarter": () => ({}),
    },
  );
  await title("Welcome to Keydesk");
  expect(await axeFindings()).toEqual([]);
  // The keyring is not tried before the person goes on: its window would appear over an empty page.
  expect(lines("Organisation.TryKeyring", go)).toHaveLength(0);
  await toSecrets();
  await screen.findByText("Secrets are kept in GNOME Keyring. Tried, works.");
  expect(screen.queryByLabelText("Passphrase")).toBeNull();
  await press("Next");

  expect((await screen.findByRole("status", { name: "Recovery code" })).textContent).toBe(begun.recovery_code);
  expect(lines("Organisation.Begin", go)).toEqual([
    expect.objectContaining({ organisation: "Asha Clinic", user_name: "asha", full_name: "Asha Rao", password: good }),
  ]);
  expect(lines("Organisation.Begin", go)[0]).toMatchObject({
    passphrase: "",
    country: expect.stringMatching(/^[A-Z]{2}$/),
  });
  expect(await axeFindings()).toEqual([]);
  await type("Last four characters", "23W9");
  await press("Confirm");

  // The organisation exists, and the choice still comes first.
  await title("How do you want to start?");
  expect(lines("Organisation.Confirm", go)).toEqual([{ start_id: "s1", last_four: "23W9" }]);
  expect(lines("Organisation.TryKeyring", go)).toHaveLength(1);
  await press(/^Orders/);
  await screen.findByRole("navigation", { name: "Main" });
  expect(lines("Organisation.CreateStarter", go)).toEqual([{ tree: "orders" }]);
});

test("first run: an empty office creates no starter tree; the demo office opens in a separate window and the choice stays", async () => {
  const { go, become } = open(
    { state: "first_run" },
    {
      "Organisation.TryKeyring": () => works,
      "Organisation.Begin": () => begun,
      "Organisation.Confirm": () => {
        become(ready);
        return {};
      },
      "Window.OpenDemo": () => null,
    },
  );
  await toSecrets();
  await press("Next");
  await type("Last four characters", "23W9");
  await press("Confirm");
  await press(/^Look at the demo office/);
  await screen.findByText(/opens in a separate window/);
  expect(lines("Window.OpenDemo", go)).toHaveLength(1);
  await press(/^Empty office/);
  await screen.findByRole("navigation", { name: "Main" });
  expect(lines("Organisation.CreateStarter", go)).toEqual([]);
});

test("first run: without a keyring a passphrase is asked for, with the reason, and Try again tries", async () => {
  const { go } = open(
    { state: "first_run" },
    {
      "Organisation.TryKeyring": () => fails,
      "Organisation.Begin": () => begun,
    },
  );
  await toSecrets();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The keyring cannot be reached.");
  expect(alert.textContent).toContain("Start the keyring.");
  await press("Next");
  expect(await screen.findByText("Enter a passphrase.")).toBeTruthy();
  await type("Passphrase", "four words in a row");
  await type("Passphrase again", "four words in a raw");
  await press("Next");
  expect(lines("Organisation.Begin", go)).toEqual([]);
  await type("Passphrase again", "four words in a row");

  // Nothing is lost on the way back and forth.
  await press("Back");
  expect(value("User name")).toBe("asha");
  expect(value("Password again")).toBe(good);
  await press("Back");
  expect(value("Organisation")).toBe("Asha Clinic");
  await press("Next");
  await press("Next");
  expect(value("Passphrase again")).toBe("four words in a row");
  await press("Next");
  await title("Recovery code");
  expect(lines("Organisation.Begin", go)).toMatchObject([{ passphrase: "four words in a row" }]);

  await press("Back");
  go.answer("Organisation.TryKeyring", () => works);
  await press("Try again");
  await screen.findByText(/Tried, works/);
  await press("Next");
  await title("Recovery code");
  // The keyring works now: the passphrase is not used.
  expect(lines("Organisation.Begin", go)[1]).toMatchObject({ passphrase: "" });
});

test("first run: waiting for a keyring that does not answer can be cancelled after 10 s", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  open({ state: "first_run" }, { "Organisation.TryKeyring": () => new Promise(() => {}) });
  await toSecrets();
  expect(screen.queryByLabelText("Passphrase")).toBeNull();
  await afterTenSeconds();
  await press("Cancel");
  await screen.findByLabelText("Passphrase");
  expect(screen.getByRole("alert").textContent).toContain("has not answered yet");
});

test("first run: a refusal leads back to its input, and typing removes it", async () => {
  open(
    { state: "first_run" },
    {
      "Organisation.TryKeyring": () => works,
      "Organisation.Begin": () => {
        throw faultLine("invalid", "user.weak_password", "The password is too easy to guess.", {
          fields: [{ name: "password", message: "Many people use this password." }],
        });
      },
    },
  );
  await toSecrets();
  await press("Next");
  await title("You");
  expect(await screen.findByText("Many people use this password.")).toBeTruthy();
  await type("Password", "another good one");
  expect(screen.queryByText("Many people use this password.")).toBeNull();
});

test("first run: missing entries are reported before Go is asked; a message about the last four characters stays at its input", async () => {
  const { go } = open(
    { state: "first_run" },
    {
      "Organisation.TryKeyring": () => works,
      "Organisation.Begin": () => begun,
      "Organisation.Confirm": () => {
        throw faultLine("invalid", "organisation.last_four", "No.", {
          fields: [{ name: "last_four", message: "These are not the last four characters of the recovery code." }],
        });
      },
    },
  );
  await press("Next");
  expect(await screen.findByText("Enter a name.")).toBeTruthy();
  await type("Organisation", "Asha Clinic");
  await press("Next");
  await press("Next");
  expect(await screen.findByText("Enter a user name.")).toBeTruthy();
  expect(screen.getByText("Use at least 12 characters.")).toBeTruthy();
  await type("User name", "asha");
  await type("Password", good);
  await type("Password again", `${good}x`);
  await press("Next");
  expect(await screen.findByText("The two do not match.")).toBeTruthy();
  await type("Password again", good);
  await press("Next");
  await press("Next");
  await type("Last four characters", "XXXX");
  await press("Confirm");
  const field = await screen.findByLabelText("Last four characters");
  await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
  expect(go.inputs("Organisation.Confirm")).toHaveLength(1);
  expect(screen.queryByText("How do you want to start?")).toBeNull();
});

test("the recovery code is copied for a short time only, and saved where the person chooses", async () => {
  const { go } = open(
    { state: "first_run" },
    {
      "Organisation.TryKeyring": () => works,
      "Organisation.Begin": () => begun,
      "Window.Copy": () => null,
      "Window.SaveText": () => ({ saved: true, path: "/home/asha/code.txt" }),
    },
  );
  await toSecrets();
  await press("Next");
  await press("Copy code");
  await waitFor(() =>
    expect(go.inputs("Window.Copy")).toEqual([{ text: begun.recovery_code, clear_after_ms: 90_000 }]),
  );
  await press("Save to file");
  await screen.findByText(/home\/asha\/code.txt/);
  expect(go.inputs("Window.SaveText")).toMatchObject([{ text: expect.stringContaining(begun.recovery_code) }]);
});

const wrong = () => {
  throw faultLine("unauthenticated", "user.wrong_sign_in", "User name or password is wrong.");
};

test("A06: a wrong password opens nothing and does not tell which part was wrong; a right one opens", async () => {
  const { go, become } = open({ state: "signed_out", organisation: "Asha Clinic" }, { "User.SignIn": wrong });
  await title("Asha Clinic");
  expect(await axeFindings()).toEqual([]);
  await type("User name", "asha");
  await type("Password", "not the password");
  await press("Sign in");
  expect((await screen.findByRole("alert")).textContent?.trim()).toBe("User name or password is wrong.");
  expect(value("Password")).toBe("");
  expect(screen.queryByRole("navigation")).toBeNull();

  go.answer("User.SignIn", () => {
    become(ready);
    return {};
  });
  await type("Password", good);
  await user.keyboard("{Enter}");
  await screen.findByRole("navigation", { name: "Main" });
  expect(go.inputs("User.SignIn").at(-1)).toEqual({ name: "asha", password: good });
});

test("A07: the wait counts down, disables the button, and does not apply to another user", async () => {
  const { go } = open(
    { state: "signed_out" },
    {
      "User.SignIn": () => {
        throw faultLine("limited", "user.wait", "Too many wrong passwords. Try again in 2 seconds.", {
          hint: "Wait.",
          retry_after_ms: 2_000,
        });
      },
    },
  );
  await type("User name", "asha");
  await type("Password", "x");
  await press("Sign in");
  await screen.findByText(/Try again in 2 seconds/);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Sign in" }).disabled).toBe(true);
  await user.keyboard("{Enter}");
  expect(go.inputs("User.SignIn")).toHaveLength(1);
  await screen.findByText(/Try again in 1 second\b/, {}, { timeout: 3_000 });
  await waitFor(() => expect(screen.queryByText(/Try again/)).toBeNull(), { timeout: 3_000 });
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Sign in" }).disabled).toBe(false);

  await type("Password", "x");
  await press("Sign in");
  await screen.findByText(/Try again in 2 seconds/);
  await type("User name", "ravi");
  expect(screen.queryByText(/Try again/)).toBeNull();
});

test("A07: forgotten password, by recovery code; a mistyped code is reported at its input", async () => {
  const { go, become } = open(
    { state: "signed_out" },
    {
      "User.ForgotPassword": () => {
        throw faultLine("invalid", "vault.code_mistyped", "That recovery code has a typing mistake.");
      },
    },
  );
  await type("User name", "asha");
  await press("Forgot password");
  expect(value("User name")).toBe("asha");
  await type("Recovery code", "ABCD");
  await type("New password", good);
  await type("New password again", "other");
  await press("Set password and sign in");
  expect(go.inputs("User.ForgotPassword")).toEqual([]);
  await type("New password again", good);
  await press("Set password and sign in");
  await screen.findByText("That recovery code has a typing mistake.");
  expect(screen.getByLabelText("Recovery code").getAttribute("aria-invalid")).toBe("true");
  go.answer("User.ForgotPassword", () => {
    become(ready);
    return {};
  });
  await press("Set password and sign in");
  await screen.findByRole("navigation", { name: "Main" });
  expect(go.inputs("User.ForgotPassword").at(-1)).toEqual({ name: "asha", code: "ABCD", new_password: good });
});

const people = [
  { name: "asha", full_name: "Asha Rao", role: "org_admin", password: "asha-opens-the-desk" },
  { name: "vera", full_name: "Vera Lindt", role: "viewer", password: "vera-reads-the-desk" },
];

test("the demo office lists its people, fills them in, and keeps its banner", async () => {
  const { go } = open(
    { state: "signed_out", demo_users: people },
    {
      "Window.CloseDemo": () => null,
      "User.SignIn": wrong,
    },
  );
  const list = await screen.findByRole("region", { name: "People of the demo office" });
  expect(list.textContent).toContain("Org Admin");
  await user.click(within(list).getByRole("button", { name: /vera/ }));
  expect(value("User name")).toBe("vera");
  await press("Sign in");
  expect(go.inputs("User.SignIn")).toEqual([{ name: "vera", password: "vera-reads-the-desk" }]);
  await press("Back to my office");
  expect(go.inputs("Window.CloseDemo")).toHaveLength(1);
});

test("damaged data: the window is asked to open it for reading, and then shows what Go says of the session", async () => {
  const { go } = open(
    {},
    {
      "Session.State": () => {
        throw faultLine("unavailable", "store.corrupt", "The data file is damaged.");
      },
      "Window.State": () => ({
        phase: "failed",
        code: "store.corrupt",
        message: "The data file is damaged.",
        hint: "Keep a copy.",
        copies: [],
        readable: true,
      }),
    },
  );
  go.answer("Window.OpenForReading", () => {
    go.answer("Session.State", () => ({ ...noSession, state: "signed_out", reading_only: true }));
    return null;
  });
  await press("Open for reading");
  await screen.findByLabelText("User name");
  expect((await screen.findByRole("note")).textContent).toContain("open for reading only");
});

test.each(["unlock", "signed_out", "locked", "must_change"] as const)(
  "damaged data that is open for reading is spoken of on the screen of %s",
  async (state) => {
    open({ state, reading_only: true });
    expect((await screen.findByRole("note")).textContent).toContain("open for reading only");
  },
);

test("a real office lists nobody and has no banner", async () => {
  open({ state: "signed_out" });
  await screen.findByLabelText("User name");
  expect(screen.queryByRole("note")).toBeNull();
  expect(screen.queryByRole("region", { name: "People of the demo office" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Back to my office" })).toBeNull();
});

test("A07: the lock opens only with the same person's password, or somebody else signs in", async () => {
  const { go, become } = open(
    { ...ready, state: "locked" },
    {
      "User.Unlock": () => {
        throw faultLine("invalid", "user.wrong_password", "The password is wrong.", {
          fields: [{ name: "password", message: "The password is wrong." }],
        });
      },
    },
  );
  await title("Locked");
  expect(screen.queryByRole("navigation")).toBeNull();
  await type("Password", "not it");
  await press("Unlock");
  await screen.findByText("The password is wrong.");
  expect(value("Password")).toBe("");

  await press("Sign in as someone else");
  await screen.findByText(/What Asha Rao has not saved will be lost/);
  await press("Back to the locked screen");
  go.answer("User.Unlock", () => {
    become(ready);
    return {};
  });
  await type("Password", good);
  await press("Unlock");
  await screen.findByRole("navigation", { name: "Main" });
  expect(go.inputs("User.Unlock").at(-1)).toEqual({ password: good });
});

test("A07: a password given by an admin has to be changed before anything is shown; the alternative is to sign out", async () => {
  const { go, become } = open(
    { ...ready, state: "must_change" },
    {
      "User.SignOut": () => {
        become({ state: "signed_out" });
        return {};
      },
      "User.ChangePassword": () => {
        throw faultLine("invalid", "user.invalid", "Not taken.", {
          fields: [{ name: "new_password", message: "The new password is the old one." }],
        });
      },
    },
  );
  await title("Choose a password");
  expect(screen.queryByRole("navigation")).toBeNull();
  await type("Password you were given", "given to me by asha");
  await type("New password", good);
  await type("New password again", good);
  await press("Change password");
  await screen.findByText("The new password is the old one.");
  expect(go.inputs("User.ChangePassword")).toEqual([{ old_password: "given to me by asha", new_password: good }]);
  await press("Sign out");
  await screen.findByLabelText("User name");
});

const lost = {
  open: false,
  protection: "keyring",
  keyring: "GNOME Keyring",
  reason: "locked",
  message: "The keyring is locked.",
  hint: "Unlock it, then try again.",
  unreadable: 0,
};

test("unlock: the reason in words, the keyring again, or the recovery code; nothing else is shown", async () => {
  const { go, become } = open(
    { state: "unlock", organisation: "Asha Clinic", secrets: lost },
    {
      "Organisation.Unlock": () => {
        throw faultLine("unavailable", "keyring.denied", "The keyring refused.", { hint: "Allow it." });
      },
    },
  );
  await title("Unlock Asha Clinic");
  expect(await axeFindings()).toEqual([]);
  expect(screen.getByRole("alert").textContent).toContain("The keyring is locked.");
  expect(screen.queryByLabelText("Passphrase")).toBeNull();
  expect(screen.queryByRole("navigation")).toBeNull();
  await press("Try the keyring again");
  await screen.findByText("The keyring refused.");
  expect(screen.queryByText("The keyring is locked.")).toBeNull();
  expect(go.inputs("Organisation.Unlock")).toEqual([{ recovery_code: "", passphrase: "" }]);

  go.answer("Organisation.Unlock", () => {
    throw faultLine("invalid", "vault.code_wrong", "That recovery code is not the one of this office.");
  });
  await type("Recovery code", "AAAA");
  await press("Unlock with the recovery code");
  await screen.findByText("That recovery code is not the one of this office.");
  expect(screen.getByLabelText("Recovery code").getAttribute("aria-invalid")).toBe("true");
  go.answer("Organisation.Unlock", () => {
    become({ state: "signed_out" });
    return {};
  });
  await press("Unlock with the recovery code");
  await screen.findByLabelText("User name");
  expect(go.inputs("Organisation.Unlock").at(-1)).toEqual({ recovery_code: "AAAA", passphrase: "" });
});

test("unlock: under a passphrase it is asked for and the keyring is not", async () => {
  const { go } = open(
    { state: "unlock", secrets: { ...lost, protection: "passphrase" } },
    {
      "Organisation.Unlock": () => {
        throw faultLine("invalid", "vault.passphrase_wrong", "That is not the passphrase of this office.");
      },
    },
  );
  await type("Passphrase", "four words in a row");
  await press("Unlock");
  await screen.findByText("That is not the passphrase of this office.");
  expect(screen.getByLabelText("Passphrase").getAttribute("data-invalid")).toBe("true");
  expect(screen.queryByRole("button", { name: "Try the keyring again" })).toBeNull();
  expect(go.inputs("Organisation.Unlock")).toEqual([{ recovery_code: "", passphrase: "four words in a row" }]);
});

test("unlock: waiting for the keyring can be cancelled, and a late answer still unlocks", async () => {
  let answer: (value: unknown) => void = () => {};
  const { go, become } = open(
    { state: "unlock", secrets: lost },
    {
      "Organisation.Unlock": () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    },
  );
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await press("Try the keyring again");
  await waitFor(() => expect(go.inputs("Organisation.Unlock")).toHaveLength(1));
  await afterTenSeconds();
  await press("Cancel");
  await waitFor(() => expect(screen.queryByRole("button", { name: "Cancel" })).toBeNull());
  become({ state: "signed_out" });
  act(() => answer({}));
  await screen.findByLabelText("User name");
});

test("S2: a password typed again while the refusal is on its way is not taken away", async () => {
  const late = lateAnswer();
  open({ state: "signed_out" }, { "User.SignIn": late.answer(wrong) });
  await type("User name", "asha");
  await type("Password", "wrong one");
  await user.type(screen.getByLabelText("Password"), "{Enter}");
  const field = screen.getByLabelText<HTMLInputElement>("Password");
  await user.clear(field);
  await user.type(field, "the right");
  late.arrive();
  await screen.findByText(/wrong/);
  await user.keyboard(" one");
  expect(value("Password")).toBe("the right one");
});

test("S2: a late refusal does not take a person out of the field in which they type", async () => {
  const late = lateAnswer();
  open({ state: "signed_out" }, { "User.SignIn": late.answer(wrong) });
  await type("User name", "ash");
  await type("Password", "a password");
  await user.type(screen.getByLabelText("Password"), "{Enter}");
  screen.getByLabelText("User name").focus();
  late.arrive();
  await screen.findByRole("alert");
  await user.keyboard("a");
  expect(value("User name")).toBe("asha");
});

/** Questions above dialogs: every dialog that can be open, with every question that can be asked above it. */
import { IconUsers } from "@tabler/icons-react";
import { act, render, screen, waitFor } from "@testing-library/react";
import { lazy, type ReactNode, useState } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeClient } from "../bridge/query";
import type { SessionDoor } from "../bridge/session";
import { EntryDrawer } from "../features/activity/EntryDrawer";
import type { Entry as ActivityEntry } from "../features/activity/types";
import { AccessDrawer } from "../features/apikey/AccessDrawer";
import { CheckKey } from "../features/apikey/CheckKey";
import { EditKey } from "../features/apikey/EditKey";
import { FindLeaks } from "../features/apikey/FindLeaks";
import { GenerateKey } from "../features/apikey/GenerateKey";
import { KeyDrawer } from "../features/apikey/KeyDrawer";
import { secretManager } from "../features/apikey/menuPath";
import { ReplaceKey } from "../features/apikey/ReplaceKey";
import { TakeOver } from "../features/apikey/TakeOver";
import { key } from "../features/apikey/testing/kit";
import Locked from "../features/bootstrap/Locked";
import { CallDrawer } from "../features/call/CallDrawer";
import { Compare } from "../features/call/Compare";
import { SendOnce } from "../features/call/SendOnce";
import { aDetail } from "../features/call/testing/sample";
import { ChangeDataKey } from "../features/organisation/ChangeDataKey";
import { GiveCertificate } from "../features/organisation/GiveCertificate";
import { ImportDialog } from "../features/process/ImportDialog";
import { NameDialog } from "../features/process/NameDialog";
import { AddProvider } from "../features/provider/AddProvider";
import { HowToWrite } from "../features/provider/HowToWrite";
import { ProviderDrawer } from "../features/provider/ProviderDrawer";
import { DuplicateAnother } from "../features/setup/DuplicateAnother";
import { FromProvider } from "../features/setup/FromProvider";
import SetupScreens from "../features/setup/index";
import { MakeInPlace } from "../features/setup/MakeInPlace";
import { OldValue } from "../features/setup/OldValue";
import { PasteExample } from "../features/setup/PasteExample";
import { SeeChanges } from "../features/setup/SeeChanges";
import { TestAll } from "../features/setup/TestAll";
import { TestDrawer } from "../features/setup/TestDrawer";
import { TransferDialog } from "../features/setup/TransferDialog";
import { fakeOffice } from "../features/setup/testing/kit";
import { ResetPassword } from "../features/user/ResetPassword";
import { RoleDialog } from "../features/user/RoleDialog";
import { UserForm } from "../features/user/UserForm";
import type { User } from "../features/user/words";
import { type FakeBridge, fakeDoor, faultLine, signedIn } from "../testing/bridge";
import { user } from "../testing/user";
import { useConfirm } from "../ui";
import AlertList from "./AlertList";
import { AppearanceDialog } from "./AppearanceDialog";
import { Boot } from "./Boot";
import { ChangePassword } from "./ChangePassword";
import { EraseText } from "./EraseText";
import type { Entry } from "./entries";
import { Providers } from "./Providers";
import { useWithPassword } from "./password";
import { Screen } from "./Screen";

const nothing = () => {};
const person = { id: "u2", name: "Ravi", full_name: "", roles: [], active: true, version: 1 } as unknown as User;
const entry: ActivityEntry = {
  seq: 7,
  at_ms: 1,
  mono_ms: 1,
  actor_id: "user-1",
  actor: "Asha Rao",
  roles: "Org Admin",
  source: "window",
  op: "setup.update",
  outcome: "done",
  kind: "setup",
  object_id: "s1",
  object: "Order shipped, SMS",
  count: 1,
  before: "",
  after: "",
  erased: [],
  damaged: "",
};

/** The dialogs that a source file draws: the key is the file, the value opens one. */
const dialogs: Record<string, (close: () => void) => ReactNode> = {
  "features/activity/EntryDrawer.tsx": (onClose) => <EntryDrawer entry={entry} onClose={onClose} />,
  "features/apikey/AccessDrawer.tsx": (onClose) => <AccessDrawer onClose={onClose} />,
  "features/apikey/CheckKey.tsx": (onClose) => <CheckKey onOpen={nothing} onClose={onClose} />,
  "features/apikey/EditKey.tsx": (onClose) => <EditKey apiKey={key("k1")} menu={secretManager} onClose={onClose} />,
  "features/apikey/FindLeaks.tsx": (onClose) => <FindLeaks onOpen={nothing} onClose={onClose} />,
  "features/apikey/GenerateKey.tsx": (onClose) => <GenerateKey menu={secretManager} onClose={onClose} />,
  "features/apikey/KeyDrawer.tsx": (onClose) => <KeyDrawer id="k1" onDo={nothing} onOpen={nothing} onClose={onClose} />,
  "features/apikey/ReplaceKey.tsx": (onClose) => <ReplaceKey apiKey={key("k1")} onClose={onClose} />,
  "features/apikey/TakeOver.tsx": (onClose) => <TakeOver menu={secretManager} onClose={onClose} />,
  "features/call/CallDrawer.tsx": (onClose) => <CallDrawer id="c1" onClose={onClose} onCall={nothing} />,
  "features/call/Compare.tsx": (onClose) => <Compare detail={aDetail()} withId="c2" onClose={onClose} />,
  "features/call/SendOnce.tsx": (onClose) => <SendOnce onClose={onClose} />,
  "features/organisation/GiveCertificate.tsx": (onClose) => <GiveCertificate onClose={onClose} />,
  "features/organisation/ChangeDataKey.tsx": (onClose) => <ChangeDataKey byPassphrase={false} onClose={onClose} />,
  "features/process/ImportDialog.tsx": (onClose) => <ImportDialog onClose={onClose} />,
  "features/process/NameDialog.tsx": (onClose) => (
    <NameDialog naming={{ kind: "place", parent: null }} onClose={onClose} onMade={nothing} />
  ),
  "features/provider/AddProvider.tsx": (onClose) => <AddProvider onClose={onClose} onAdded={nothing} />,
  "features/provider/HowToWrite.tsx": (onClose) => <HowToWrite onClose={onClose} />,
  "features/provider/ProviderDrawer.tsx": (onClose) => <ProviderDrawer id="p1" onClose={onClose} />,
  "features/setup/DuplicateAnother.tsx": (onClose) => <DuplicateAnother onClose={onClose} onChoose={nothing} />,
  "features/setup/FromProvider.tsx": (onClose) => <FromProvider onClose={onClose} onChoose={nothing} />,
  "features/setup/MakeInPlace.tsx": (onClose) => (
    <MakeInPlace making={{ kind: "stage", placeId: "p", under: "" }} onClose={onClose} onMade={nothing} />
  ),
  "features/setup/OldValue.tsx": (onClose) => <OldValue name="Order shipped" texts={["old"]} onClose={onClose} />,
  "features/setup/PasteExample.tsx": (onClose) => <PasteExample onClose={onClose} onUse={nothing} />,
  "features/setup/SeeChanges.tsx": (onClose) => (
    <SeeChanges name="Twilio" changes={[]} onTake={nothing} onClose={onClose} />
  ),
  // The form's own drawer, which its key opens.
  "features/setup/SetupEditor.tsx": () => null,
  "features/setup/TestAll.tsx": (onClose) => <TestAll filter={{} as never} onClose={onClose} />,
  "features/setup/TestDrawer.tsx": (onClose) => <TestDrawer setupId="s1" onClose={onClose} />,
  "features/setup/TransferDialog.tsx": (onClose) => <TransferDialog onClose={onClose} />,
  "features/user/ResetPassword.tsx": (onClose) => <ResetPassword user={person} onClose={onClose} />,
  "features/user/RoleDialog.tsx": (onClose) => (
    <RoleDialog task={{ kind: "create", copy: null }} roles={[]} onClose={onClose} />
  ),
  "features/user/UserForm.tsx": (onClose) => <UserForm user={null} roles={[]} onClose={onClose} />,
  "shell/AlertList.tsx": (onClose) => <AlertList onClose={onClose} />,
  "shell/AppearanceDialog.tsx": (onClose) => <AppearanceDialog onClose={onClose} />,
  "shell/ChangePassword.tsx": (onClose) => <ChangePassword onClose={onClose} />,
  "shell/EraseText.tsx": (onClose) => <EraseText title="Erase a text" onClose={onClose} />,
  // Ctrl+K opens it.
  "shell/Palette.tsx": () => null,
};

/** What a locked window must not keep: its passwords, the recovery code, and keys. */
const closedByLock = [
  "features/apikey/CheckKey.tsx",
  "features/apikey/FindLeaks.tsx",
  "features/apikey/TakeOver.tsx",
  "features/organisation/ChangeDataKey.tsx",
  "features/organisation/GiveCertificate.tsx",
  "shell/ChangePassword.tsx",
  "shell/EraseText.tsx",
];

const sources = import.meta.glob<string>("../**/*.tsx", { query: "?raw", import: "default", eager: true });

test("every dialog is one of ui/Dialogs and is walked below (UI.md, Keys)", () => {
  const drawing: string[] = [];
  for (const [path, source] of Object.entries(sources)) {
    const file = path.startsWith("./") ? `shell/${path.slice(2)}` : path.slice(3);
    if (/\.test\.tsx$|^ui\//.test(file)) continue;
    const own = [...source.matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)].map((each) => each[1] ?? "").join();
    expect(own, file).not.toMatch(/\b(Modal|Drawer|Dialog)\b/);
    if (/<(Modal|Drawer|Spotlight)\b/.test(source) && file !== "shell/password.tsx") drawing.push(file);
  }
  expect(drawing.sort()).toEqual(Object.keys(dialogs).sort());
});

interface Asks {
  confirm: () => Promise<unknown>;
  password: () => Promise<unknown>;
}

let asks: Asks;
let go: FakeBridge;
let door: SessionDoor & { session: ReturnType<typeof signedIn> };
let closed = 0;

const rights = ["user.view", "setup.view", "setup.create", "setup.edit", "setup.test", "user.create"] as const;

beforeEach(() => {
  go = fakeOffice({
    "Organisation.Steps": () => [],
    "User.Touch": () => ({}),
    "User.ConfirmPassword": () => ({}),
    "User.Unlock": () => ({}),
  });
  closed = 0;
});
afterEach(() => {
  for (const portal of document.querySelectorAll("[data-portal]")) portal.remove();
});

function Opened({ dialog }: { dialog: (close: () => void) => ReactNode }) {
  const confirm = useConfirm();
  const withPassword = useWithPassword();
  const [open, setOpen] = useState(false);
  let refused = false;
  asks = {
    confirm: () => confirm({ question: "Delete it?", yes: "Delete", no: "Keep" }),
    password: () =>
      withPassword(async () => {
        if (refused) return;
        refused = true;
        throw faultLine("forbidden", "access.password_needed", "Enter your password to go on.");
      }).catch(nothing),
  };
  return (
    <Screen>
      <button type="button" onClick={() => setOpen(true)}>
        open it
      </button>
      {open &&
        dialog(() => {
          closed++;
          setOpen(false);
        })}
    </Screen>
  );
}

/** Opens one dialog in the office, with dialogs added to the document as in the window. */
async function openOne(file: string): Promise<HTMLElement> {
  door = fakeDoor(signedIn([...rights]));
  const inForm = file === "features/setup/SetupEditor.tsx";
  const screens: Entry[] = [
    {
      path: inForm ? "/setups" : "/users",
      group: "Office",
      label: "Users",
      icon: IconUsers,
      needs: "user.view",
      screen: lazy(async () => ({
        default: () => (
          <>
            <Opened dialog={dialogs[file] ?? (() => null)} />
            {inForm && <SetupScreens />}
          </>
        ),
      })),
    },
  ];
  location.hash = inForm ? "/setups/new" : "/users";
  render(
    <Providers client={makeClient()}>
      <Boot door={door} gates={{ Locked }} entries={screens} />
    </Providers>,
  );
  const button = await screen.findByText("open it");
  if (file === "shell/Palette.tsx") await user.keyboard("{Control>}k{/Control}");
  else if (inForm) {
    await screen.findByRole("textbox", { name: /^API URL/ });
    await user.keyboard("{Control>}{Enter}{/Control}");
  } else await user.click(button);
  return waitFor(() => {
    const dialog = document.querySelector<HTMLElement>("[data-portal] [role=dialog][aria-modal=true]");
    if (!dialog) throw new Error("no dialog yet");
    return dialog;
  });
}

const isInert = (element: Element) => element.closest("[inert]") !== null;
const zIndexOf = (dialog: Element) =>
  dialog.closest<HTMLElement>("[style*='--mb-z-index']")?.style.getPropertyValue("--mb-z-index");
const dialogCalled = (name: string | RegExp) => screen.findByRole("dialog", { name });

test.each(Object.keys(dialogs))("S1: above %s every question is on top and has the focus and Escape", async (file) => {
  const dialog = await openOne(file);
  expect(isInert(dialog)).toBe(false);
  await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));

  for (const [ask, name] of [
    ["confirm", "Delete it?"],
    ["password", "Your password"],
    // Once more: a question that was asked before the dialog opened must not stay below it.
    ["confirm", "Delete it?"],
  ] as const) {
    act(() => void asks[ask]());
    const question = await dialogCalled(name);
    expect(dialog.compareDocumentPosition(question) & Node.DOCUMENT_POSITION_FOLLOWING, name).toBeTruthy();
    expect(zIndexOf(question), name).toBe(zIndexOf(dialog));
    expect(isInert(question), name).toBe(false);
    expect(isInert(dialog), name).toBe(true);
    expect(isInert(document.querySelector("main") as Element)).toBe(true);
    await waitFor(() => expect(question.contains(document.activeElement), name).toBe(true));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(question.isConnected, name).toBe(false));
    expect(closed).toBe(0);
    expect(dialog.isConnected, name).toBe(true);
    expect(isInert(dialog), name).toBe(false);
    await waitFor(() => expect(dialog.contains(document.activeElement), name).toBe(true));
  }

  // The lock is above all, also above what is asked while it is there, and Escape does not open it.
  const open = door.session;
  door.session = { ...open, state: "locked" };
  act(() => go.emit("changed", "session"));
  const lock = (await screen.findByRole("heading", { name: "Locked" })).closest("[data-locked]") as HTMLElement;
  expect(isInert(lock)).toBe(false);
  const stays = !closedByLock.includes(file);
  expect(dialog.isConnected).toBe(stays);
  if (stays) expect(isInert(dialog)).toBe(true);
  act(() => void asks.password());
  const late = await waitFor(() => {
    const found = [...document.querySelectorAll("[role=dialog]")].find((each) =>
      /Your password/.test(each.textContent ?? ""),
    );
    if (!found) throw new Error("not asked");
    return found;
  });
  expect(isInert(late)).toBe(true);
  await user.keyboard("{Escape}");
  expect(late.isConnected).toBe(true);
  expect(lock.isConnected).toBe(true);
  door.session = open;
  act(() => go.emit("changed", "session"));
  await waitFor(() => expect(lock.isConnected).toBe(false));
  expect(isInert(late)).toBe(false);
  if (stays) expect(isInert(dialog)).toBe(true);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(late.isConnected).toBe(false));

  if (stays) {
    await user.keyboard("{Escape}");
    await waitFor(() => expect(dialog.isConnected).toBe(false));
  }
  expect(document.querySelector("[inert]")).toBeNull();
});

import { AccessDrawer } from "./AccessDrawer";
import { CheckKey } from "./CheckKey";
import { EditKey } from "./EditKey";
import { FindLeaks } from "./FindLeaks";
import { GenerateKey } from "./GenerateKey";
import { KeyDrawer } from "./KeyDrawer";
import type { MenuPath } from "./menuPath";
import { ReplaceKey } from "./ReplaceKey";
import { TakeOver } from "./TakeOver";
import type { Key } from "./types";

/** What a dialog above the list does. */
export type Doing =
  | { what: "create" | "takeOver" | "check" | "leaks" | "access" }
  | { what: "edit" | "replace"; key: Key };

interface KeyDialogsProps {
  menu: MenuPath;
  doing: Doing | null;
  openId: string;
  onDo: (doing: Doing | null) => void;
  onOpen: (id: string) => void;
  onCloseKey: () => void;
}

/** What is open above the list: the details of a key, and a dialog above them. */
export function KeyDialogs({ menu, doing, openId, onDo, onOpen, onCloseKey }: KeyDialogsProps) {
  const close = () => onDo(null);
  const toKey = (id: string) => {
    close();
    onOpen(id);
  };
  return (
    <>
      {openId && <KeyDrawer id={openId} onDo={onDo} onOpen={onOpen} onClose={onCloseKey} />}
      {doing?.what === "access" && <AccessDrawer onClose={close} />}
      {doing?.what === "create" && <GenerateKey menu={menu} onClose={close} />}
      {doing?.what === "takeOver" && <TakeOver menu={menu} onClose={close} />}
      {doing?.what === "check" && <CheckKey onOpen={toKey} onClose={close} />}
      {doing?.what === "leaks" && <FindLeaks onOpen={toKey} onClose={close} />}
      {doing?.what === "edit" && <EditKey apiKey={doing.key} menu={menu} onClose={close} />}
      {doing?.what === "replace" && <ReplaceKey apiKey={doing.key} onClose={close} />}
    </>
  );
}

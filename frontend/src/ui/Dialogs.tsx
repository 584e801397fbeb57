import { Drawer as BaseDrawer, Modal as BaseModal, type DrawerProps, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";

/** A dialog that is drawn only while it is open: when it goes, the focus is again where it was. */
export function Modal(props: ModalProps) {
  useFocusBack();
  return <BaseModal {...props} />;
}

/** A drawer that is drawn only while it is open: when it goes, the focus is again where it was. */
export function Drawer(props: DrawerProps) {
  useFocusBack();
  return <BaseDrawer {...props} />;
}

// Mantine remembers the place only where `opened` changes while the dialog is mounted.
function useFocusBack(): void {
  const [before] = useState(whereFocusIs);
  useEffect(
    () => () => {
      // What takes the focus by itself, as another screen or the next dialog, keeps it.
      setTimeout(() => {
        const now = document.activeElement;
        if (now !== null && now !== document.body) return;
        const place = before?.isConnected ? before : document.querySelector<HTMLElement>("main h1");
        place?.focus({ preventScroll: true });
      });
    },
    [before],
  );
}

/** What has the focus; for an entry of a menu, which closes with it, the button that opened the menu. */
function whereFocusIs(): HTMLElement | null {
  const now = document.activeElement;
  if (!(now instanceof HTMLElement) || now === document.body) return null;
  const menu = now.closest('[role="menu"]');
  return menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : now;
}

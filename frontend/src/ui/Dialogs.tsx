import { Drawer as BaseDrawer, Modal as BaseModal, type DrawerProps, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";

/** A dialog that is mounted only while it is open. When it closes, the focus goes back to where it was. */
export function Modal(props: ModalProps) {
  useFocusBack();
  return <BaseModal {...props} />;
}

/** A drawer that is mounted only while it is open. When it closes, the focus goes back to where it was. */
export function Drawer(props: DrawerProps) {
  useFocusBack();
  return <BaseDrawer {...props} />;
}

// Mantine gives the focus back only if `opened` changes while the dialog is mounted.
function useFocusBack(): void {
  const [before] = useState(whereFocusIs);
  useEffect(
    () => () => {
      // If something else has taken the focus, such as another screen or the next dialog, it keeps it.
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

/** The focused element; for an entry of a menu, the button that opened the menu, since the menu closes. */
function whereFocusIs(): HTMLElement | null {
  const now = document.activeElement;
  if (!(now instanceof HTMLElement) || now === document.body) return null;
  const menu = now.closest('[role="menu"]');
  return menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : now;
}

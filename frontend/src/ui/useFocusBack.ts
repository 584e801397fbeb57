import { useEffect, useState } from "react";
import { topDialog } from "./layers";

/** Gives the focus back to where it was before something opened, when that closes. */
export function useFocusBack(): void {
  const [before] = useState(whereFocusIs);
  useEffect(
    () => () => {
      // If something else has taken the focus, such as another screen or the next dialog, it keeps it.
      setTimeout(() => {
        const now = document.activeElement;
        if (now !== null && now !== document.body) return;
        const place = before?.isConnected && !before.closest("[inert]") ? before : null;
        place?.focus({ preventScroll: true });
        // A button that is disabled while it works cannot have the focus.
        if (place && document.activeElement === place) return;
        (topDialog() ?? document.querySelector<HTMLElement>("main h1"))?.focus({ preventScroll: true });
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

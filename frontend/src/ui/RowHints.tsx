import { Tooltip } from "@mantine/core";
import { type RefObject, useEffect, useState } from "react";

/** How long the pointer rests before a hint is shown, in milliseconds; as for every tool tip (shell/theme.ts). */
const restMs = 300;

interface RowHintsProps {
  /** Elements in it with `data-hint` have a tool tip. */
  within: RefObject<HTMLElement | null>;
}

/**
 * One tool tip for all buttons of a list. A separate one for each button has three components and several listeners:
 * with four buttons in a row they took half of the time that a list needs to render.
 */
export function RowHints({ within }: RowHintsProps) {
  const [over, setOver] = useState<HTMLElement | null>(null);
  const [opened, setOpened] = useState(false);

  useEffect(() => {
    const room = within.current;
    if (!room) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let hinted: HTMLElement | null = null;
    const point = (to: EventTarget | null) => {
      const next = to instanceof Element ? to.closest<HTMLElement>("[data-hint]") : null;
      if (next === hinted) return;
      hinted = next;
      clearTimeout(timer);
      setOpened(false);
      if (!next) return;
      setOver(next);
      timer = setTimeout(() => setOpened(true), restMs);
    };
    const onOver = (event: Event) => point(event.target);
    const onLeave = () => point(null);
    room.addEventListener("mouseover", onOver);
    room.addEventListener("mouseleave", onLeave);
    // After scrolling, another row is under the pointer.
    room.addEventListener("scroll", onLeave, { passive: true });
    return () => {
      clearTimeout(timer);
      room.removeEventListener("mouseover", onOver);
      room.removeEventListener("mouseleave", onLeave);
      room.removeEventListener("scroll", onLeave);
    };
  }, [within]);

  // Runs after each render of the list: the row may have been deleted or replaced by a search.
  useEffect(() => {
    if (over && !over.isConnected) setOver(null);
  });

  if (!over) return null;
  return <Tooltip key={over.dataset.hint} target={over} label={over.dataset.hint} opened={opened} />;
}

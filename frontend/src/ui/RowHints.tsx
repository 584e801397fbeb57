import { Tooltip } from "@mantine/core";
import { type RefObject, useEffect, useState } from "react";

/** How long the pointer rests before a hint shows, in milliseconds; the same as every tool tip's (shell/theme.ts). */
const restMs = 300;

interface RowHintsProps {
  /** In it, what carries `data-hint` is told about on hover. */
  within: RefObject<HTMLElement | null>;
}

/**
 * One tool tip for all buttons of a list. A tool tip of each button's own is three parts and a set of listeners: with
 * four buttons a row they took half of the time in which a list is drawn.
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
    // What stood beneath the pointer has moved on.
    room.addEventListener("scroll", onLeave, { passive: true });
    return () => {
      clearTimeout(timer);
      room.removeEventListener("mouseover", onOver);
      room.removeEventListener("mouseleave", onLeave);
      room.removeEventListener("scroll", onLeave);
    };
  }, [within]);

  // Drawn with the list each time: its row may be gone by now, deleted or replaced by a search.
  useEffect(() => {
    if (over && !over.isConnected) setOver(null);
  });

  if (!over) return null;
  return <Tooltip key={over.dataset.hint} target={over} label={over.dataset.hint} opened={opened} />;
}

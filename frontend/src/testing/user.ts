import { fireEvent } from "@testing-library/react";
import userEvent from "@testing-library/user-event";

/** A person at the keyboard and mouse, without pauses and without looking up a style of every element above a click. */
export const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });

/** Puts text into a field at once, where the single keys do not matter: each key draws the form again. */
export function fill(field: HTMLElement, text: string): void {
  fireEvent.change(field, { target: { value: text } });
}

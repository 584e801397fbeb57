import { fireEvent } from "@testing-library/react";
import userEvent from "@testing-library/user-event";

/** A person at the keyboard and mouse, without pauses and without checking the style of each ancestor at a click. */
export const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });

/** Sets a field's text at once, where single keys do not matter: each key would render the form again. */
export function fill(field: HTMLElement, text: string): void {
  fireEvent.change(field, { target: { value: text } });
}

import { useEffect, useRef } from "react";
import type { Fault } from "../../bridge/fault";

/**
 * After a refused save the focus goes to the first input with a message, but not out of an input in which the person
 * types. Returns the ref of the form.
 */
export function useFocusOnFault(fault: Fault | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!fault || document.activeElement?.matches("input:not([type=checkbox], [type=radio]), textarea")) return;
    // Mantine marks the input of a password on the box around it.
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-error] input')?.focus();
  }, [fault]);
  return form;
}

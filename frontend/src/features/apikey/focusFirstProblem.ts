/** Puts the focus in the first field with a message, once the messages are drawn. */
export function focusFirstProblem(within: HTMLElement | null): void {
  setTimeout(() => {
    within?.querySelector<HTMLElement>('[aria-invalid="true"], [data-problem] input, [data-problem] button')?.focus();
  });
}

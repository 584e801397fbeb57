async function browserCopy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

let defaultCopy = browserCopy;

/** Sets the function by which copy buttons reach the clipboard; called once by the shell. */
export function setCopy(copy: (text: string) => Promise<boolean>): void {
  defaultCopy = copy;
}

/** Copies text to the clipboard with the function that was set; false when it could not. */
export function copyByDefault(text: string): Promise<boolean> {
  return defaultCopy(text);
}

async function browserCopy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

let way = browserCopy;

/** Sets how every copy button reaches the clipboard; called once by the shell. */
export function setCopy(copy: (text: string) => Promise<boolean>): void {
  way = copy;
}

/** Puts text on the clipboard the way that was set; false when that did not work. */
export function copyByDefault(text: string): Promise<boolean> {
  return way(text);
}

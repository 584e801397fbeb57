import { useEffect } from "react";
import { useLocation, useSearch } from "wouter";

/**
 * Opens what the address asks for, as `/setups?do=import` does, and takes the word out of the address. So the palette
 * reaches a screen's dialogs without knowing the screen.
 */
export function useAsked(word: string, open: () => unknown): void {
  const query = useSearch();
  const [path, navigate] = useLocation();
  useEffect(() => {
    const params = new URLSearchParams(query);
    if (params.get("do") !== word) return;
    params.delete("do");
    const rest = params.toString();
    navigate(rest ? `${path}?${rest}` : path, { replace: true });
    open();
  }, [query, path, navigate, word, open]);
}

import { useEffect } from "react";
import { useLocation, useSearch } from "wouter";

/**
 * Does what the address asks for, as `/setups?import=1` opens the import, and takes the word out of the address. So one
 * screen or the palette begins something on another without knowing it. `run` gets what stands behind the word.
 */
export function useQueryAction(word: string, run: (value: string) => unknown): void {
  const query = useSearch();
  const [path, navigate] = useLocation();
  useEffect(() => {
    const params = new URLSearchParams(query);
    const value = params.get(word);
    if (!value) return;
    params.delete(word);
    const rest = params.toString();
    navigate(rest ? `${path}?${rest}` : path, { replace: true });
    run(value);
  }, [query, path, navigate, word, run]);
}

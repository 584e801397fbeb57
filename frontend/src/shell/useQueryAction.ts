import { useEffect } from "react";
import { useLocation, useSearch } from "wouter";

/**
 * Does what the address asks for, and removes the word from the address: `/setups?import=1` opens the import. So the
 * palette, or one screen, can begin something on another without importing it. `run` gets the word's value.
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

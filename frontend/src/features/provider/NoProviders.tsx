import { Button } from "@mantine/core";
import { provider } from "../../bridge/api";
import { Can } from "../../bridge/can";
import { EmptyState } from "../../ui";
import type { ListState } from "./listState";

interface NoProvidersProps {
  state: ListState;
  onClear: () => void;
  onAdd: () => void;
  onHow: () => void;
}

/** What is shown if there are no rows. Built-in providers always exist, so a search or filter hides them. */
export function NoProviders({ state, onClear, onAdd, onHow }: NoProvidersProps) {
  if (state.origin === "own" && !state.search && !state.channel) {
    return (
      <EmptyState
        title="No providers of your own yet."
        text="An API that is not built in becomes a choice in every setup with one file: one that somebody shared with you, or one you write."
      >
        <Can do={provider.Import}>
          <Button variant="default" onClick={onHow}>
            How to write one
          </Button>
          <Button variant="default" onClick={onAdd}>
            Add a provider
          </Button>
        </Can>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No provider matches." text="Shorten the search, or clear the search and the filters.">
      <Button variant="default" onClick={onClear}>
        Clear search and filters
      </Button>
    </EmptyState>
  );
}

import { Button } from "@mantine/core";
import { EmptyState } from "../../ui";
import type { MenuPath } from "./menuPath";

interface NoKeysProps {
  menu: MenuPath;
  /** What the list is limited to, if anything. */
  limited: "" | "filter" | "review";
  onCreate?: () => void;
  onClear: () => void;
}

export function NoKeys({ menu, limited, onCreate, onClear }: NoKeysProps) {
  if (limited === "review") {
    return (
      <EmptyState
        title="No key to review."
        text="Every key that can be used has an end and no more than it needs, and was used lately."
      >
        <Button variant="default" onClick={onClear}>
          Show all keys
        </Button>
      </EmptyState>
    );
  }
  if (limited === "filter") {
    return (
      <EmptyState title="No key matches." text="Shorten the search, or clear the search and the filters.">
        <Button variant="default" onClick={onClear}>
          Clear search and filters
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No API keys yet."
      text={
        onCreate
          ? "Make the first one for a system that is to send through Keydesk, such as your CRM."
          : "Someone with Can Create API Keys can make the first one."
      }
    >
      {onCreate && <Button onClick={onCreate}>{menu.create}</Button>}
    </EmptyState>
  );
}

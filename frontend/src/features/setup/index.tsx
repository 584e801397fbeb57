import { useReducer, useRef } from "react";
import { Route, Switch, useLocation, useSearch } from "wouter";
import { navigate } from "../../shell/location";
import { Screen } from "../../shell/Screen";
import { EmptyState } from "../../ui";
import { SetupForm } from "./SetupForm";
import { SetupList } from "./SetupList";

/** API Key Setup: the list and the form (UI.md, Form of a setup). */
export default function SetupScreens() {
  const [path] = useLocation();
  const copy = new URLSearchParams(useSearch()).get("copy") ?? "";
  // The setup that was just made: its form stays open under its new address, so that typing goes on.
  const made = useRef<{ id: string; copyOf: string } | null>(null);
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  if (path !== "/setups/new" && path !== `/setups/${made.current?.id}`) made.current = null;
  const form = (copyOf: string) => (
    <SetupForm
      key={`new ${copyOf}`}
      id=""
      copyOf={copyOf}
      onMade={(id) => {
        made.current = { id, copyOf };
        navigate(`/setups/${id}`, { replace: true, stays: true });
      }}
      onReload={() => {
        made.current = null;
        renderAgain();
      }}
    />
  );
  return (
    <Switch>
      <Route path="/setups" component={SetupList} />
      <Route path="/setups/new">{form(copy)}</Route>
      <Route path="/setups/:id">
        {({ id }) => (made.current?.id === id ? form(made.current.copyOf) : <SetupForm key={id} id={id} />)}
      </Route>
      <Route>
        <Screen>
          <EmptyState title="There is no such setup." text="Go back to API Key Setup and choose one there." />
        </Screen>
      </Route>
    </Switch>
  );
}

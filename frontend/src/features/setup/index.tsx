import { Route, Switch } from "wouter";
import { Screen } from "../../shell/Screen";
import { EmptyState } from "../../ui";
import { SetupForm } from "./SetupForm";
import { SetupList } from "./SetupList";

/** API Key Setup: the list and the form (UI.md, Form of a setup). */
export default function SetupScreens() {
  return (
    <Switch>
      <Route path="/setups" component={SetupList} />
      <Route path="/setups/new">
        <SetupForm key="new" id="" />
      </Route>
      <Route path="/setups/:id">{({ id }) => <SetupForm key={id} id={id} />}</Route>
      <Route>
        <Screen>
          <EmptyState title="There is no such setup." text="Go back to API Key Setup and choose one there." />
        </Screen>
      </Route>
    </Switch>
  );
}

import { Redirect, Route, Switch } from "wouter";
import { SetupForm } from "./SetupForm";
import { SetupList } from "./SetupList";

/** API Key Setup: the list and the form (product.md 6). */
export default function SetupScreens() {
  return (
    <Switch>
      <Route path="/setups" component={SetupList} />
      <Route path="/setups/new">
        <SetupForm key="new" id="" />
      </Route>
      <Route path="/setups/:id">{({ id }) => <SetupForm key={id} id={id} />}</Route>
      <Route>
        <Redirect to="/setups" replace />
      </Route>
    </Switch>
  );
}

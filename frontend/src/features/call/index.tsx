import { Route, Switch } from "wouter";
import { CallList } from "./CallList";

/** Calls: the history with the details of one beside it (product.md 6, Testing). */
export default function CallScreens() {
  return (
    <Switch>
      <Route path="/calls/:id">{({ id }) => <CallList openId={id} />}</Route>
      <Route>
        <CallList openId="" />
      </Route>
    </Switch>
  );
}

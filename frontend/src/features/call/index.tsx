import { Route, Switch } from "wouter";
import { CallList } from "./CallList";

/** Calls: the history with the details of one next to it (RULES.md, History). */
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

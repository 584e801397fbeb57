import { Route, Switch } from "wouter";
import { IntegrationPage } from "./IntegrationPage";
import { KeyList } from "./KeyList";
import { apiKeys, integration, secretManager } from "./menuPath";

/** The keys under each of their menu paths, `/…` the list and `/…/:id` with the details of one, and Integration. */
export default function KeyScreens() {
  return (
    <Switch>
      <Route path="/settings/integration">
        <IntegrationPage />
      </Route>
      {[secretManager, apiKeys, integration].map((menu) => (
        <Route key={menu.base} path={`${menu.base}/:id?`}>
          {({ id }) => <KeyList menu={menu} openId={id ?? ""} />}
        </Route>
      ))}
    </Switch>
  );
}

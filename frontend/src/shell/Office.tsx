import { Suspense, useEffect } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { may } from "../bridge/can";
import { reportPainted } from "../bridge/runtime";
import { type SessionDoor, useSession } from "../bridge/session";
import { EmptyState } from "../ui/EmptyState";
import { Waiting } from "../ui/Waiting";
import { DialogProviders } from "./DialogProviders";
import { ErrorBoundary } from "./ErrorBoundary";
import { type Entry, firstOf } from "./entries";
import { Frame } from "./Frame";
import { Screen } from "./Screen";

export interface OfficeProps {
  entries: Entry[];
  door: SessionDoor;
  onSession: () => void;
}

/** The open office: the frame with the screens that this person may see. */
export default function Office({ entries, door, onSession }: OfficeProps) {
  const { permissions } = useSession();
  const [path] = useLocation();
  const shown = entries.filter((entry) => [entry.needs].flat().some((right) => may(permissions, right)));
  const first = firstOf(shown);

  return (
    <DialogProviders>
      <Frame entries={shown} door={door} onSession={onSession}>
        <ErrorBoundary place={path}>
          <Suspense
            fallback={
              <Screen>
                <Waiting what="Opening the screen" />
              </Screen>
            }
          >
            <Arrival path={path} />
            <Switch>
              {shown.map((entry) => (
                <Route key={entry.path} path={`${entry.path}/*?`} component={entry.screen} />
              ))}
              <Route path="/">{first ? <Redirect to={first.path} replace /> : <Nothing />}</Route>
              <Route>
                <Nothing />
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </Frame>
    </DialogProviders>
  );
}

/** Reports which screen is shown. It is inside Suspense, so that it waits for the screen's code. */
function Arrival({ path }: { path: string }) {
  const [, screen = "", part = ""] = path.split("/");
  const word = part === "" || part === "new" ? part : "one";
  useEffect(() => reportPainted([screen, word].filter(Boolean).join("-") || "office"), [screen, word]);
  return null;
}

function Nothing() {
  return (
    <Screen>
      <EmptyState title="There is nothing here for you to see." text="An Org Admin can change what your role may do." />
    </Screen>
  );
}

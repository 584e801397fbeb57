import { Button } from "@mantine/core";
import { Suspense, useEffect, useState } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { may } from "../bridge/can";
import { reportPainted } from "../bridge/runtime";
import { type SessionDoor, useSession } from "../bridge/session";
import { ScreenHeader } from "../ui/ScreenHeader";
import { Waiting } from "../ui/Waiting";
import { DialogProviders } from "./DialogProviders";
import { ErrorBoundary } from "./ErrorBoundary";
import { byLength, type Entry, entryAt, firstOf } from "./entries";
import { Frame } from "./Frame";
import { Screen } from "./Screen";
import { refusedTabAt } from "./settingsTabs";

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
  // A person who may not see a screen but may see those under it is led to the first of them, as from Settings to API Keys.
  const under = !shown.some((entry) => entry.path === path) && shown.find((entry) => entry.path.startsWith(`${path}/`));
  const refusedTab = shown.some((entry) => entry.path === "/settings") ? refusedTabAt(path, permissions) : undefined;
  // The address may be the one of whoever sat here before.
  const [arrival, setArrival] = useState<string | null>(path);
  if (arrival !== null && arrival !== path) setArrival(null);

  const refuse = (refused: { label: string } | undefined) =>
    first && path === arrival ? <Redirect to={first.path} replace /> : <Nothing refused={refused} first={first} />;

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
              {refusedTab && <Route path={path}>{refuse(refusedTab)}</Route>}
              {byLength(shown).map((entry) => (
                <Route key={entry.path} path={`${entry.path}/*?`} component={entry.screen} />
              ))}
              {under && path !== "/" && (
                <Route path={path}>
                  <Redirect to={under.path} replace />
                </Route>
              )}
              <Route path="/">{first ? <Redirect to={first.path} replace /> : <Nothing />}</Route>
              <Route>{refuse(entryAt(entries, path))}</Route>
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

interface NothingProps {
  /** The screen or tab of this address, which the person may not see. */
  refused?: { label: string };
  /** The first screen that the person may see. */
  first?: Entry;
}

function Nothing({ refused, first }: NothingProps) {
  const title = !first
    ? "There is nothing here for you to see."
    : refused
      ? `Your role may not see ${refused.label}.`
      : "There is no screen at this address.";
  const text = refused || !first ? "An Org Admin can change what your role may do." : undefined;
  return (
    <Screen>
      <ScreenHeader title={title} subtitle={text}>
        {first && (
          <Button component={Link} href={first.path}>
            Go to {first.label}
          </Button>
        )}
      </ScreenHeader>
    </Screen>
  );
}

import { Kbd, Menu, UnstyledButton } from "@mantine/core";
import { IconKey, IconLock, IconLogout, IconSearch, IconTextSize, IconUserCircle } from "@tabler/icons-react";
import { type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { may } from "../bridge/can";
import { type SessionDoor, useSession } from "../bridge/session";
import { GuardContext } from "../ui/guard";
import { useNarrow } from "../ui/textSize";
import { AlertBell } from "./AlertBell";
import { AppearanceDialog } from "./AppearanceDialog";
import { screenActions } from "./actions";
import { ChangePassword } from "./ChangePassword";
import { DemoBanner } from "./DemoBanner";
import { type Entry, entryAt, groups, linesOf } from "./entries";
import styles from "./Frame.module.css";
import { GettingStarted, StepsContext } from "./GettingStarted";
import { LocalApiLine } from "./LocalApiLine";
import { navigate } from "./location";
import { Palette, type PaletteAction, palette } from "./Palette";
import { PausedBanner } from "./PausedBanner";
import { ReadingBanner } from "./ReadingBanner";

interface FrameProps {
  /** The entries this person may open. */
  entries: Entry[];
  door: SessionDoor;
  /** Reads the session again after it was locked or signed out. */
  onSession: () => void;
  children: ReactNode;
}

const isMac = navigator.userAgent.includes("Mac");

/** The window of the open office: the navigation on the left, the screen on the right. */
export function Frame({ entries, door, onSession, children }: FrameProps) {
  const session = useSession();
  const [path] = useLocation();
  const here = entryAt(entries, path);
  const [changing, setChanging] = useState(false);
  const [looking, setLooking] = useState(false);
  const main = useRef<HTMLElement>(null);
  useFocusOnArrival(main, path);
  // With large text the navigation is longer than the window; the entry of the screen is in sight all the same.
  const entry = useRef<HTMLAnchorElement>(null);
  const shown = here?.path;
  useEffect(() => {
    if (shown !== undefined) entry.current?.scrollIntoView?.({ block: "nearest" });
  }, [shown]);

  const guards = useContext(GuardContext);
  const lock = useMemo(
    () => () =>
      void door
        .lock()
        .catch(() => {})
        .finally(onSession),
    [door, onSession],
  );
  const signOut = useMemo(
    () => async () => {
      // Signing out loses an unsaved form, unlike locking.
      if (await guards.ask()) await door.signOut().catch(() => {});
      onSession();
    },
    [door, guards, onSession],
  );
  const actions = useMemo<PaletteAction[]>(
    () => [
      ...screenActions
        .filter((action) => action.needs.every((right) => may(session.permissions, right)))
        .map(({ id, label, keywords, place }) => ({ id, label, keywords, run: () => navigate(place) })),
      {
        id: "appearance",
        label: "Appearance",
        keywords: ["dark", "light", "theme", "text size", "font"],
        run: () => setLooking(true),
      },
      { id: "change-password", label: "Change password", run: () => setChanging(true) },
      { id: "lock", label: "Lock now", run: lock },
      { id: "sign-out", label: "Sign out", keywords: ["log out", "leave"], run: () => void signOut() },
    ],
    [lock, signOut, session.permissions],
  );
  // The rail has no room for the steps, so they are above the screen.
  const narrow = useNarrow();
  const [stepsClosed, setStepsClosed] = useState(false);
  const stepsState = useMemo(() => ({ closed: stepsClosed, close: () => setStepsClosed(true) }), [stepsClosed]);
  const steps = shown !== "/dashboard" && <GettingStarted />;

  return (
    <StepsContext value={stepsState}>
      <div className={styles.frame}>
        <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
          Skip to the screen
        </button>
        <div className={styles.side}>
          <div className={styles.office} title={session.organisation}>
            {session.organisation || "Keydesk"}
          </div>
          <div className={styles.tools}>
            <UnstyledButton
              className={styles.palette}
              title={narrow ? "Go to or do" : undefined}
              onClick={palette.open}
            >
              <IconSearch size={16} aria-hidden />
              <span>Go to or do</span>
              <Kbd size="xs">{isMac ? "⌘K" : "Ctrl+K"}</Kbd>
            </UnstyledButton>
            <AlertBell />
          </div>
          <nav aria-label="Main" className={styles.nav}>
            {groups.map((group) => {
              const lines = linesOf(entries, group);
              if (lines.length === 0) return null;
              return (
                <section key={group} aria-labelledby={`nav-${group}`}>
                  <h2 id={`nav-${group}`} className={styles.group}>
                    {group}
                  </h2>
                  <ul>
                    {lines.map((line) => (
                      <li key={line.key}>
                        <Link
                          ref={line.entry && line.entry === here ? entry : undefined}
                          href={line.path}
                          className={styles.entry}
                          data-inset={line.inset || undefined}
                          aria-current={line.entry && line.entry === here ? "page" : undefined}
                        >
                          <line.icon size={18} stroke={1.75} />
                          <span>{line.label}</span>
                        </Link>
                      </li>
                    ))}
                  </ul>
                </section>
              );
            })}
          </nav>
          {!narrow && steps}
          <LocalApiLine />
          <Menu position="top-start" width={220}>
            <Menu.Target>
              <UnstyledButton className={styles.person} title={narrow ? session.user.name : undefined}>
                <IconUserCircle size={20} stroke={1.75} aria-hidden />
                <span>{session.user.name}</span>
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>
                <strong className={styles.whole}>{session.user.full_name || session.user.name}</strong>
                <span className={styles.whole}>{session.user.roles.join(", ")}</span>
              </Menu.Label>
              <Menu.Item leftSection={<IconTextSize size={16} />} onClick={() => setLooking(true)}>
                Appearance
              </Menu.Item>
              <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setChanging(true)}>
                Change password
              </Menu.Item>
              <Menu.Item leftSection={<IconLock size={16} />} onClick={lock}>
                Lock now
              </Menu.Item>
              <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
                Sign out
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
        <div className={styles.room}>
          <ReadingBanner />
          <DemoBanner />
          <PausedBanner />
          {narrow && steps}
          <main ref={main} className={styles.main} tabIndex={-1}>
            {children}
          </main>
        </div>
        {looking && <AppearanceDialog onClose={() => setLooking(false)} />}
        {changing && <ChangePassword onClose={() => setChanging(false)} />}
        <Palette entries={entries} actions={actions} />
      </div>
    </StepsContext>
  );
}

/**
 * After a change of screen, moves the focus to the title, so that a screen reader reads it and Tab continues from
 * there. It does nothing if the screen has moved the focus itself, and waits while a dialog is open.
 */
function useFocusOnArrival(main: React.RefObject<HTMLElement | null>, path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    let tries = 0;
    const look = () => {
      const room = main.current;
      if (!room) return;
      const focused = document.activeElement;
      if (focused && focused !== room && room.contains(focused) && focused.tagName !== "H1") return;
      const again = () => {
        if (tries++ < 40) timer = setTimeout(look, 50);
      };
      if (focused?.closest("[role=dialog]")) return again();
      // While the next screen loads, the previous one is still there, hidden.
      const titles = [...room.querySelectorAll<HTMLElement>("h1[tabindex]")];
      const title = titles.find((each) => !isHidden(each, room));
      if (title) title.focus({ preventScroll: true });
      // A screen that is still being loaded has no title yet.
      else again();
    };
    let timer = setTimeout(look, 0);
    return () => clearTimeout(timer);
  }, [path, main]);
}

function isHidden(element: HTMLElement, room: HTMLElement): boolean {
  for (let each: HTMLElement | null = element; each && each !== room; each = each.parentElement) {
    if (each.style.display === "none") return true;
  }
  return false;
}

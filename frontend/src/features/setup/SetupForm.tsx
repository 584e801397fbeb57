import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { Screen } from "../../shell/Screen";
import { EmptyState, ErrorState, FormSkeleton, Waiting } from "../../ui";
import { DuplicateAnother } from "./DuplicateAnother";
import { emptyDraft, noSource, type Source } from "./draft";
import { FromProvider } from "./FromProvider";
import { PasteExample } from "./PasteExample";
import { SetupEditor } from "./SetupEditor";

interface SetupFormProps {
  /** The setup edited; "" makes a new one. */
  id: string;
  /** The setup that a new one begins as a copy of. */
  copyOf?: string;
  /** A new setup was created, and the form stays open with it. */
  onMade?: (id: string) => void;
  /** Reads the setup made here, and replaces what was entered. */
  onReload?: () => void;
}

/** The form, once what it starts from has been read: nothing, the setup edited, or the one copied. */
export function SetupForm({ id, copyOf = "", onMade, onReload }: SetupFormProps) {
  const from = id || copyOf;
  const source = useMemo<Source>(() => ({ setup_id: from, paste_id: "" }), [from]);
  // A cached copy may be old, and its version would be refused, so the form starts from what is read now.
  const one = useQuery({
    ...read(setup.Get, { id: from }, { enabled: from !== "" }),
    gcTime: 0,
    staleTime: 0,
  });
  const [reloads, setReloads] = useState(0);
  const mayCreate = useCan(setup.Create);

  if (!id && !mayCreate) {
    return (
      <Screen>
        <EmptyState
          title="Your role may not create setups."
          text="Someone who manages Users & Roles can give you Can Create API Key Setup."
        >
          <Button component={Link} href="/">
            Go to your first screen
          </Button>
        </EmptyState>
      </Screen>
    );
  }
  if (!from) return <NewSetup onMade={onMade} onReload={onReload} />;
  if (one.error && !one.data) {
    return (
      <Screen>
        <ErrorState trouble={one.error} onRetry={() => one.refetch()} />
      </Screen>
    );
  }
  if (!one.data || !one.isFetchedAfterMount) {
    return (
      <Screen>
        <Waiting what="Reading the setup" skeleton={<FormSkeleton />} />
      </Screen>
    );
  }
  const found = one.data;
  if (!id) {
    const draft = { ...found.draft, name: found.draft.name && `${found.draft.name} (copy)` };
    return <SetupEditor source={source} start={{ draft, saved: null }} onMade={onMade} onReload={onReload} />;
  }
  return (
    <SetupEditor
      key={reloads}
      source={source}
      start={{ draft: found.draft, saved: found }}
      onReload={async () => {
        await one.refetch();
        setReloads((count) => count + 1);
      }}
    />
  );
}

/** An empty form, or one begun from a provider, a pasted example or another setup. */
function NewSetup({ onMade, onReload }: Pick<SetupFormProps, "onMade" | "onReload">) {
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState<"provider" | "paste" | "copy" | null>(null);
  const [start, setStart] = useState({ source: noSource, draft: emptyDraft(), baseline: emptyDraft() });
  const held = useRef(start.draft);
  const [chosen, setChosen] = useState<{ id: string; name: string }>();
  const close = () => setAsking(null);
  const mayView = useCan("setup.view");
  return (
    <>
      <SetupEditor
        key={start.source.paste_id}
        source={start.source}
        start={{ ...start, saved: null }}
        held={held}
        choose={chosen}
        onMade={onMade}
        onReload={onReload}
        strip={
          <>
            <Button variant="default" size="xs" onClick={() => setAsking("provider")}>
              From a provider
            </Button>
            <Button variant="default" size="xs" onClick={() => setAsking("paste")}>
              Paste an example
            </Button>
            {mayView && (
              <Button variant="default" size="xs" onClick={() => setAsking("copy")}>
                Duplicate another
              </Button>
            )}
          </>
        }
      />
      {asking === "provider" && (
        <FromProvider
          onClose={close}
          onChoose={({ id, name }) => {
            close();
            setChosen({ id, name });
          }}
        />
      )}
      {asking === "paste" && (
        <PasteExample
          onClose={close}
          onUse={(draft, pasteId) => {
            close();
            setChosen(undefined);
            // An example says nothing about the place, so what was already chosen stays.
            const { place_id, stage_id } = held.current;
            const source = { setup_id: "", paste_id: pasteId };
            setStart({ source, draft: { ...draft, place_id, stage_id }, baseline: emptyDraft() });
          }}
        />
      )}
      {asking === "copy" && (
        <DuplicateAnother onClose={close} onChoose={(id) => navigate(`/setups/new?copy=${encodeURIComponent(id)}`)} />
      )}
    </>
  );
}

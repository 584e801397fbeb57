import { Button } from "@mantine/core";
import { apikey, call, organisation, setup } from "../../bridge/api";
import { type Right, useCan } from "../../bridge/can";
import { usePause } from "../../shell/usePause";
import type { Item } from "./types";

interface Way {
  label: string;
  href: (id: string) => string;
  /** Who may do it; nobody else is offered it. */
  needs: Right[];
}

/** Where each is fixed. */
const ways: Record<string, Way> = {
  keys_unavailable: { label: "Open Secrets", href: () => "#/settings/secrets", needs: [organisation.Settings] },
  key_damaged: { label: "Open", href: (id) => `#/keys/${id}`, needs: [apikey.Delete] },
  key_expired: { label: "Replace …", href: (id) => `#/keys/${id}?replace=1`, needs: [apikey.Replace] },
  key_expiring: { label: "Replace …", href: (id) => `#/keys/${id}?replace=1`, needs: [apikey.Replace] },
  setup_unreadable: { label: "Enter it again", href: (id) => `#/setups/${id}`, needs: [setup.Update] },
  setup_failing: { label: "Test", href: (id) => `#/setups?test=${id}`, needs: [call.Test, "setup.view"] },
  local_api: { label: "Open Local API", href: () => "#/settings/local-api", needs: [organisation.SaveLocalAPI] },
  certificate: { label: "Open Local API", href: () => "#/settings/local-api", needs: [organisation.SaveLocalAPI] },
};

/** The button that fixes it, for people who may. */
export function Fix({ item }: { item: Item }) {
  if (item.kind === "sending_paused") return <GoOn />;
  const way = ways[item.kind];
  return way ? <Lead way={way} item={item} /> : null;
}

function Lead({ way, item }: { way: Way; item: Item }) {
  const may = useCan(...way.needs);
  if (!may) return null;
  return (
    <Button
      component="a"
      size="xs"
      variant="default"
      href={way.href(encodeURIComponent(item.id))}
      // Several lines have the same button.
      aria-label={item.name ? `${way.label} “${item.name}”` : undefined}
    >
      {way.label}
    </Button>
  );
}

function GoOn() {
  const sending = usePause();
  if (!sending) return null;
  return (
    <Button size="xs" variant="default" loading={sending.busy} onClick={sending.goOn}>
      Go on sending
    </Button>
  );
}

import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { apikey, process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { channelLabel } from "../../shell/channels";
import { BidiSafe, exactText, RelativeDate } from "../../ui";
import styles from "./ApiKey.module.css";
import { KeyStatus } from "./KeyStatus";
import { placeNames } from "./placeNames";
import type { Key } from "./types";
import { lastMoment } from "./words";

/** A key's status, times and grants, line by line. */
export function KeyAbout({ apiKey, onOpen }: { apiKey: Key; onOpen: (id: string) => void }) {
  const { grants } = apiKey;
  return (
    <dl className={styles.about}>
      <Line name="Key">
        <span className={styles.mask}>{apiKey.mask}</span>
        {apiKey.taken_over && " taken over from elsewhere"}
      </Line>
      <Line name="Status">
        <KeyStatus apiKey={apiKey} />
        {apiKey.revoked_ms > 0 && (
          <div>
            On {exactText(new Date(apiKey.revoked_ms))}, by <BidiSafe text={apiKey.ended_by} />
          </div>
        )}
        {apiKey.replaced_by && (
          <div>
            <Anchor component="button" type="button" inherit onClick={() => onOpen(apiKey.replaced_by)}>
              Open the key that replaces it
            </Anchor>
          </div>
        )}
        {apiKey.damaged && <div>It can no longer be checked, so it is refused. Delete it and make a new one.</div>}
      </Line>
      <Line name="Created">
        <RelativeDate at={new Date(apiKey.created_ms)} /> by <BidiSafe text={apiKey.creator} />
      </Line>
      <Line name="Expires">
        {apiKey.expires_ms > 0 ? <RelativeDate at={lastMoment(apiKey.expires_ms)} /> : "Never"}
      </Line>
      <Line name="Last used">
        {apiKey.last_used_ms > 0 ? <RelativeDate at={new Date(apiKey.last_used_ms)} /> : "Never"}
      </Line>
      <Line name="May do">
        {apiKey.full_access && "Full access, as of the day it was made:"}
        <Scopes scopes={grants.scopes} />
      </Line>
      <Line name="Where it may send">
        <Reach apiKey={apiKey} />
      </Line>
      <Line name="Live messages">
        {grants.live_per_day > 0
          ? `At most ${grants.live_per_day.toLocaleString("en-US")} a day`
          : "No limit of its own"}
      </Line>
      <Line name="Used from">
        {grants.sources.length > 0 ? <span className="mono">{grants.sources.join(", ")}</span> : "This computer alone"}
      </Line>
      <Line name="Requests">
        {grants.per_minute > 0
          ? `At most ${grants.per_minute.toLocaleString("en-US")} a minute`
          : "As many a minute as the office allows"}
      </Line>
    </dl>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Scopes({ scopes }: { scopes: string[] }) {
  const known = useQuery(read(apikey.Scopes, undefined)).data ?? [];
  return (
    <ul>
      {scopes.map((scope) => (
        <li key={scope}>{known.find((each) => each.scope === scope)?.label ?? scope}</li>
      ))}
    </ul>
  );
}

function Reach({ apiKey }: { apiKey: Key }) {
  const { places, channels } = apiKey.grants;
  const maySee = useCan(process.Tree);
  const tree = useQuery(read(process.Tree, undefined, { enabled: maySee && places.length > 0 })).data;
  const names = placeNames(tree?.places ?? []).filter((each) => places.includes(each.value));
  const unnamed = places.length - names.length;
  return (
    <>
      {places.length === 0 ? (
        <div>Every process</div>
      ) : (
        <ul>
          {names.map(({ value, label }) => (
            <li key={value}>
              <BidiSafe text={label} />
            </li>
          ))}
          {unnamed > 0 && tree && (
            <li>{unnamed === 1 ? "1 process that was deleted" : `${unnamed} processes that were deleted`}</li>
          )}
          {unnamed > 0 && !tree && <li>{places.length === 1 ? "1 process" : `${places.length} processes`}</li>}
        </ul>
      )}
      {channels.length > 0 && <div>Only {channels.map(channelLabel).join(", ")}</div>}
    </>
  );
}

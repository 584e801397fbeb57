import { Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { type model, organisation } from "../../bridge/api";
import { type Plain, read, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { ErrorState, FormSkeleton, useConfirm, Waiting, wholeNumber } from "../../ui";
import { type Document, useDocumentForm } from "./useDocumentForm";
import { useFocusOnFault } from "./useFocusOnFault";

type RetentionState = Plain<model.organisation.RetentionState>;

interface RetentionDraft {
  calls: number | string;
  access: number | string;
}

const documentOf = ({ retention, version }: RetentionState): Document<RetentionDraft> => ({
  value: retention,
  version,
});

const inputOf = ({ value, version }: Document<RetentionDraft>): RetentionState => ({
  retention: { calls: Number(value.calls) || 0, access: Number(value.access) || 0 },
  version,
});

/** How long calls and the access log are kept. */
export function Retention() {
  const { data, error, refetch } = useQuery(read(organisation.Retention, undefined));
  const reRead = useCallback(async () => {
    const fresh = (await refetch()).data;
    return fresh && documentOf(fresh);
  }, [refetch]);
  if (!data && error) return <ErrorState trouble={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting what="Reading how long things are kept" skeleton={<FormSkeleton />} />;
  return <RetentionForm state={data} reRead={reRead} />;
}

interface RetentionFormProps {
  state: RetentionState;
  reRead: () => Promise<Document<RetentionDraft> | undefined>;
}

function RetentionForm({ state, reRead }: RetentionFormProps) {
  const confirm = useConfirm();
  const form = useDocumentForm({
    stored: documentOf(state),
    reRead,
    saving: useMutation(write(organisation.SaveRetention)),
    inputOf,
    documentOf,
    what: "the retention",
    maySave: async (before, next) => {
      const shorter = shortened(before, next);
      if (shorter.length === 0) return true;
      return confirm({
        question: `Keep ${shorter.map(({ what, to, from }) => `${what} for ${daysText(to)} instead of ${from}`).join(", and ")}?`,
        consequence: "What is older is deleted within a day and cannot be brought back.",
        yes: "Shorten",
        no: "Keep as before",
        danger: true,
      });
    },
  });
  const { value, change, errorAt } = form;
  const box = useFocusOnFault(form.fault);
  return (
    <form
      ref={box}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      <Stack gap="md">
        {form.refusal && <FaultNote fault={form.refusal} onReload={() => void form.reload()} />}
        <Text c="dimmed">
          What is older is deleted within a day and can then no longer be found, fired again or exported. Activity keeps
          what people changed, whatever is set here.
        </Text>
        <NumberInput
          label="Keep live calls for days"
          description="1 to 3,650. Of tests, the last 1,000 of each setup are kept, whatever their age."
          {...wholeNumber}
          maw={420}
          value={value.calls}
          error={errorAt("calls", "retention.calls")}
          onChange={(calls) => change({ calls })}
        />
        <NumberInput
          label="Keep the access log for days"
          description="1 to 3,650. Every request with an API key, and how often each key was used."
          {...wholeNumber}
          maw={420}
          value={value.access}
          error={errorAt("access", "retention.access")}
          onChange={(access) => change({ access })}
        />
        <Group>
          <Button type="submit" loading={form.saving} disabled={!form.dirty}>
            Save settings
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface Shorter {
  what: string;
  from: number;
  to: number;
}

/** What is to be kept for a shorter time. A number that Go refuses loses nothing. */
function shortened(before: RetentionDraft, next: RetentionDraft): Shorter[] {
  const names: [keyof RetentionDraft, string][] = [
    ["calls", "live calls"],
    ["access", "the access log"],
  ];
  return names
    .map(([name, what]) => ({ what, from: Number(before[name]), to: Number(next[name]) || 0 }))
    .filter(({ from, to }) => to > 0 && to < from);
}

const daysText = (days: number) => (days === 1 ? "1 day" : `${days} days`);

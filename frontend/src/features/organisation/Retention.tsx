import { Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { type model, organisation } from "../../bridge/api";
import { type Plain, read, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { ErrorState, FormSkeleton, useConfirm, Waiting } from "../../ui";
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
      const lost = shortened(before, next);
      if (lost.length === 0) return true;
      return confirm({
        question: "Keep less?",
        consequence: `${lost.join(" ")} They are deleted within a day and cannot be brought back.`,
        yes: "Keep less",
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
          allowDecimal={false}
          allowNegative={false}
          hideControls
          clampBehavior="none"
          maw={420}
          value={value.calls}
          error={errorAt("calls", "retention.calls")}
          onChange={(calls) => change({ calls })}
        />
        <NumberInput
          label="Keep the access log for days"
          description="1 to 3,650. Every request with an API key, and how often each key was used."
          allowDecimal={false}
          allowNegative={false}
          hideControls
          clampBehavior="none"
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

/** What a shorter time loses, in sentences. A number that Go refuses loses nothing. */
function shortened(before: RetentionDraft, next: RetentionDraft): string[] {
  const less = (name: keyof RetentionDraft, what: string) => {
    const days = Number(next[name]) || 0;
    return days > 0 && days < Number(before[name])
      ? [`${what} older than ${days === 1 ? "1 day" : `${days} days`} go.`]
      : [];
  };
  return [...less("calls", "Live calls"), ...less("access", "Entries of the access log")];
}

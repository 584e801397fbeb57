import { type ComponentType, memo } from "react";
import { FormSection } from "../../ui";
import { ApiSection } from "./ApiSection";
import { AuthSection } from "./AuthSection";
import { CommunicationSection } from "./CommunicationSection";
import type { Auth, Draft, Field, SectionProps } from "./draft";
import { HeadersSection } from "./HeadersSection";
import { OptionsSection, OptionsSummary } from "./OptionsSection";
import { ParamsSection } from "./ParamsSection";
import { ProcessSection } from "./ProcessSection";
import { RuleSection, ruleSummary } from "./RuleSection";
import { anchorOf } from "./SetupEditor";
import { StageParamsSection } from "./StageParamsSection";
import type { Setup } from "./useSave";
import { type SectionKey, sectionTitles } from "./words";

interface SectionsProps extends SectionProps {
  /** The sections that hold a message. */
  wrong: Set<SectionKey>;
  fields: Field[];
  saved: Setup | null;
  savedAuth: Auth | undefined;
  stageIds: string[];
  onStageIds?: (ids: string[]) => void;
}

/**
 * A section drawn again only when what it shows has changed, so that a key costs one section and not nine. Its changes
 * go through functions that know the newest draft.
 */
function seeing<Props extends SectionProps>(Section: ComponentType<Props>, shown: (draft: Draft) => unknown[]) {
  return memo(Section, ({ draft: before, ...old }, { draft: after, ...now }) => {
    const was = shown(before);
    const same = (Object.keys(now) as (keyof typeof now)[]).every(
      (name) => now[name] === old[name as keyof typeof old],
    );
    return same && shown(after).every((value, at) => value === was[at]);
  }) as unknown as ComponentType<Props>;
}

const Process = seeing(ProcessSection, (draft) => [draft.place_id, draft.stage_id, draft.channel]);
const Communication = seeing(CommunicationSection, (draft) => [draft.channel]);
const Authentication = seeing(AuthSection, (draft) => [draft.request.auth]);
const Api = seeing(ApiSection, ({ request }) => [request.method, request.url, request.body_format, request.raw_body]);
const Headers = seeing(HeadersSection, (draft) => [draft.request.headers]);
const Params = seeing(ParamsSection, (draft) => [draft.request.params]);
const StageParams = seeing(StageParamsSection, (draft) => [draft.request.stage_params, draft.stage_id]);
const SuccessRule = seeing(RuleSection, (draft) => [draft.rule]);
const OptionFields = seeing(OptionsSection, (draft) => [draft.options, draft.enabled, draft.name]);

/** The nine sections in the order of product.md 6. */
export function Sections(props: SectionsProps) {
  const { wrong, fields, saved, savedAuth, stageIds, onStageIds, ...section } = props;
  const { draft } = section;
  const frame = (key: SectionKey) => ({ id: anchorOf(key), title: sectionTitles[key], hasError: wrong.has(key) });
  return (
    <>
      <FormSection {...frame("place")}>
        <Process {...section} setupId={saved?.id ?? ""} stageIds={stageIds} onStageIds={onStageIds} />
      </FormSection>
      <FormSection {...frame("communication")}>
        <Communication {...section} />
      </FormSection>
      <FormSection {...frame("auth")}>
        <Authentication {...section} saved={savedAuth} />
      </FormSection>
      <FormSection {...frame("api")}>
        <Api {...section} />
      </FormSection>
      <FormSection {...frame("headers")}>
        <Headers {...section} />
      </FormSection>
      <FormSection {...frame("params")}>
        <Params {...section} />
      </FormSection>
      <FormSection {...frame("stageParams")}>
        <StageParams {...section} fields={fields} />
      </FormSection>
      <FormSection {...frame("rule")} closedAtFirst summary={ruleSummary(draft.rule)}>
        <SuccessRule {...section} />
      </FormSection>
      <FormSection
        {...frame("options")}
        closedAtFirst
        summary={<OptionsSummary options={draft.options} enabled={draft.enabled} />}
      >
        <OptionFields {...section} />
      </FormSection>
    </>
  );
}

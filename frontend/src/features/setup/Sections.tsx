import { FormSection } from "../../ui";
import { ApiSection } from "./ApiSection";
import { AuthSection } from "./AuthSection";
import { CommunicationSection } from "./CommunicationSection";
import type { Auth, Field, SectionProps } from "./draft";
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

/** The nine sections in the order of product.md 6. */
export function Sections(props: SectionsProps) {
  const { wrong, fields, saved, savedAuth, stageIds, onStageIds, ...section } = props;
  const { draft } = section;
  const frame = (key: SectionKey) => ({ id: anchorOf(key), title: sectionTitles[key], hasError: wrong.has(key) });
  return (
    <>
      <FormSection {...frame("place")}>
        <ProcessSection {...section} setupId={saved?.id ?? ""} stageIds={stageIds} onStageIds={onStageIds} />
      </FormSection>
      <FormSection {...frame("communication")}>
        <CommunicationSection {...section} />
      </FormSection>
      <FormSection {...frame("auth")}>
        <AuthSection {...section} saved={savedAuth} />
      </FormSection>
      <FormSection {...frame("api")}>
        <ApiSection {...section} />
      </FormSection>
      <FormSection {...frame("headers")}>
        <HeadersSection {...section} />
      </FormSection>
      <FormSection {...frame("params")}>
        <ParamsSection {...section} />
      </FormSection>
      <FormSection {...frame("stageParams")}>
        <StageParamsSection {...section} fields={fields} />
      </FormSection>
      <FormSection {...frame("rule")} closedAtFirst summary={ruleSummary(draft.rule)}>
        <RuleSection {...section} />
      </FormSection>
      <FormSection
        {...frame("options")}
        closedAtFirst
        summary={<OptionsSummary options={draft.options} enabled={draft.enabled} />}
      >
        <OptionsSection {...section} />
      </FormSection>
    </>
  );
}

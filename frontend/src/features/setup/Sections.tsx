import { Anchor } from "@mantine/core";
import { type ComponentType, memo, type ReactNode, useState } from "react";
import { FormSection } from "../../ui";
import { ApiSection } from "./ApiSection";
import { AuthSection } from "./AuthSection";
import { CommunicationSection } from "./CommunicationSection";
import type { Auth, Draft, Field, SectionProps } from "./draft";
import { HeadersSection } from "./HeadersSection";
import type { Make } from "./MakeInPlace";
import { OptionsSection, OptionsSummary } from "./OptionsSection";
import { ParamsSection } from "./ParamsSection";
import { ProcessSection } from "./ProcessSection";
import { ProviderFields } from "./ProviderFields";
import { RuleSection, ruleSummary } from "./RuleSection";
import styles from "./Setup.module.css";
import { StageParamsSection } from "./StageParamsSection";
import type { PreviewOutput } from "./usePreview";
import type { ProviderState } from "./useProvider";
import type { Setup } from "./useSave";
import { anchorOf, authLabels, type SectionKey, sectionTitles } from "./words";

interface SectionsProps extends SectionProps {
  /** The sections that hold a message. */
  wrong: Set<SectionKey>;
  fields: Field[];
  saved: Setup | null;
  savedAuth: Auth | undefined;
  stageIds: string[];
  onStageIds?: (ids: string[]) => void;
  provider: ProviderState;
  make: Make;
  preview: PreviewOutput | null;
  /** The check of the credential, under the account's fields. */
  check?: ReactNode;
}

/**
 * Renders a section again only when what it shows has changed, so that a key press renders one section and not nine.
 * Its changes go through functions that know the newest draft.
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
const Communication = seeing(CommunicationSection, ({ channel, provider, request }) => [
  channel,
  provider,
  request.url === "",
  request.params.length,
]);
const Authentication = seeing(AuthSection, (draft) => [draft.request.auth]);
const Api = seeing(ApiSection, ({ request }) => [request.method, request.url, request.body_format, request.raw_body]);
const Headers = seeing(HeadersSection, (draft) => [draft.request.headers]);
const Params = seeing(ParamsSection, (draft) => [draft.request.params]);
const StageParams = seeing(StageParamsSection, (draft) => [draft.request.stage_params, draft.stage_id]);
const SuccessRule = seeing(RuleSection, (draft) => [draft.rule]);
const OptionFields = seeing(OptionsSection, (draft) => [draft.options, draft.enabled, draft.name]);

/** The sections in their order. With a provider, its fields are open and the rest is folded (UI.md, Form of a setup). */
export function Sections(props: SectionsProps) {
  const { wrong, fields, saved, savedAuth, stageIds, onStageIds, provider, make, preview, check, ...section } = props;
  const { draft, errors, readOnly } = section;
  const frame = (key: SectionKey) => ({ id: anchorOf(key), title: sectionTitles[key], hasError: wrong.has(key) });
  const service = provider.form?.provider.service;
  // With a provider each part of its request is one line; another provider closes what was opened.
  const folded = (key: SectionKey, part: string, text: string) => ({
    ...frame(key),
    closedAtFirst: service !== undefined,
    summary: service && `${text}, ${provider.byHand.includes(part) ? "changed by hand" : `set by ${service}`}`,
    change: readOnly ? "Show" : "Change",
  });
  const own = { provider, draft, errors, readOnly, fields, message: preview?.message, advice: preview?.advice ?? [] };
  return (
    <>
      <FormSection {...frame("place")}>
        <Process {...section} setupId={saved?.id ?? ""} stageIds={stageIds} onStageIds={onStageIds} make={make} />
      </FormSection>
      <FormSection {...frame("communication")}>
        <Communication {...section} provider={provider} />
      </FormSection>
      {service === undefined ? (
        <FormSection {...frame("auth")} key="auth">
          <Authentication {...section} saved={savedAuth} />
        </FormSection>
      ) : (
        <FormSection {...frame("auth")} key={`auth ${service ?? ""}`}>
          <ProviderFields belongs="account" {...own} />
          {check}
          <Fold
            {...folded("auth", "auth", authLabels[draft.request.auth.type])}
            hasError={Object.keys(errors).some((path) => path.startsWith("draft.request.auth."))}
          >
            <Authentication {...section} saved={savedAuth} />
          </Fold>
        </FormSection>
      )}
      {service !== undefined && (
        <FormSection {...frame("message")}>
          <ProviderFields belongs="message" {...own} />
        </FormSection>
      )}
      <FormSection
        key={`api ${service ?? ""}`}
        {...folded("api", "api", `${draft.request.method} ${draft.request.url}`)}
      >
        <Api {...section} />
      </FormSection>
      <FormSection
        key={`headers ${service ?? ""}`}
        {...folded("headers", "headers", count(draft.request.headers.length, "header"))}
      >
        <Headers {...section} />
      </FormSection>
      <FormSection
        key={`params ${service ?? ""}`}
        {...folded("params", "params", count(draft.request.params.length, "parameter"))}
      >
        <Params {...section} />
      </FormSection>
      <FormSection
        key={`stageParams ${service ?? ""}`}
        {...folded("stageParams", "", "")}
        summary={service && count(draft.request.stage_params.length, "variable")}
      >
        <StageParams {...section} fields={fields} make={make} />
      </FormSection>
      <FormSection
        {...frame("rule")}
        closedAtFirst
        summary={service && !draft.rule ? `As ${service} documents it` : ruleSummary(draft.rule)}
      >
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

/** "3 headers", "no headers". */
function count(amount: number, word: string): string {
  if (amount === 0) return `No ${word}s`;
  return amount === 1 ? `1 ${word}` : `${amount} ${word}s`;
}

interface FoldProps {
  id: string;
  title: string;
  hasError: boolean;
  summary?: string;
  change: string;
  children: ReactNode;
}

/** A part of a section that is one line until it is opened. */
function Fold({ id, title, hasError, summary, change, children }: FoldProps) {
  const [open, setOpen] = useState(false);
  const body = `${id}-fold`;
  return (
    <>
      <p className={styles.fold}>
        {summary}{" "}
        <Anchor
          component="button"
          type="button"
          inherit
          aria-expanded={open}
          aria-controls={body}
          aria-label={`${open ? "Hide" : change}: ${title}`}
          onClick={() => setOpen(!open)}
        >
          {open ? "Hide" : change}
        </Anchor>
      </p>
      <div id={body} className={styles.folded} hidden={!open && !hasError}>
        {children}
      </div>
    </>
  );
}

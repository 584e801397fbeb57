import { Button, SegmentedControl } from "@mantine/core";
import { type ReactNode, useCallback, useState } from "react";
import { Screen } from "../../shell/Screen";
import { Drawer, ScreenHeader, SectionNav, useHotkey, useWide } from "../../ui";
import { CheckCredential } from "./CheckCredential";
import { WasPlainContext } from "./exposed";
import { FaultBanner } from "./FaultBanner";
import { LivePane } from "./LivePane";
import { type Make, MakeInPlace } from "./MakeInPlace";
import { OldValue } from "./OldValue";
import { Sections } from "./Sections";
import styles from "./Setup.module.css";
import { TemplatesContext } from "./Templates";
import { TestSlot } from "./TestSlot";
import { type SetupEditorInput, useSetupEditor } from "./useSetupEditor";

interface SetupEditorProps extends SetupEditorInput {
  /** Reads the saved setup again and replaces what was entered. */
  onReload?: () => void;
  /** Other ways to begin, next to the form's buttons. */
  strip?: ReactNode;
}

/** The form with the live request next to it (A19 to A49, A55, A56). */
export function SetupEditor({ onReload, strip: begin, ...input }: SetupEditorProps) {
  const wide = useWide();
  const [current, setCurrent] = useState<string>();
  const [making, setMaking] = useState<Parameters<Make> | null>(null);
  const make = useCallback<Make>((...what) => setMaking(what), []);
  const editor = useSetupEditor(input);
  const { source, draft, change, changeRequest, saved, fields, provider, preview, labels, offers } = editor;
  const { title, readOnly, errors, wrong, fault, atFields, nav, toField, saving, send, cancel, tab, setTab, test } =
    editor;
  const { form } = provider;
  const strip = saved ? undefined : begin;
  useHotkey({ save: readOnly ? undefined : () => void send(true), test, close: cancel });
  const pane = !saved?.deleted_ms && (
    <LivePane preview={preview} draft={draft} source={source} labels={labels} onTest={test} />
  );

  return (
    <TemplatesContext.Provider value={offers}>
      <WasPlainContext.Provider value={editor.wasPlain}>
        <Screen>
          <ScreenHeader title={title} subtitle={saved?.title}>
            <span className={styles.refused} role="alert">
              {atFields > 0 && `Not saved: ${atFields === 1 ? "1 field needs" : `${atFields} fields need`} a change.`}
            </span>
            <Button variant="default" onClick={cancel}>
              {readOnly ? "Close" : "Cancel"}
            </Button>
            {!readOnly && (
              <Button loading={saving} onClick={() => void send(false)} aria-keyshortcuts="Control+S">
                {saved ? "Update" : "Create"}
              </Button>
            )}
          </ScreenHeader>
          {fault && !atFields && <FaultBanner fault={fault} onReload={onReload} />}
          {(strip || !wide) && (
            <div className={styles.top}>
              {!wide && (
                <SegmentedControl
                  aria-label="What is shown"
                  data={[
                    { value: "form", label: "Form" },
                    { value: "request", label: "Request" },
                  ]}
                  value={tab}
                  transitionDuration={0}
                  onChange={(next) => setTab(next as typeof tab)}
                />
              )}
              {strip && (
                <fieldset className={styles.strip} aria-label="Begin with">
                  <span className={styles.note}>Begin with</span>
                  {strip}
                </fieldset>
              )}
            </div>
          )}
          <div className={styles.editor} data-wide={wide || undefined}>
            <div className={styles.formSide} hidden={!wide && tab !== "form"}>
              <div className={styles.contents}>
                <SectionNav sections={nav} current={current} />
              </div>
              <form
                className={styles.form}
                aria-label={title}
                noValidate
                onFocus={(event) => setCurrent(event.target.closest("[data-section]")?.id)}
              >
                <Sections
                  draft={draft}
                  change={change}
                  changeRequest={changeRequest}
                  errors={errors}
                  readOnly={readOnly}
                  wrong={wrong}
                  fields={fields}
                  saved={saved}
                  savedAuth={editor.savedAuth}
                  stageIds={editor.stageIds}
                  onStageIds={editor.onStageIds}
                  provider={provider}
                  make={make}
                  preview={preview.answer}
                  check={
                    editor.mayCheck &&
                    form && (
                      <CheckCredential
                        key={draft.provider}
                        setupId={saved?.id ?? ""}
                        source={source}
                        draft={editor.tested}
                        says={form.probe_says}
                        last={saved?.check}
                        onField={toField}
                        onErrors={editor.onErrors}
                      />
                    )
                  }
                />
              </form>
            </div>
            {(wide || tab === "request") && pane}
          </div>
          {making && <MakeInPlace making={making[0]} onMade={making[1]} onClose={() => setMaking(null)} />}
          {editor.testing && (
            <Drawer
              opened
              onClose={editor.stopTesting}
              position="right"
              size="44rem"
              title="Test"
              closeButtonProps={{ "aria-label": "Close" }}
            >
              <TestSlot
                setupId={saved?.id ?? ""}
                source={source}
                draft={editor.tested}
                fields={fields}
                onFired={editor.onFired}
                onRule={readOnly ? undefined : (rule) => change({ rule })}
                onField={toField}
              />
            </Drawer>
          )}
          {editor.oldValue && <OldValue {...editor.oldValue} />}
        </Screen>
      </WasPlainContext.Provider>
    </TemplatesContext.Provider>
  );
}

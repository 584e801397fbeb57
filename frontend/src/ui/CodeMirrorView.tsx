import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { xml } from "@codemirror/lang-xml";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useMemo, useRef } from "react";
import type { CodeLanguage, CodeViewProps } from "./CodeView";
import styles from "./CodeView.module.css";
import { hasLongLine } from "./longLines";

const theme = EditorView.theme({
  "&": { fontSize: "0.8125rem", maxHeight: "100%", backgroundColor: "transparent", color: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--mantine-color-text)" },
  ".cm-gutters": { backgroundColor: "transparent", border: "none", color: "var(--mantine-color-dimmed)" },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
  ".cm-panels": { backgroundColor: "var(--mantine-color-body)", color: "inherit", borderColor: "var(--line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, ::selection": {
    backgroundColor: "var(--code-selection)",
  },
  ".cm-searchMatch": { backgroundColor: "var(--code-match)" },
  ".cm-specialChar": { color: "var(--mantine-color-error)" },
});

// The colours are variables of CodeView.module.css, which has them for light and dark.
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-name)" },
  { tag: [tags.tagName, tags.attributeName], color: "var(--code-name)" },
  { tag: [tags.string, tags.attributeValue], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--mantine-color-dimmed)" },
]);

function languageOf(language: CodeLanguage): Extension {
  if (language === "json") return json();
  if (language === "xml") return xml();
  return [];
}

const wrapping = (wraps: boolean): Extension => (wraps ? EditorView.lineWrapping : []);

/** The nonce for CodeMirror's styles; shell/nonce.ts sets the global. */
function nonce(): Extension {
  const value = globalThis.__webpack_nonce__;
  return value ? EditorView.cspNonce.of(value) : [];
}

const fromOutside = Annotation.define<boolean>();

// Characters that change the direction of text and that CodeMirror does not show by default (Unicode TR 36).
const moreSpecial = /[\u202a-\u202e\u2060-\u2069]/g;

export default function CodeMirrorView(props: CodeViewProps) {
  const { value, language, label, onChange, wrap = true, onPlace, searchButton = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const report = useRef(onChange);
  report.current = onChange;
  const place = useRef(onPlace);
  place.current = onPlace;
  const editable = onChange !== undefined;
  const languagePart = useRef(new Compartment());
  // What is edited keeps its long lines, which are only quick where they do not wrap.
  const wraps = useMemo(() => wrap && !hasLongLine(value), [wrap, value]);
  const wrapPart = useRef(new Compartment());
  const initial = useRef({ value, language, wraps });
  // What was typed comes back as the value, later than the next key: it is not a change from outside.
  const reported = useRef<string[]>([]);

  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial.current.value,
        extensions: [
          nonce(),
          theme,
          syntaxHighlighting(colours),
          languagePart.current.of(languageOf(initial.current.language)),
          lineNumbers(),
          highlightSpecialChars({ addSpecialChars: moreSpecial }),
          bracketMatching(),
          search({ top: true }),
          highlightSelectionMatches(),
          history(),
          keymap.of([
            ...searchKeymap,
            ...historyKeymap,
            ...defaultKeymap.filter((binding) => binding.key !== "Mod-Enter"),
          ]),
          wrapPart.current.of(wrapping(initial.current.wraps)),
          EditorState.readOnly.of(!editable),
          EditorView.editable.of(editable),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false" }),
          EditorView.updateListener.of((update) => {
            const ours = update.transactions.some((each) => each.annotation(fromOutside));
            if (update.docChanged && !ours) {
              const text = update.state.doc.toString();
              reported.current.push(text);
              report.current?.(text);
            }
            if (update.selectionSet && !ours) place.current?.(update.state.selection.main.head);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, [editable, label]);

  // Before the text, which may have a line that must not wrap.
  useEffect(() => {
    initial.current.wraps = wraps;
    view.current?.dispatch({ effects: wrapPart.current.reconfigure(wrapping(wraps)) });
  }, [wraps]);

  useEffect(() => {
    initial.current = { ...initial.current, value, language };
    const made = view.current;
    const own = reported.current.lastIndexOf(value);
    reported.current.splice(0, own + 1);
    if (own >= 0) return;
    if (!made || made.state.doc.toString() === value) return;
    made.dispatch({
      changes: { from: 0, to: made.state.doc.length, insert: value },
      annotations: fromOutside.of(true),
    });
  }, [value, language]);

  useEffect(() => {
    view.current?.dispatch({ effects: languagePart.current.reconfigure(languageOf(language)) });
  }, [language]);

  const text = <div ref={host} className={styles.host} data-editable={editable || undefined} />;
  if (!searchButton) return text;
  return (
    <>
      <Tooltip label="Search (Ctrl+F)">
        <ActionIcon
          className={styles.search}
          variant="default"
          size="sm"
          aria-label={`Search in ${label}`}
          onClick={() => view.current && openSearchPanel(view.current)}
        >
          <IconSearch size={14} />
        </ActionIcon>
      </Tooltip>
      {text}
    </>
  );
}

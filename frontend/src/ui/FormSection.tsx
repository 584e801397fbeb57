import { Anchor, UnstyledButton } from "@mantine/core";
import { IconAlertCircle, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import styles from "./FormSection.module.css";

interface FormSectionProps {
  /** The anchor that the list of sections leads to. */
  id: string;
  title: string;
  description?: ReactNode;
  /** Closed at first; a section with an error opens by itself. */
  closedAtFirst?: boolean;
  /** Shown under the title while the section is closed: "3 headers, set by MSG91". */
  summary?: ReactNode;
  /** The label of a link after the summary that opens the section, such as "Change". */
  change?: string;
  hasError?: boolean;
  children: ReactNode;
}

/** A part of a form with a title. With closedAtFirst the title is a button that opens it. */
export function FormSection(props: FormSectionProps) {
  const { id, title, description, closedAtFirst, summary, change, hasError = false, children } = props;
  const [open, setOpen] = useState(!closedAtFirst || hasError);
  const body = useId();
  const toggle = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (hasError) setOpen(true);
  }, [hasError]);

  return (
    <section id={id} className={styles.section} aria-labelledby={`${id}-title`} data-section>
      <h2 id={`${id}-title`} className={styles.title}>
        {closedAtFirst ? (
          <UnstyledButton
            ref={toggle}
            className={styles.toggle}
            aria-expanded={open}
            aria-controls={body}
            onClick={() => setOpen((before) => !before)}
          >
            {open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
            {title}
          </UnstyledButton>
        ) : (
          title
        )}
      </h2>
      {!open && summary && (
        <p className={styles.description}>
          {summary}{" "}
          {change && (
            <Anchor
              component="button"
              type="button"
              inherit
              aria-label={`${change}: ${title}`}
              onClick={() => {
                setOpen(true);
                // The link disappears, so the focus moves to the title of the section.
                toggle.current?.focus();
              }}
            >
              {change}
            </Anchor>
          )}
        </p>
      )}
      {open && description && <p className={styles.description}>{description}</p>}
      {/* Hidden and not unmounted, so that what was typed is kept. */}
      <div id={body} className={styles.body} hidden={!open}>
        {children}
      </div>
    </section>
  );
}

export interface SectionEntry {
  id: string;
  title: string;
  hasError?: boolean;
}

/** The numbered list of a form's sections. It marks those with an error. */
export function SectionNav({ sections, current }: { sections: SectionEntry[]; current?: string }) {
  return (
    <nav aria-label="Sections">
      <ol className={styles.nav}>
        {sections.map((section, index) => (
          <li key={section.id}>
            <UnstyledButton
              className={styles.entry}
              aria-current={current === section.id ? "location" : undefined}
              data-error={section.hasError || undefined}
              onClick={() => goTo(section.id)}
            >
              <span className={styles.number}>{index + 1}</span>
              <span className={styles.name}>{section.title}</span>
              {section.hasError && (
                <>
                  <IconAlertCircle size={16} aria-hidden />
                  <span className="visually-hidden">needs a change</span>
                </>
              )}
            </UnstyledButton>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Scrolls to a section and focuses its first invalid field, or else its first field. */
export function goTo(sectionId: string): void {
  const section = document.getElementById(sectionId);
  section?.scrollIntoView?.({ block: "start" });
  const field =
    section?.querySelector<HTMLElement>('[aria-invalid="true"]') ??
    section?.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select, button");
  field?.focus({ preventScroll: true });
}

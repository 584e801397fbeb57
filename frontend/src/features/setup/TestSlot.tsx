import { type ComponentType, lazy, Suspense } from "react";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { Waiting } from "../../ui";

export interface TestSlotProps {
  /** The saved setup that is tested, empty for a new one. */
  setupId: string;
  /** The setup whose stored secrets the draft keeps. */
  source: string;
  /** Null tests what is saved. */
  draft: Plain<model.setup.Draft> | null;
  fields: Plain<model.process.Field>[];
  onRule?: (rule: Plain<model.verdict.Rule>) => void;
  /** The person wants to change this input, a path of the draft. */
  onField?: (path: string) => void;
}

const panels = import.meta.glob<Record<string, ComponentType<TestSlotProps>>>("../call/TestPanel.tsx");
const load = Object.values(panels)[0];
const Panel = load
  ? lazy(async () => {
      const module = await load();
      return { default: (module.default ?? module.TestPanel) as ComponentType<TestSlotProps> };
    })
  : null;

/** The place of the test panel, which comes when first opened. */
export function TestSlot(props: TestSlotProps) {
  if (!Panel) return null;
  return (
    <Suspense fallback={<Waiting what="Opening the test" />}>
      <Panel {...props} />
    </Suspense>
  );
}

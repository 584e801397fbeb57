import { lazy, Suspense } from "react";
import { Waiting } from "../../ui";
import type { TestPanelProps } from "../call/TestPanel";

const TestPanel = lazy(async () => ({ default: (await import("../call/TestPanel")).TestPanel }));

/** Loads the test panel, the only part from another feature, when it is first opened. */
export function TestSlot(props: TestPanelProps) {
  return (
    <Suspense fallback={<Waiting what="Opening the test" />}>
      <TestPanel {...props} />
    </Suspense>
  );
}

import { lazy, Suspense } from "react";
import { Waiting } from "../../ui";
import type { TestPanelProps } from "../call/TestPanel";

const TestPanel = lazy(async () => ({ default: (await import("../call/TestPanel")).TestPanel }));

/** The place of the test panel, the one part taken from another feature; it comes when first opened. */
export function TestSlot(props: TestPanelProps) {
  return (
    <Suspense fallback={<Waiting what="Opening the test" />}>
      <TestPanel {...props} />
    </Suspense>
  );
}

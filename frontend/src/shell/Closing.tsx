import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { window as frame, type model } from "../bridge/api";
import { onClosing } from "../bridge/event";
import { ask, type Plain } from "../bridge/query";

const Question = lazy(() => import("./ClosingQuestion"));

/**
 * Asks what closing the window means while the local API is on (RULES.md, Closing the window). It does so on every
 * screen, also while the window is locked or nobody is signed in: the local API runs then too.
 */
export function Closing() {
  const [asked, setAsked] = useState(false);
  useEffect(
    () =>
      onClosing(() => {
        ask(frame.Closing, undefined).then(
          (state) => setAsked(state.asked),
          () => {}, // the window closes by itself
        );
      }),
    [],
  );
  const answer = useCallback((chosen: Plain<model.app.CloseAnswer>) => {
    setAsked(false);
    // It is refused where the question was answered already.
    ask(frame.AnswerClosing, { answer: chosen }).catch(() => {});
  }, []);
  if (!asked) return null;
  return (
    <Suspense fallback={null}>
      <Question onAnswer={answer} />
    </Suspense>
  );
}

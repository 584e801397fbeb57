/** Runs something once what React has drawn can be seen: a frame to draw it in, and the next. Returns the calling off. */
export function afterPaint(run: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(run);
  });
  return () => cancelAnimationFrame(frame);
}

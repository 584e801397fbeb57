/**
 * The window's own methods, declared like operations so that they are called in the same way. The gate does not guard
 * them: they work while the backend is not open. Those that open a dialog of the system are long, since the person may
 * take any time.
 */
import * as go from "../../wailsjs/go/app/Window";
import type { Declared } from "./operation";

export const State = { name: "window.state", mode: "read", public: true, call: go.State } as const satisfies Declared;

export const Reopen = {
  name: "window.reopen",
  mode: "long",
  public: true,
  call: go.Reopen,
} as const satisfies Declared;

export const RestoreCopy = {
  name: "window.restore_copy",
  mode: "long",
  public: true,
  call: go.RestoreCopy,
} as const satisfies Declared;

export const OpenForReading = {
  name: "window.open_for_reading",
  mode: "long",
  public: true,
  call: go.OpenForReading,
} as const satisfies Declared;

export const OpenLink = {
  name: "window.open_link",
  mode: "long",
  public: true,
  call: go.OpenLink,
} as const satisfies Declared;

export const SaveText = {
  name: "window.save_text",
  mode: "long",
  public: true,
  call: go.SaveText,
} as const satisfies Declared;

export const ReadText = {
  name: "window.read_text",
  mode: "long",
  public: true,
  call: go.ReadText,
} as const satisfies Declared;

export const OpenDemo = {
  name: "window.open_demo",
  mode: "read",
  public: true,
  call: go.OpenDemo,
} as const satisfies Declared;

export const CloseDemo = {
  name: "window.close_demo",
  mode: "read",
  public: true,
  call: go.CloseDemo,
} as const satisfies Declared;

export const Closing = {
  name: "window.closing",
  mode: "read",
  public: true,
  call: go.Closing,
} as const satisfies Declared;

export const AnswerClosing = {
  name: "window.answer_closing",
  mode: "read",
  public: true,
  call: go.AnswerClosing,
} as const satisfies Declared;

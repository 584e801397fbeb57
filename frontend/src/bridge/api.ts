/**
 * The bound methods of Go, by feature: one line re-exports a feature's generated file as it appears. Nothing outside
 * src/bridge imports wailsjs.
 */
export * as window from "../../wailsjs/go/app/Window";
export type * from "../../wailsjs/go/models";

/**
 * The bound methods of Go, by feature: one line re-exports a feature's generated file as it appears. Nothing outside
 * src/bridge imports wailsjs. The inputs and answers are types of `model`, by feature: `Plain<model.setup.Draft>`.
 */
export * as activity from "../../wailsjs/go/app/Activity";
export * as call from "../../wailsjs/go/app/Call";
export * as operation from "../../wailsjs/go/app/Operation";
export * as organisation from "../../wailsjs/go/app/Organisation";
export * as process from "../../wailsjs/go/app/Process";
export * as provider from "../../wailsjs/go/app/Provider";
export * as setup from "../../wailsjs/go/app/Setup";
export * as transfer from "../../wailsjs/go/app/Transfer";
export * as user from "../../wailsjs/go/app/User";
export * as window from "../../wailsjs/go/app/Window";
export type * as model from "../../wailsjs/go/models";

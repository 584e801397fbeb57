/**
 * Go's operations, by feature: `setup.Get` is the operation `setup.get`. The table is generated. Nothing outside
 * src/bridge imports wailsjs. The types of inputs and answers are in `model`, also by feature:
 * `Plain<model.setup.Draft>`.
 */

export type * as model from "../../wailsjs/go/models";
export * from "./operations";
export * as window from "./window";

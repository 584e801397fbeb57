/**
 * What the page can ask of Go, by feature, as the generated table declares it: `setup.Get` is the operation
 * `setup.get`. Nothing outside src/bridge imports wailsjs. The inputs and answers are types of `model`, by feature:
 * `Plain<model.setup.Draft>`.
 */

export type * as model from "../../wailsjs/go/models";
export * from "./operations";
export * as window from "./window";

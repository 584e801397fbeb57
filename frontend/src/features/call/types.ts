import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

/** The plain shapes of this feature's answers, under the words the screens use. */
export type Call = Plain<model.call.Call>;
export type Page = Plain<model.call.Page>;
export type Detail = Plain<model.call.Detail>;
export type Answer = Plain<model.httpclient.Answer>;
export type Rule = Plain<model.verdict.Rule>;
export type Field = Plain<model.process.Field>;
export type Draft = Plain<model.setup.Draft>;
export type Source = Plain<model.setup.Source>;
export type Outcome = Plain<model.provider.Outcome> | "";
export type ProviderForm = Plain<model.provider.Form>;
export type Channel = Plain<model.setup.Channel>;

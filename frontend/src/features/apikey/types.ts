import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type Key = Plain<model.apikey.Key>;
export type KeyPage = Plain<model.apikey.Page>;
export type Issued = Plain<model.apikey.Issued>;
export type AccessRow = Plain<model.apikey.AccessRow>;
export type ListInput = Plain<model.apikey.ListInput>;
export type Term = Plain<model.apikey.Term>;

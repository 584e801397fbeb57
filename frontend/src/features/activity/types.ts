import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type Entry = Plain<model.activity.Entry>;
export type ListInput = Plain<model.activity.ListInput>;

import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type Report = Plain<model.dashboard.Report>;
export type Item = Plain<model.dashboard.Item>;
export type Day = Plain<model.dashboard.Day>;
export type Stage = Plain<model.dashboard.Stage>;

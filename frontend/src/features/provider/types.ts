import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type Summary = Plain<model.provider.Summary>;
export type FileFault = Plain<model.provider.FileFault>;
export type FilePreview = Plain<model.provider.FilePreview>;
export type Form = Plain<model.provider.Form>;
export type Field = Form["provider"]["fields"][number];
export type Mark = Summary["badge"];

import { type Draft, newStageParam, type Spec, variableName } from "./draft";
import type { Offer } from "./Templates";

/** What is offered after `{{`: variables, stage fields (choosing one adds its row), and the built-in ones (R1, R2). */
export function offersFor(
  { stage_params, fixed, params }: Pick<Spec, "stage_params" | "fixed" | "params">,
  fields: { name: string }[],
  setDraft: (change: (before: Draft) => Draft) => void,
): Offer[] {
  const rows = stage_params.filter((row) => row.variable);
  const names = [...rows.map((row) => row.variable), ...fixed.map((field) => field.name)];
  const mapped = new Set(rows.map((row) => row.field));
  const free = [...new Set(fields.map((field) => field.name))].filter((name) => !mapped.has(name));
  return [
    ...rows.map((row) => ({
      label: row.variable,
      note: row.field ? `stage field ${row.field}` : "default value",
      name: row.variable,
    })),
    ...free.map((field) => {
      const variable = variableName(field, names);
      const add = () =>
        setDraft((before) => ({
          ...before,
          request: {
            ...before.request,
            stage_params: [...before.request.stage_params, newStageParam(variable, field)],
          },
        }));
      return { label: field, note: "stage field, adds its Stage Parameter row", name: variable, add };
    }),
    ...fixed.map((field) => ({ label: field.name, note: "fixed field", name: field.name })),
    ...params
      .filter((row) => row.in === "nowhere" && row.name)
      .map((row) => ({ label: row.name, note: "custom parameter", name: row.name })),
    { label: "$uuid", note: "a new random id", name: "$uuid" },
    { label: "$timestamp", note: "seconds since 1970", name: "$timestamp" },
  ];
}

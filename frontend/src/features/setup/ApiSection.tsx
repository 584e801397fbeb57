import { Input, Select } from "@mantine/core";
import { CodeView } from "../../ui";
import type { SectionProps } from "./draft";
import styles from "./Setup.module.css";
import { TemplateInput } from "./TemplateInput";
import { type BodyFormat, bodyLabels, choices, methods } from "./words";

/** What is called, how, and the shape of the body (A36, A37, R5). */
export function ApiSection({ draft, changeRequest, errors, readOnly }: SectionProps) {
  const { request } = draft;
  const set = changeRequest;
  const at = (name: string) => errors[`draft.request.${name}`];
  const raw = rawLanguage(request.body_format);
  return (
    <>
      <div className={styles.methodAndUrl}>
        <Select
          label="Method Type"
          data={methods}
          value={request.method}
          allowDeselect={false}
          readOnly={readOnly}
          error={at("method")}
          comboboxProps={{ transitionProps: { duration: 0 } }}
          onChange={(method) => method && set({ method })}
        />
        <TemplateInput
          label="API URL"
          withAsterisk
          placeholder="https://api.example.com/v1/messages"
          value={request.url}
          readOnly={readOnly}
          error={at("url")}
          onChange={(url) => set({ url })}
        />
      </div>
      <Select
        label="Body format"
        data={choices(bodyLabels)}
        value={request.body_format}
        allowDeselect={false}
        readOnly={readOnly}
        error={at("body_format")}
        description={request.body_format === "" ? usualBody(request.method) : undefined}
        inputWrapperOrder={["label", "input", "description", "error"]}
        comboboxProps={{ transitionProps: { duration: 0 } }}
        onChange={(format) => set({ body_format: (format ?? "") as BodyFormat })}
      />
      {raw && (
        <Input.Wrapper labelElement="div" label="Body" error={at("raw_body")}>
          <div className={styles.rawBody}>
            <CodeView
              label="Body"
              language={raw}
              value={request.raw_body}
              error={Boolean(at("raw_body"))}
              onChange={readOnly ? undefined : (raw_body) => set({ raw_body })}
            />
          </div>
        </Input.Wrapper>
      )}
    </>
  );
}

function rawLanguage(format: BodyFormat): "json" | "xml" | "text" | null {
  if (format === "raw_json") return "json";
  if (format === "raw_xml") return "xml";
  return format === "raw_text" ? "text" : null;
}

/** R5: JSON for the methods that usually carry a body. */
function usualBody(method: string): string {
  return ["POST", "PUT", "PATCH"].includes(method) ? `JSON for ${method}` : `None for ${method}`;
}

import { channelLabel } from "../../shell/channels";
import { BidiSafe } from "../../ui";
import styles from "./Provider.module.css";
import type { Field } from "./types";

/** What a person fills in for this provider. */
export function FieldTable({ fields }: { fields: Field[] }) {
  return (
    <table className={styles.fields} aria-label="Fields">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Belongs to</th>
          <th scope="col">Needed</th>
          <th scope="col">What it is</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.id}>
            <th scope="row">
              <BidiSafe text={field.label} />
            </th>
            <td>
              {field.belongs === "account" ? "Account" : "Message"}
              {field.secret && <span className={styles.small}>Secret</span>}
            </td>
            <td>
              <BidiSafe text={neededText(field, fields)} />
            </td>
            <td>
              <Help field={field} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function neededText(field: Field, fields: Field[]): string {
  if (!field.optional) return field.when ? whenText(field.when, fields) : "Yes";
  const where = field.needed_in ?? [];
  return where.length > 0 ? `In ${where.map(countryName).join(", ")}` : "No";
}

/** "kind=text|template" as "When Kind of message is text or template". */
function whenText(when: string, fields: Field[]): string {
  const [id = "", values = ""] = when.split("=");
  const shown = values.split("|").map(channelLabel);
  const label = id === "channel" ? "Key For" : (fields.find((field) => field.id === id)?.label ?? id);
  return `When ${label} is ${shown.join(" or ")}`;
}

const countries = new Intl.DisplayNames("en", { type: "region" });

function countryName(code: string): string {
  return countries.of(code) ?? code;
}

function Help({ field }: { field: Field }) {
  const choices = field.choices ?? [];
  return (
    <>
      {field.help && <BidiSafe text={field.help} />}
      {choices.length > 0 ? (
        <span className={styles.small}>
          One of <BidiSafe text={choices.join(", ")} />
        </span>
      ) : (
        field.example && (
          <span className={styles.small}>
            Looks like <BidiSafe text={field.example} />
          </span>
        )
      )}
    </>
  );
}

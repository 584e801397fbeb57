import { UnstyledButton } from "@mantine/core";
import type { Session } from "../../bridge/session";
import styles from "./AuthLayout.module.css";

type Person = Session["demo_users"][number];

const roleNames: Record<string, string> = {
  org_admin: "Org Admin",
  manager: "Manager",
  operator: "Operator",
  viewer: "Viewer",
};

/** The users of the demo office with their passwords; a click fills in the form. */
export function DemoPeople({ people, onChoose }: { people: Person[]; onChoose: (person: Person) => void }) {
  if (people.length === 0) return null;
  return (
    <section className={styles.people} aria-label="People of the demo office">
      <p>Choose who to be. The last word is the password.</p>
      <ul>
        {people.map((person) => (
          <li key={person.name}>
            <UnstyledButton className={styles.someone} onClick={() => onChoose(person)}>
              <span>{person.name}</span> <span>{roleNames[person.role] ?? person.role}</span>{" "}
              <span>{person.password}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

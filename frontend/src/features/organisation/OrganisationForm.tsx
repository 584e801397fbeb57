import { OrganisationFields } from "../../shell/OrganisationFields";
import { SettingsForm } from "./SettingsForm";
import { type OrganisationSettings, useSettingsForm } from "./useSettingsForm";

interface OrganisationFormProps {
  office: OrganisationSettings;
  reRead: () => Promise<OrganisationSettings | undefined>;
}

/** Name, country and time zone. */
export function OrganisationForm({ office, reRead }: OrganisationFormProps) {
  const form = useSettingsForm(office, reRead);
  return (
    <SettingsForm form={form}>
      <OrganisationFields value={form.input} errors={form.errors} onChange={form.change} />
    </SettingsForm>
  );
}

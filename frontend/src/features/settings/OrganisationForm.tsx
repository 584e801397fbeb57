import { OrganisationFields } from "../../shell/OrganisationFields";
import { OfficeForm } from "./OfficeForm";
import { type OfficeSettings, useOfficeForm } from "./useOfficeForm";

interface OrganisationFormProps {
  office: OfficeSettings;
  reRead: () => Promise<OfficeSettings | undefined>;
}

/** Name, country and time zone. */
export function OrganisationForm({ office, reRead }: OrganisationFormProps) {
  const form = useOfficeForm(office, reRead);
  return (
    <OfficeForm form={form}>
      <OrganisationFields value={form.input} errors={form.errors} onChange={form.change} />
    </OfficeForm>
  );
}

import { TextInput } from "@mantine/core";
import { countries, timeZones } from "../../ui/countries";
import { SearchSelect } from "../../ui/SearchSelect";
import { OfficeForm } from "./OfficeForm";
import { type OfficeSettings, useOfficeForm } from "./useOfficeForm";

interface OrganisationFormProps {
  office: OfficeSettings;
  reRead: () => Promise<OfficeSettings | undefined>;
}

/** Name, country and time zone. */
export function OrganisationForm({ office, reRead }: OrganisationFormProps) {
  const form = useOfficeForm(office, reRead);
  const { input, change, errors } = form;
  // A zone or country from elsewhere stays choosable.
  const zones = timeZones.includes(input.time_zone) ? timeZones : [input.time_zone, ...timeZones];
  return (
    <OfficeForm form={form}>
      <TextInput
        label="Organisation"
        value={input.name}
        error={errors.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <SearchSelect
        label="Country"
        description="Completes phone numbers that are written without their country code."
        nothingFoundMessage="No country is called that."
        data={countries}
        value={input.country}
        error={errors.country}
        onChange={(country) => country && change({ country })}
      />
      <SearchSelect
        label="Time zone"
        description="A number of days means the same time of day here."
        nothingFoundMessage="No time zone is called that. Type the nearest large city."
        data={zones}
        value={input.time_zone}
        error={errors.time_zone}
        onChange={(time_zone) => time_zone && change({ time_zone })}
      />
    </OfficeForm>
  );
}

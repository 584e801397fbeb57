import { TextInput } from "@mantine/core";
import { countries, timeZones } from "../ui/countries";
import { SearchSelect } from "../ui/SearchSelect";

interface Organisation {
  name: string;
  country: string;
  time_zone: string;
}

interface OrganisationFieldsProps {
  value: Organisation;
  errors: Partial<Record<keyof Organisation, string>>;
  onChange: (part: Partial<Organisation>) => void;
  /** In the first run the name has the focus and an example. */
  first?: boolean;
}

/** Name, country and time zone, for the first run and the settings. */
export function OrganisationFields({ value, errors, onChange, first = false }: OrganisationFieldsProps) {
  // A stored zone that is not in the list can still be chosen.
  const zones = timeZones.includes(value.time_zone) ? timeZones : [value.time_zone, ...timeZones];
  return (
    <>
      <TextInput
        label="Organisation"
        placeholder={first ? "Example: Asha Clinic" : undefined}
        autoFocus={first}
        value={value.name}
        error={errors.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <SearchSelect
        label="Country"
        description="Completes phone numbers without a country code."
        nothingFoundMessage="No country is called that."
        data={countries}
        value={value.country}
        error={errors.country}
        onChange={(country) => country && onChange({ country })}
      />
      <SearchSelect
        label="Time zone"
        description="Days begin at midnight here, and dates are written for this time zone."
        nothingFoundMessage="No time zone is called that. Type the nearest large city."
        data={zones}
        value={value.time_zone}
        error={errors.time_zone}
        onChange={(time_zone) => time_zone && onChange({ time_zone })}
      />
    </>
  );
}

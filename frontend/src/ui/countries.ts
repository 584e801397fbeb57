/** ISO 3166-1 alpha-2: the countries and territories that have a telephone code. */
const codes =
  "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

const names = new Intl.DisplayNames(["en"], { type: "region" });

/** Countries for a list, sorted by name. */
export const countries = codes
  .split(" ")
  .map((value) => ({ value, label: names.of(value) ?? value }))
  .sort((a, b) => a.label.localeCompare(b.label));

/** Cities that some engines list by their former names; the IANA database has both. */
const renamed: Record<string, string> = {
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Europe/Kiev": "Europe/Kyiv",
};

const currentName = (zone: string) => renamed[zone] ?? zone;

const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The system's time zone. */
export const homeZone = currentName(systemZone);

/** Time zones for a list (IANA names). Not every engine's list has UTC and the system's. */
export const timeZones = [...new Set([...Intl.supportedValuesOf("timeZone").map(currentName), "UTC", homeZone])].sort();

/** The country to offer first: the one with the system's time zone, or else that of the system's language. */
export function homeCountry(): string {
  const here = codes.split(" ").filter((code) => {
    // A method in some engines, a property in others, and missing in the rest.
    const place = new Intl.Locale("und", { region: code }) as Intl.Locale & {
      getTimeZones?: () => string[];
      timeZones?: string[];
    };
    const zones = place.getTimeZones?.() ?? place.timeZones ?? [];
    return zones.includes(systemZone) || zones.includes(homeZone);
  });
  const spoken = regionOf(navigator.language);
  const only = here.length === 1 ? here[0] : undefined;
  return only ?? (codes.split(" ").includes(spoken) ? spoken : "IN");
}

/** The country of a language tag, or "": without a locale WebKitGTK calls its language "C". */
function regionOf(language: string): string {
  try {
    return new Intl.Locale(language).maximize().region ?? "";
  } catch {
    return "";
  }
}

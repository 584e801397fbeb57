import { NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useCan } from "../../bridge/can";
import { useConfirm, wholeNumber } from "../../ui";
import { TlsOff } from "./columns";
import type { Options, SectionProps } from "./draft";

const redirectChoices = [
  { value: "0", label: "Show them, do not follow" },
  ...[1, 2, 3, 4, 5].map((count) => ({ value: String(count), label: `Follow up to ${count}, to the same address` })),
];

/** What a setup may send a day where it says nothing, as Go has it (RULES.md, Testing and sending). */
const usualLivePerDay = 1000;

const numberWords = (n: number) => n.toLocaleString("en-US");

/** In one line, for the closed section. */
export function OptionsSummary({ options, enabled }: { options: Options; enabled: boolean }) {
  return (
    <>
      {enabled ? "Enabled" : "Off"}, {options.timeout_seconds || 30} s at most
      {options.live_per_day != null && `, ${numberWords(options.live_per_day)} live messages a day`}
      {options.redirects > 0 && `, up to ${options.redirects} redirects`}
      {options.skip_tls_check && <TlsOff />}
    </>
  );
}

/** Enabled, name and the limits of a call (R7). */
export function OptionsSection({ draft, change, errors, readOnly }: SectionProps) {
  const { options } = draft;
  const set = (part: Partial<Options>) => change({ options: { ...options, ...part } });
  const at = (name: string) => errors[`draft.options.${name}`];
  const maySwitchTls = useCan("settings.manage");
  const confirm = useConfirm();

  const switchTls = async (on: boolean) => {
    if (on) return set({ skip_tls_check: false });
    const yes = await confirm({
      question: "Switch the TLS check off for this setup?",
      consequence:
        "Keydesk will no longer make sure that it talks to the right server: what is sent, keys included, can be read and changed on the way. Stored secrets have to be typed again, and your password is asked for.",
      yes: "Switch it off",
      no: "Keep it on",
      danger: true,
    });
    if (yes) set({ skip_tls_check: true });
  };

  return (
    <>
      <Switch
        label="Enabled"
        aria-label="Enabled"
        description="A setup that is off is skipped."
        checked={draft.enabled}
        disabled={readOnly}
        error={errors["draft.enabled"]}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
      />
      <TextInput
        label="Name"
        description="Only if the place, stage and channel do not say enough."
        value={draft.name}
        dir="auto"
        readOnly={readOnly}
        error={errors["draft.name"]}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <NumberInput
        label="Time limit"
        description="Seconds for the whole call, 1 to 300"
        min={1}
        max={300}
        clampBehavior="none"
        allowDecimal={false}
        allowNegative={false}
        value={options.timeout_seconds || 30}
        readOnly={readOnly}
        error={at("timeout_seconds")}
        onChange={(seconds) => set({ timeout_seconds: Number(seconds) || 0 })}
      />
      <NumberInput
        label="Live messages a day, at most"
        description="From midnight to midnight of the office, so that a mistake cannot cost much. 1 to 100,000; empty is 1,000. Tests do not count."
        placeholder={numberWords(usualLivePerDay)}
        {...wholeNumber}
        thousandSeparator=","
        maxLength={9}
        value={options.live_per_day ?? ""}
        readOnly={readOnly}
        error={at("live_per_day")}
        onChange={(count) => set({ live_per_day: count === "" ? undefined : Number(count) })}
      />
      <Select
        label="Redirects"
        data={redirectChoices}
        value={String(options.redirects)}
        allowDeselect={false}
        readOnly={readOnly}
        error={at("redirects")}
        comboboxProps={{ transitionProps: { duration: 0 } }}
        onChange={(count) => set({ redirects: Number(count) })}
      />
      {(maySwitchTls || options.skip_tls_check) && (
        <Switch
          label="TLS check"
          aria-label="TLS check"
          description="Makes sure that the server is the one its address names."
          color={options.skip_tls_check ? "red" : undefined}
          checked={!options.skip_tls_check}
          disabled={readOnly}
          error={at("skip_tls_check")}
          onChange={(event) => void switchTls(event.currentTarget.checked)}
        />
      )}
      {options.skip_tls_check && <TlsOff />}
    </>
  );
}

import { useState } from "react";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { StepCode } from "./StepCode";
import { StepOffice } from "./StepOffice";
import { StepSecrets } from "./StepSecrets";
import { StepStart } from "./StepStart";
import { StepYou } from "./StepYou";

/** What the first run has gathered; nothing is kept before the recovery code is confirmed. */
export type FirstRunInput = Plain<model.office.BeginInput> & { again: string };

export type Step = "office" | "you" | "secrets" | "code" | "start";

const guessedCountry = new Intl.Locale(navigator.language).maximize().region ?? "IN";

/** First run (product.md 3): organisation, first Org Admin, keyring, recovery code, then what to begin with. */
export default function FirstRun() {
  const [step, setStep] = useState<Step>("office");
  const [input, setInput] = useState<FirstRunInput>({
    organisation: "",
    country: guessedCountry,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    user_name: "",
    full_name: "",
    password: "",
    again: "",
    passphrase: "",
  });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [begun, setBegun] = useState<Plain<model.office.Begun> | null>(null);
  const change = (part: Partial<FirstRunInput>) => setInput((now) => ({ ...now, ...part }));
  const shared = { input, change, errors };

  switch (step) {
    case "office":
      return <StepOffice {...shared} onNext={() => setStep("you")} />;
    case "you":
      return <StepYou {...shared} onBack={() => setStep("office")} onNext={() => setStep("secrets")} />;
    case "secrets":
      return (
        <StepSecrets
          {...shared}
          onBack={() => setStep("you")}
          onRefused={(found) => {
            setErrors(found);
            if (found.organisation || found.country || found.time_zone) setStep("office");
            else if (found.user_name || found.full_name || found.password) setStep("you");
          }}
          onBegun={(made) => {
            setErrors({});
            setBegun(made);
            setStep("code");
          }}
        />
      );
    case "code":
      return begun && <StepCode begun={begun} onBack={() => setStep("secrets")} onDone={() => setStep("start")} />;
    case "start":
      return <StepStart />;
  }
}

import { useState } from "react";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { homeCountry, homeZone } from "../../ui/countries";
import { StepCode } from "./StepCode";
import { StepOrganisation } from "./StepOrganisation";
import { StepSecrets } from "./StepSecrets";
import { StepStart } from "./StepStart";
import { StepYou } from "./StepYou";
import { useProbe } from "./useProbe";

/** What was typed in the first run. Nothing is stored before the recovery code is confirmed. */
export interface FirstRunInput extends Plain<model.organisation.BeginInput> {
  /** The password and the passphrase typed a second time. */
  again: string;
  phrase_again: string;
}

type Step = "organisation" | "you" | "secrets" | "code" | "start";

/** The step of each input, so that a refusal leads back to it. */
const stepOf: Record<string, Step> = {
  organisation: "organisation",
  country: "organisation",
  time_zone: "organisation",
  user_name: "you",
  full_name: "you",
  password: "you",
};

/** The first run: organisation, first Org Admin, keyring, recovery code, and how to start. */
export default function FirstRun() {
  const [step, setStep] = useState<Step>("organisation");
  const [input, setInput] = useState<FirstRunInput>(() => ({
    organisation: "",
    country: homeCountry(),
    time_zone: homeZone,
    user_name: "",
    full_name: "",
    password: "",
    again: "",
    passphrase: "",
    phrase_again: "",
  }));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [begun, setBegun] = useState<Plain<model.organisation.Begun> | null>(null);
  // The keyring is tried while the person types, from the second step on.
  const probe = useProbe(step !== "organisation" && begun === null);

  const change = (part: Partial<FirstRunInput>) => {
    setInput((now) => ({ ...now, ...part }));
    setErrors((now) => Object.fromEntries(Object.entries(now).filter(([field]) => !(field in part))));
  };
  const shared = { input, change, errors };

  switch (step) {
    case "organisation":
      return <StepOrganisation {...shared} onNext={() => setStep("you")} />;
    case "you":
      return <StepYou {...shared} onBack={() => setStep("organisation")} onNext={() => setStep("secrets")} />;
    case "secrets":
      return (
        <StepSecrets
          {...shared}
          probe={probe}
          onBack={() => setStep("you")}
          onRefused={(found) => {
            setErrors(found);
            const first = Object.keys(found).find((field) => stepOf[field]);
            if (first) setStep(stepOf[first] ?? "secrets");
          }}
          onBegun={(made) => {
            setErrors({});
            setBegun(made);
            setStep("code");
          }}
        />
      );
    case "code":
      return (
        begun && (
          <StepCode
            begun={begun}
            byPassphrase={input.passphrase !== ""}
            onBack={() => {
              setBegun(null);
              setStep("secrets");
            }}
            onDone={() => setStep("start")}
          />
        )
      );
    case "start":
      return <StepStart />;
  }
}

import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { certificate, window as frame } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask } from "../../bridge/query";
import { useConfirmed, wasGivenUp } from "../../shell/password";
import { showFault } from "../../shell/showFault";
import { useConfirm } from "../../ui";

function tell(fault: Fault): void {
  if (!wasGivenUp(fault)) showFault(fault);
}

/** What can be done with the certificate of the office network. Only an Org Admin may change it. */
export function useCertificate() {
  const confirm = useConfirm();
  const mayChange = useCan(certificate.Give);
  const renewing = useMutation({ ...useConfirmed(certificate.RenewRoot), onError: tell });
  const goingBack = useMutation({ ...useConfirmed(certificate.UseOffice), onError: tell });
  return {
    mayChange,
    busy: renewing.isPending || goingBack.isPending,
    saveRoot: async () => {
      try {
        const { name, text } = await ask(certificate.Root, undefined);
        const saved = await ask(frame.SaveText, { title: "Save the root certificate", file_name: name, text });
        if (saved.saved) notifications.show({ message: `Saved as ${saved.path}` });
      } catch (cause) {
        tell(faultOf(cause));
      }
    },
    renew: async () => {
      const yes = await confirm({
        question: "Make a new root certificate?",
        consequence:
          "Every machine that trusts the present one is refused by its own check until it has the new one. Save it and give it to each of them.",
        yes: "Make a new one",
        no: "Keep the present one",
        danger: true,
      });
      if (yes) {
        renewing.mutate(undefined, {
          onSuccess: () => notifications.show({ message: "There is a new root certificate." }),
        });
      }
    },
    useOffice: async () => {
      const yes = await confirm({
        question: "Go back to the office's own certificate?",
        consequence:
          "The certificate that was given and its key are deleted here. Callers then need the office's root certificate.",
        yes: "Go back",
        no: "Keep it",
        danger: true,
      });
      if (yes) {
        goingBack.mutate(undefined, {
          onSuccess: () => notifications.show({ message: "The office's own certificate is in force." }),
        });
      }
    },
  };
}

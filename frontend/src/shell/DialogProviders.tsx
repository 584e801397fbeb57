import { Notifications, notifications } from "@mantine/notifications";
import { type ReactNode, useEffect } from "react";
import { ConfirmProvider } from "../ui/Confirm";
import { PasswordProvider } from "./password";

/** What screens need to ask questions, to ask for the password, and to show notifications in the corner. */
export function DialogProviders({ children }: { children: ReactNode }) {
  // The next person must not see this person's notifications.
  useEffect(() => () => notifications.clean(), []);
  return (
    <ConfirmProvider>
      <PasswordProvider>{children}</PasswordProvider>
      <Notifications position="bottom-right" limit={3} autoClose={5000} />
    </ConfirmProvider>
  );
}

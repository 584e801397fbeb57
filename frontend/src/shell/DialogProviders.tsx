import { Notifications, notifications } from "@mantine/notifications";
import { type ReactNode, useEffect } from "react";
import { ConfirmProvider } from "../ui/Confirm";
import { PasswordProvider } from "./password";

/** What the office's screens ask and say above themselves: questions, the password, and notes in the corner. */
export function DialogProviders({ children }: { children: ReactNode }) {
  // What one person was told is not kept for the next.
  useEffect(() => () => notifications.clean(), []);
  return (
    <ConfirmProvider>
      <PasswordProvider>{children}</PasswordProvider>
      <Notifications position="bottom-right" limit={3} autoClose={5000} />
    </ConfirmProvider>
  );
}

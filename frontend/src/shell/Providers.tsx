import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Router } from "wouter";
import { copyText } from "../bridge/runtime";
import { ConfirmProvider } from "../ui/Confirm";
import { setCopy } from "../ui/CopyButton";
import { GuardContext, makeGuards } from "../ui/useUnsaved";
import { askBeforeLeaving, useHashPath, useHashSearch } from "./location";
import { styleNonce } from "./nonce";
import { PasswordProvider } from "./password";
import { systemScheme, theme } from "./theme";

setCopy((text) => copyText(text));

interface ProvidersProps {
  client: QueryClient;
  children: ReactNode;
  /** "test" draws dialogs in place and at once. */
  env?: "default" | "test";
}

const hrefs = (path: string) => `#${path}`;

/** What every screen stands in: looks, cache, route, questions and the guard of unsaved forms. */
export function Providers({ client, children, env = "default" }: ProvidersProps) {
  const [guards] = useState(makeGuards);
  useEffect(() => {
    askBeforeLeaving(guards.ask);
    return () => askBeforeLeaving(() => true);
  }, [guards]);

  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={systemScheme}
      getStyleNonce={() => styleNonce}
      env={env}
    >
      <QueryClientProvider client={client}>
        <Router hook={useHashPath} searchHook={useHashSearch} hrefs={hrefs}>
          <GuardContext.Provider value={guards}>
            <ConfirmProvider>
              <PasswordProvider>{children}</PasswordProvider>
            </ConfirmProvider>
          </GuardContext.Provider>
        </Router>
        <Notifications position="bottom-right" limit={3} autoClose={5000} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

import { MantineProvider } from "@mantine/core";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Router } from "wouter";
import { copyText } from "../bridge/runtime";
import { setCopy } from "../ui/copy";
import { GuardContext, makeGuards } from "../ui/guard";
import { personsScheme } from "./appearance";
import { askBeforeLeaving, useHashPath, useHashSearch } from "./location";
import { styleNonce } from "./nonce";
import { theme } from "./theme";

setCopy((text) => copyText(text));

interface ProvidersProps {
  client: QueryClient;
  children: ReactNode;
  /** "test" shows dialogs in place and without transitions. */
  env?: "default" | "test";
}

const hrefs = (path: string) => `#${path}`;

/** What every screen needs, those before the office too: theme, cache, routing and the guard of unsaved forms. */
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
      colorSchemeManager={personsScheme}
      getStyleNonce={() => styleNonce}
      env={env}
    >
      <QueryClientProvider client={client}>
        <Router hook={useHashPath} searchHook={useHashSearch} hrefs={hrefs}>
          <GuardContext.Provider value={guards}>{children}</GuardContext.Provider>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  );
}

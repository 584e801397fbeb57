import type { QueryClient } from "@tanstack/react-query";
import { type RenderResult, render, renderHook } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { makeClient } from "../bridge/query";
import { type Session, SessionProvider } from "../bridge/session";
import { DialogProviders } from "../shell/DialogProviders";
import { Providers } from "../shell/Providers";
import { signedIn } from "./bridge";

interface Options {
  session?: Session;
  client?: QueryClient;
  /** The address of the window, such as `/setups/new`. */
  at?: string;
}

/** Renders a component or a screen as the shell does, for a signed-in person. */
export function renderInShell(content: ReactNode, options: Options = {}): RenderResult & { client: QueryClient } {
  const { client, inShell } = shell(options);
  const result = render(inShell(content));
  return { ...result, client, rerender: (node) => result.rerender(inShell(node)) };
}

/** Runs a hook as the shell does, without rendering a component that uses it. */
export function hookInShell<Result>(hook: () => Result, options: Options = {}) {
  const { inShell } = shell(options);
  return renderHook(hook, { wrapper: ({ children }: { children: ReactNode }) => inShell(children) });
}

function shell(options: Options) {
  const client = options.client ?? makeClient();
  if (options.at) window.location.hash = options.at;
  const inShell = (node: ReactNode) => (
    <Providers client={client} env="test">
      <SessionProvider value={options.session ?? signedIn([])}>
        <DialogProviders>{node}</DialogProviders>
      </SessionProvider>
    </Providers>
  );
  return { client, inShell };
}

/** The serious findings of axe, as sentences. Colours are checked in the real browser. */
export async function axeFindings(root: Element = document.body): Promise<string[]> {
  const { violations } = await axe.run(root, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    // The report has only what is used: no selectors, and one node for each rule that passed.
    resultTypes: ["violations"],
    selectors: false,
  });
  return violations
    .filter((each) => each.impact === "serious" || each.impact === "critical")
    .map((each) => `${each.id}: ${each.help} (${each.nodes.map((node) => node.html).join(" | ")})`);
}

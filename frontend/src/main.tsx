import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./shell/base.css";
import "./shell/nonce";
import { createRoot } from "react-dom/client";
import { makeClient } from "./bridge/query";
import { windowSession } from "./bridge/session";
import { Boot } from "./shell/Boot";
import { entries } from "./shell/entries";
import { builtGates } from "./shell/gates";
import { installGuards } from "./shell/guards";
import { Providers } from "./shell/Providers";

installGuards();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <Providers client={makeClient()}>
      <Boot door={windowSession} gates={builtGates} entries={entries} />
    </Providers>,
  );
}

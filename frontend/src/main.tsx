import "./shell/firstStyles";
import "./shell/nonce";
import { createRoot } from "react-dom/client";
import { makeClient } from "./bridge/query";
import { windowSession } from "./bridge/session";
import { Boot } from "./shell/Boot";
import { entries } from "./shell/entries";
import { Ground } from "./shell/Ground";
import { builtGates } from "./shell/gates";
import { installGuards } from "./shell/guards";

installGuards();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <Ground client={makeClient()}>
      <Boot door={windowSession} gates={builtGates} entries={entries} />
    </Ground>,
  );
}

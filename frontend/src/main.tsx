import "./shell/firstStyles";
import "./shell/nonce";
import { createRoot } from "react-dom/client";
import { makeClient } from "./bridge/query";
import { windowSession } from "./bridge/session";
import { Boot } from "./shell/Boot";
import { bootScreens } from "./shell/bootScreens";
import { Closing } from "./shell/Closing";
import { entries } from "./shell/entries";
import { installGuards } from "./shell/guards";
import { Providers } from "./shell/Providers";
import { watchRoom } from "./ui/textSize";

installGuards();
watchRoom();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <Providers client={makeClient()}>
      <Boot door={windowSession} gates={bootScreens} entries={entries} />
      <Closing />
    </Providers>,
  );
}

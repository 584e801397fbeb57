import { apikey, call, erase, process, provider, setup, transfer, user } from "../bridge/api";
import type { Right } from "../bridge/can";

/** What the palette can begin on a screen. The screen must be one that the person may see. */
interface ScreenAction {
  id: string;
  label: string;
  /** Other words by which it is found. */
  keywords?: string[];
  /** The address where it begins; `useQueryAction` reads what follows the `?`. */
  place: string;
  /** What a person must be allowed to do: the action itself, and to see its screen. */
  needs: Right[];
}

export const screenActions: ScreenAction[] = [
  {
    id: "create-setup",
    label: "Create API Key Setup",
    keywords: ["add", "new"],
    place: "/setups/new",
    needs: [setup.Create],
  },
  {
    id: "test-all",
    label: "Test all API Key Setups",
    keywords: ["fire", "simulator"],
    place: "/setups?test-all=1",
    needs: [call.TestAll, "setup.view"],
  },
  {
    id: "import-setups",
    label: "Import setups",
    keywords: ["json", "file"],
    place: "/setups?import=1",
    needs: [transfer.Import, "setup.view"],
  },
  {
    id: "send-once",
    label: "Send once",
    keywords: ["message", "live"],
    place: "/calls?send=1",
    needs: [call.Send, "call.view"],
  },
  {
    id: "create-process",
    label: "Create process",
    keywords: ["add", "new"],
    place: "/processes?create=1",
    needs: [process.CreatePlace, "process.view"],
  },
  {
    id: "create-user",
    label: "Create user",
    keywords: ["add", "new", "person"],
    place: "/users/new",
    needs: [user.Create, "user.view"],
  },
  {
    id: "add-provider",
    label: "Add a provider",
    keywords: ["new", "yaml", "file"],
    place: "/providers?add=1",
    needs: [provider.Import],
  },
  {
    id: "create-key",
    label: "Generate an API Key",
    keywords: ["create", "new", "secret"],
    place: "/keys?create=1",
    needs: [apikey.Create, "apikey.view"],
  },
  {
    id: "check-key",
    label: "Check a key",
    keywords: ["mistyped", "expired", "revoked", "why"],
    place: "/keys?check=1",
    needs: [apikey.Check],
  },
  {
    id: "find-leaks",
    label: "Look for leaked keys",
    keywords: ["search", "file", "stolen"],
    place: "/keys?leaks=1",
    needs: [apikey.FindLeaks],
  },
  {
    id: "erase-text",
    label: "Erase a text from the history",
    keywords: ["delete", "key", "secret"],
    place: "/activity?erase=1",
    needs: [erase.Text, "activity.view"],
  },
];

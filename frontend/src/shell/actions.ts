/** What the palette can begin on a screen. The screen must be one that the person may see. */
interface ScreenAction {
  id: string;
  label: string;
  /** Other words it is found by. */
  keywords?: string[];
  /** Where it begins; what stands behind the `?` is read by `useQueryAction`. */
  place: string;
  /** The rights without which it is not offered, all of them. */
  needs: string[];
}

export const screenActions: ScreenAction[] = [
  {
    id: "create-setup",
    label: "Create API Key Setup",
    keywords: ["add", "new"],
    place: "/setups/new",
    needs: ["setup.create"],
  },
  {
    id: "test-all",
    label: "Test all API Key Setups",
    keywords: ["fire", "simulator"],
    place: "/setups?test-all=1",
    needs: ["setup.test", "setup.view"],
  },
  {
    id: "import-setups",
    label: "Import setups",
    keywords: ["json", "file"],
    place: "/setups?import=1",
    needs: ["data.import", "setup.create", "setup.view"],
  },
  {
    id: "send-once",
    label: "Send once",
    keywords: ["message", "live"],
    place: "/calls?send=1",
    needs: ["call.send", "call.view"],
  },
  {
    id: "create-process",
    label: "Create process",
    keywords: ["add", "new"],
    place: "/processes?create=1",
    needs: ["process.create", "process.view"],
  },
  {
    id: "create-user",
    label: "Create user",
    keywords: ["add", "new", "person"],
    place: "/users/new",
    needs: ["user.create", "user.view"],
  },
  {
    id: "add-provider",
    label: "Add a provider",
    keywords: ["new", "yaml", "file"],
    place: "/providers?add=1",
    needs: ["settings.manage"],
  },
];

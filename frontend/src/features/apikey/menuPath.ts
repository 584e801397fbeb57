/** The three ways to the keys, each with the words of its guide (X3). */
export interface MenuPath {
  /** The address of the list. */
  base: string;
  /** The title of the list's screen. */
  title: string;
  /** The button that opens the form. */
  create: string;
  /** The field of the name, with an example of a name that tells something. */
  name: string;
  example: string;
  /** The button that makes the key. */
  confirm: string;
}

export const secretManager: MenuPath = {
  base: "/keys",
  title: "API Secret Manager",
  create: "Create New",
  name: "Title",
  example: "Payment Gateway",
  confirm: "Confirm",
};

export const apiKeys: MenuPath = {
  base: "/settings/api-keys",
  title: "API Keys",
  create: "Create API Key",
  name: "Key Name",
  example: "Integration with CRM",
  confirm: "Generate",
};

export const integration: MenuPath = {
  base: "/settings/integration/api-keys",
  title: "API Keys",
  create: "Generate Key",
  name: "Key Name",
  example: "Production Server",
  confirm: "Generate",
};

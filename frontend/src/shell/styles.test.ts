import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

/** Which of Mantine's style sheets the page loads, and when: from the components that the source uses, file by file. */
const src = resolve(import.meta.dirname, "..");
const mantine = resolve(src, "../node_modules/@mantine");
const read = (file: string) => readFileSync(file, "utf8");

/** The files of the components that `@mantine/core` exports. */
const parts = new Map<string, string>();
for (const [, names = "", file = ""] of read(join(mantine, "core/esm/index.mjs")).matchAll(
  /import \{([^}]*)\} from "(\.[^"]*)"/g,
)) {
  for (const name of names.split(",")) parts.set(name.trim(), join(mantine, "core/esm", file));
}

function fileOf(from: string, name: string): string | undefined {
  const base = resolve(dirname(from), name);
  return ["", ".ts", ".tsx", "/index.ts", "/index.tsx"]
    .map((end) => base + end)
    .find((file) => existsSync(file) && statSync(file).isFile());
}

function importsOf(file: string, lazy: boolean): (string | undefined)[] {
  const text = read(file);
  const found: (string | undefined)[] = [];
  for (const [, type, names = "", from = ""] of text.matchAll(
    /(?:^|\n)(?:import|export)\s+(type\s)?([^;"]*?)\sfrom "([^"]+)";/g,
  )) {
    if (type) continue;
    if (from.startsWith(".")) found.push(fileOf(file, from));
    else if (from === "@mantine/core") {
      const words = names.replace(/[{}]/g, "").split(",");
      found.push(...words.map((word) => parts.get(word.trim().split(" as ")[0] ?? "")));
    } else if (from.startsWith("@mantine/")) found.push(join(mantine, from.split("/")[1] ?? "", "esm/index.mjs"));
  }
  if (lazy) for (const [, from = ""] of text.matchAll(/import\("([^"]+)"\)/g)) found.push(fileOf(file, from));
  return found;
}

/** The style sheets of all components that are reached from some files. */
function sheetsOf(files: string[], lazy: boolean): Set<string> {
  const seen = new Set<string>();
  const sheets = new Set<string>();
  const todo: (string | undefined)[] = [...files];
  while (todo.length > 0) {
    const file = todo.pop();
    if (!file || seen.has(file)) continue;
    seen.add(file);
    const sheet = /core\/esm\/.*?([A-Za-z]+)\.module\.mjs$/.exec(file)?.[1];
    if (sheet) sheets.add(sheet);
    else if (/\.(tsx?|mjs)$/.test(file)) todo.push(...importsOf(file, lazy));
  }
  return sheets;
}

const listed = (file: string) =>
  [...read(join(src, "shell", file)).matchAll(/"@mantine\/core\/styles\/([A-Za-z-]+)\.css"/g)].map(
    (match) => match[1] ?? "",
  );
const first = listed("firstStyles.ts");
const office = listed("officeStyles.ts");

const whole = read(join(mantine, "core/styles.css"));
const placeOf = (sheet: string) =>
  whole.indexOf(
    read(join(mantine, "core/styles", `${sheet}.css`))
      .trim()
      .slice(0, 150),
  );
const inOrder = (sheets: string[]) => [...sheets].sort((a, b) => placeOf(a) - placeOf(b));

const gates = ["SignIn", "Unlock", "FirstRun", "Locked", "MustChange"].map((name) =>
  join(src, "features/bootstrap", `${name}.tsx`),
);
const features = readdirSync(join(src, "features"))
  .map((word) => join(src, "features", word, "index.tsx"))
  .filter((file) => existsSync(file));

test("every component rendered before the office has its style sheet by then", () => {
  const used = sheetsOf([...gates, join(src, "main.tsx")], false);
  expect(used).toContain("PasswordInput");
  const missing = [...used].filter((sheet) => !first.includes(sheet));
  expect(missing, "their style sheets belong in firstStyles.ts").toEqual([]);
});

test("every component rendered anywhere has its style sheet once the office is there", () => {
  const used = sheetsOf([...features, join(src, "main.tsx")], true);
  expect(used).toContain("Tabs");
  const missing = [...used].filter((sheet) => !first.includes(sheet) && !office.includes(sheet));
  expect(missing, "their style sheets belong in officeStyles.ts").toEqual([]);
});

test("they are in Mantine's order, base styles first, and none twice", () => {
  expect(first).toEqual(inOrder(first));
  expect(office).toEqual(inOrder(office));
  expect(new Set([...first, ...office]).size).toBe(first.length + office.length);
  // Flex has one rule, and nothing here uses it.
  const ground = [
    "ScrollArea",
    "UnstyledButton",
    "VisuallyHidden",
    "Paper",
    "Overlay",
    "Popover",
    "Loader",
    "ActionIcon",
  ];
  ground.push("CloseButton", "Group", "ModalBase", "Input", "FloatingIndicator");
  expect(ground.filter((sheet) => !first.includes(sheet))).toEqual([]);
  expect(Math.max(...ground.map(placeOf))).toBeLessThan(Math.min(...office.map(placeOf)));
});

/** Settings > Alerts (C29; UI.md, Alerts on screen). */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Permission } from "../../bridge/operation";
import { entries } from "../../shell/entries";
import { Frame } from "../../shell/Frame";
import { fakeDoor, fakeGo, faultLine, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { fill, user } from "../../testing/user";
import SettingsScreen from ".";

const row = (id: string, name: string) => ({
  id,
  process: "Orders",
  sub_process: "",
  sub_sub_process: "",
  stage: "Office",
  auth_type: "bearer",
  channel: "sms",
  provider: "",
  provider_name: "",
  name,
  method: "POST",
  url: "https://sms.example",
  enabled: true,
  tls_off: false,
  unreadable: false,
  last_verdict: "",
  last_at_ms: 0,
  last_simulated: false,
  version: 1,
  deleted_ms: 0,
});

const stageParam = (variable: string, field: string) => ({ id: variable, variable, field, default: "" });

type Settings = { desktop: boolean; message: { on: boolean; setup_id: string; fields: Record<string, string> } };

function open(
  settings: Partial<Settings> = {},
  more: Parameters<typeof fakeGo>[0] = {},
  rights: Permission[] = ["settings.manage", "setup.view", "call.send"],
) {
  const stored = {
    settings: { desktop: true, message: { on: false, setup_id: "", fields: {} }, ...settings } as Settings,
    version: 1,
  };
  const go = fakeGo({
    "Organisation.Steps": () => [],
    "Organisation.Running": () => ({ local_api: false, port: 7373, problem: "", paused: false }),
    "Alert.Settings": () => stored,
    "Alert.SaveSettings": (input: typeof stored) => {
      stored.settings = input.settings;
      stored.version = input.version + 1;
      return stored;
    },
    "Setup.List": ({ search }: { search: string }) => ({
      rows: [row("s1", "Tell the admin"), row("s2", "Other")].filter(({ name }) => name.includes(search)),
      next: "",
      count: 2,
      capped: false,
    }),
    "Setup.Get": ({ id }: { id: string }) => ({
      id,
      title: "Tell the admin",
      draft: { request: { stage_params: [stageParam("to", "Mobile"), stageParam("text", "Text")] } },
    }),
    "Setup.Preview": () => ({
      fields: [
        { id: "f1", name: "Mobile", type: "phone", required: true, sample: "+911" },
        { id: "f2", name: "Text", type: "text", required: false, sample: "" },
        { id: "f3", name: "Unused", type: "text", required: false, sample: "" },
      ],
    }),
    ...more,
  });
  const session = signedIn(rights);
  renderInShell(
    <Frame entries={entries.filter(({ path }) => path === "/settings")} door={fakeDoor(session)} onSession={() => {}}>
      <SettingsScreen />
    </Frame>,
    { session, at: "/settings/alerts" },
  );
  return { go, stored };
}

const press = async (name: string) => user.click(await screen.findByRole("button", { name }));

test("C29: a setup is chosen, its fields are filled with what an alert says, and all is saved together", async () => {
  const { stored } = open();
  await user.click(await screen.findByRole("switch", { name: /Send alerts as a message/ }));
  await user.click(await screen.findByLabelText("API Key Setup", { selector: "input" }));
  await user.click(await screen.findByRole("option", { name: "Tell the admin: Orders / Office, SMS" }));
  // Only what the setup reads; its text begins with the alert's sentence.
  const text = await screen.findByRole<HTMLInputElement>("textbox", { name: "Text" });
  await waitFor(() => expect(text.value).toBe("{{alert}}"));
  expect(screen.queryByRole("textbox", { name: "Unused" })).toBeNull();
  fill(screen.getByRole("textbox", { name: "Mobile" }), "+14155550100");
  expect(await axeFindings()).toEqual([]);
  await press("Save settings");
  await waitFor(() =>
    expect(stored).toEqual({
      version: 2,
      settings: {
        desktop: true,
        message: { on: true, setup_id: "s1", fields: { Mobile: "+14155550100", Text: "{{alert}}" } },
      },
    }),
  );
});

const chosen = { message: { on: true, setup_id: "s1", fields: { Mobile: "Ada", Text: "{{alert}}" } } };

test("a refusal is at its field, and goes once the field is changed", async () => {
  open(chosen, {
    "Alert.SaveSettings": () => {
      throw faultLine("invalid", "call.fields", "Mobile is not a phone number.", {
        fields: [{ name: "message.fields.Mobile", message: "Enter a phone number." }],
      });
    },
  });
  const mobile = await screen.findByRole("textbox", { name: "Mobile" });
  fill(mobile, "Ada L");
  await press("Save settings");
  await screen.findByText("Enter a phone number.");
  expect(mobile.getAttribute("aria-invalid")).toBe("true");
  fill(mobile, "+14155550100");
  expect(screen.queryByText("Enter a phone number.")).toBeNull();
});

test("a test alert asks before it is sent, and says what became of it", async () => {
  const { go } = open(chosen, {
    "Alert.Try": ({ confirmed }: { confirmed: boolean }) => {
      if (!confirmed) throw faultLine("conflict", "call.confirm", "This sends one real SMS to +1 and may cost money.");
      return { call: { reason: "Accepted by Twilio. Not yet delivered." } };
    },
  });
  await press("Send a test alert");
  const question = within(await screen.findByRole("dialog"));
  await question.findByText("This sends one real SMS to +1 and may cost money.");
  await user.click(question.getByRole("button", { name: "Do not send" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(go.inputs("Alert.Try")).toHaveLength(1);
  await press("Send a test alert");
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Send" }));
  await screen.findByText("Accepted by Twilio. Not yet delivered.");
  const tried = go.inputs("Alert.Try") as { confirmed: boolean }[];
  expect(tried.map(({ confirmed }) => confirmed)).toEqual([false, false, true]);
});

test("who may not send has no test, and who may not see setups reads why", async () => {
  open(chosen, {}, ["settings.manage"]);
  await screen.findByText("Choosing the setup needs the permission Can View API Key Setup.");
  expect(screen.queryByRole("button", { name: "Send a test alert" })).toBeNull();
  await screen.findByRole("switch", { name: /Show alerts on the desktop/ });
});

/** Settings > Local API: the addresses of this computer and the certificate of the office network (H21). */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeGo, faultLine, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { fill, user } from "../../testing/user";
import SettingsScreen from ".";

const settings = { on: true, port: 7373, per_minute: 600, network: true, addresses: ["192.168.1.20"], names: [] };
const none = {
  origin: "none",
  subject: "",
  issuer: "",
  fingerprint: "",
  from_ms: 0,
  until_ms: 0,
  has_root: false,
  uncovered: [],
  code: "",
  message: "",
  hint: "",
};
const office = {
  ...none,
  origin: "office",
  subject: "CN=Keydesk root of Asha Clinic",
  issuer: "CN=Keydesk root of Asha Clinic",
  fingerprint: "AB:CD:EF:01",
  until_ms: Date.UTC(2036, 0, 2),
  has_root: true,
};
const given = { ...office, origin: "given", subject: "CN=desk.office.example", issuer: "CN=Office CA" };

function open(more: Parameters<typeof fakeGo>[0] = {}, isOrgAdmin = true, state = settings) {
  const go = fakeGo({
    "Organisation.LocalAPI": () => ({
      settings: state,
      version: 1,
      listening: { addresses: ["http://127.0.0.1:7373", "https://192.168.1.20:7373"], code: "", message: "", hint: "" },
    }),
    "Organisation.Running": () => ({ local_api: true, port: 7373, problem: "", paused: false }),
    "Organisation.Client": () => ({ address: "http://127.0.0.1:7373", on: true, header: "", snippets: [] }),
    "Organisation.Addresses": () => [
      { address: "192.168.1.20", interface: "eth0", private: true },
      { address: "10.0.0.7", interface: "wlan0", private: true },
    ],
    "Certificate.Get": () => office,
    ...more,
  });
  const who = signedIn(["settings.manage"]);
  const { client } = renderInShell(<SettingsScreen />, {
    session: { ...who, user: { ...who.user, is_org_admin: isOrgAdmin } },
    at: "/settings/local-api",
  });
  return Object.assign(go, { client });
}

const press = async (name: string) => user.click(await screen.findByRole("button", { name }));
const section = () => screen.findByRole("region", { name: "Certificate of the office network" });
const question = (name: string) => screen.findByRole("dialog", { name });

test("an address of this computer is added with a click, and one that is entered is not offered", async () => {
  open();
  await press("Add 10.0.0.7");
  const field = screen.getByLabelText<HTMLTextAreaElement>("Addresses of this computer");
  expect(field.value).toBe("192.168.1.20\n10.0.0.7");
  expect(screen.queryByRole("button", { name: /^Add / })).toBeNull();
});

test("the office's root certificate is saved as a file, and its fingerprint can be compared", async () => {
  const go = open({
    "Certificate.Root": () => ({ name: "keydesk-root-abcd.pem", text: "PEM", fingerprint: "AB:CD:EF:01" }),
    "Window.SaveText": () => ({ saved: true, path: "/home/asha/keydesk-root-abcd.pem" }),
  });
  expect((await section()).textContent).toContain("AB:CD:EF:01");
  await screen.findByText(/^Other machines call https:\/\/192\.168\.1\.20:7373 instead/);
  await press("Save the root certificate");
  await screen.findByText("Saved as /home/asha/keydesk-root-abcd.pem");
  expect(go.inputs("Window.SaveText")).toEqual([
    { title: "Save the root certificate", file_name: "keydesk-root-abcd.pem", text: "PEM" },
  ]);
  expect(await axeFindings()).toEqual([]);
});

test("a certificate is given with its key; what is refused is said at its field, and the key is in no cache", async () => {
  let state: object = office;
  const go = open({
    "Certificate.Get": () => state,
    "Certificate.Give": () => {
      throw faultLine("invalid", "certificate.invalid", "No.", {
        fields: [{ name: "key", message: "This key does not belong to the certificate." }],
      });
    },
  });
  await press("Give another certificate");
  fill(await screen.findByLabelText("Certificate"), "-----BEGIN CERTIFICATE-----");
  fill(screen.getByLabelText("Private key"), "first key");
  expect(await axeFindings()).toEqual([]);
  await press("Use this certificate");
  await screen.findByText("This key does not belong to the certificate.");
  const key = screen.getByLabelText("Private key");
  await waitFor(() => expect(document.activeElement).toBe(key));
  fill(key, "second key");
  expect(screen.queryByText(/does not belong/)).toBeNull();
  go.answer("Certificate.Give", () => {
    state = given;
    return given;
  });
  await press("Use this certificate");
  await screen.findByText("The certificate is in force.");
  expect(go.inputs("Certificate.Give").at(-1)).toEqual({ chain: "-----BEGIN CERTIFICATE-----", key: "second key" });
  await waitFor(async () => expect((await section()).textContent).toContain("CN=Office CA"));
  const kept = () =>
    JSON.stringify(
      go.client
        .getMutationCache()
        .getAll()
        .map((each) => each.state.variables),
    );
  await waitFor(() => expect(kept()).not.toContain("second key"));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("Cancel asks before a typed certificate is lost; a cancelled password question loses nothing", async () => {
  open({
    "Certificate.Give": () => {
      throw faultLine("forbidden", "access.password_needed", "Enter your password once more for this.");
    },
  });
  await press("Give another certificate");
  fill(await screen.findByLabelText("Certificate"), "typed");
  await press("Use this certificate");
  await user.click(within(await question("Your password")).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Your password" })).toBeNull());
  expect(screen.getByLabelText<HTMLTextAreaElement>("Certificate").value).toBe("typed");
  await press("Cancel");
  await press("Stay");
  expect(screen.getByLabelText<HTMLTextAreaElement>("Certificate").value).toBe("typed");
});

test("a new root certificate is asked about by what follows", async () => {
  const go = open({ "Certificate.RenewRoot": () => office });
  await press("Make a new root certificate");
  await press("Keep the present one");
  expect(go.inputs("Certificate.RenewRoot")).toEqual([]);
  await press("Make a new root certificate");
  await press("Make a new one");
  await screen.findByText("There is a new root certificate.");
});

test("going back to the office's own certificate is asked about by what follows", async () => {
  let state: object = given;
  const go = open({
    "Certificate.Get": () => state,
    "Certificate.UseOffice": () => {
      state = office;
      return office;
    },
  });
  await press("Go back to the office's own");
  await press("Keep it");
  expect(go.inputs("Certificate.UseOffice")).toEqual([]);
  await press("Go back to the office's own");
  await press("Go back");
  await screen.findByRole("button", { name: "Make a new root certificate" });
});

test("a certificate that ends soon is said, and who is no Org Admin can only save the root", async () => {
  open(
    {
      "Certificate.Get": () => ({
        ...given,
        code: "certificate.expires",
        message: "The certificate expires soon. It has 3 days left.",
        hint: "Give a newer one, or go back to the office's own.",
      }),
    },
    false,
  );
  const shown = await section();
  expect(shown.textContent).toContain("It has 3 days left.");
  expect(
    within(shown)
      .getAllByRole("button")
      .map((each) => each.textContent || each.ariaLabel),
  ).toEqual(["Copy the fingerprint", "Save the root certificate"]);
  expect(screen.queryByRole("button", { name: /^Add / })).toBeNull();
});

test("an office that never opened its network is shown no certificate", async () => {
  const go = open({ "Certificate.Get": () => none }, true, { ...settings, network: false });
  await screen.findByRole("switch", { name: "Local API" });
  await waitFor(() => expect(go.inputs("Certificate.Get")).toHaveLength(1));
  expect(screen.queryByText("Certificate of the office network")).toBeNull();
});

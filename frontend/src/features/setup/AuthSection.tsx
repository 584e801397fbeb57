import { Select, Switch, TextInput } from "@mantine/core";
import { SecretInput } from "../../ui";
import { type Auth, authOfType, type SectionProps, type Value } from "./draft";
import { TemplateInput } from "./TemplateInput";
import { ValueInput } from "./ValueInput";
import { addToLabels, authLabels, choices, clientInLabels } from "./words";

interface AuthSectionProps extends SectionProps {
  /** What is saved, so that its stored secret comes back after trying another type. */
  saved: Auth | undefined;
}

/** How the call proves who it is (A26 to A34). */
export function AuthSection({ draft, changeRequest, errors, readOnly, saved }: AuthSectionProps) {
  const { auth } = draft.request;
  const set = (part: Partial<Auth>) => changeRequest({ auth: { ...auth, ...part } });
  const at = (name: string) => errors[`draft.request.auth.${name}`];
  return (
    <>
      <Select
        label="Auth Type"
        withAsterisk
        data={choices(authLabels)}
        value={auth.type}
        allowDeselect={false}
        readOnly={readOnly}
        error={at("type")}
        comboboxProps={{ transitionProps: { duration: 0 } }}
        onChange={(type) => type && changeRequest({ auth: authOfType(type, saved) })}
      />
      {auth.type === "api_key" && (
        <>
          <TemplateInput
            label="Key"
            description="The name it is sent under, such as X-Api-Key"
            withAsterisk
            value={auth.key_name}
            readOnly={readOnly}
            error={at("key_name")}
            onChange={(key_name) => set({ key_name })}
          />
          <ValueInput
            label="Value"
            name="Value"
            required
            value={auth.key_value}
            readOnly={readOnly}
            error={at("key_value")}
            onChange={(key_value) => set({ key_value })}
          />
          <Select
            label="Add to"
            data={choices(addToLabels)}
            value={auth.add_to}
            allowDeselect={false}
            readOnly={readOnly}
            error={at("add_to")}
            comboboxProps={{ transitionProps: { duration: 0 } }}
            onChange={(add_to) => add_to && set({ add_to })}
          />
        </>
      )}
      {auth.type === "bearer" && (
        <TokenInput
          label="Token"
          required
          value={auth.token}
          readOnly={readOnly}
          error={at("token")}
          onChange={(token) => set({ token })}
        />
      )}
      {auth.type === "basic" && (
        <>
          <TemplateInput
            label="Username"
            withAsterisk
            value={auth.username}
            readOnly={readOnly}
            error={at("username")}
            onChange={(username) => set({ username })}
          />
          <TokenInput
            label="Password"
            value={auth.password}
            readOnly={readOnly}
            error={at("password")}
            onChange={(password) => set({ password })}
          />
        </>
      )}
      {auth.type === "oauth2" && (
        <>
          {!auth.fetch_token && (
            <TokenInput
              label="Token"
              required
              value={auth.token}
              readOnly={readOnly}
              error={at("token")}
              onChange={(token) => set({ token })}
            />
          )}
          <TextInput
            label="Header Prefix"
            description="Sent before the token. If empty, the token is sent alone."
            value={auth.header_prefix}
            readOnly={readOnly}
            error={at("header_prefix")}
            spellCheck={false}
            onChange={(event) => set({ header_prefix: event.currentTarget.value })}
          />
          <Switch
            label="Fetch the token automatically"
            checked={auth.fetch_token}
            disabled={readOnly}
            onChange={(event) => set({ fetch_token: event.currentTarget.checked })}
          />
          {auth.fetch_token && <FetchToken auth={auth} set={set} at={at} readOnly={readOnly} />}
        </>
      )}
    </>
  );
}

interface TokenInputProps {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  error?: string;
  readOnly: boolean;
  required?: boolean;
}

/** Always a secret. A provider's request has a variable here, such as {{auth_token}}, until a value is typed. */
function TokenInput({ value, onChange, label, ...rest }: TokenInputProps) {
  if (!value.secret && value.plain)
    return <ValueInput {...rest} label={label} name={label} value={value} onChange={onChange} />;
  return (
    <SecretInput
      {...rest}
      label={label}
      value={value}
      onChange={(next) => onChange({ ...value, ...next, secret: true, plain: "" })}
    />
  );
}

interface FetchTokenProps {
  auth: Auth;
  set: (part: Partial<Auth>) => void;
  at: (name: string) => string | undefined;
  readOnly: boolean;
}

/** Client credentials: Keydesk fetches a token and renews it (A33). */
function FetchToken({ auth, set, at, readOnly }: FetchTokenProps) {
  return (
    <>
      <TextInput
        label="Token URL"
        withAsterisk
        placeholder="https://auth.example.com/oauth/token"
        value={auth.token_url}
        readOnly={readOnly}
        error={at("token_url")}
        spellCheck={false}
        classNames={{ input: "mono" }}
        onChange={(event) => set({ token_url: event.currentTarget.value })}
      />
      <TextInput
        label="Client ID"
        withAsterisk
        value={auth.client_id}
        readOnly={readOnly}
        error={at("client_id")}
        spellCheck={false}
        onChange={(event) => set({ client_id: event.currentTarget.value })}
      />
      <SecretInput
        label="Client Secret"
        required
        value={auth.client_secret}
        readOnly={readOnly}
        error={at("client_secret")}
        onChange={(value) => set({ client_secret: { ...auth.client_secret, ...value } })}
      />
      <TextInput
        label="Scopes"
        description="Separated by spaces. If empty, none is requested."
        value={auth.scopes}
        readOnly={readOnly}
        error={at("scopes")}
        spellCheck={false}
        onChange={(event) => set({ scopes: event.currentTarget.value })}
      />
      <Select
        label="Client ID and secret"
        description="Where the token address takes them. Automatic tries one after the other."
        data={choices(clientInLabels)}
        value={auth.client_in}
        allowDeselect={false}
        readOnly={readOnly}
        error={at("client_in")}
        comboboxProps={{ transitionProps: { duration: 0 } }}
        onChange={(client_in) => client_in !== null && set({ client_in })}
      />
    </>
  );
}

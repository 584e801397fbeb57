import { useRoute } from "wouter";
import { ProviderList } from "./ProviderList";

/** Providers (RULES.md, Providers): the built-in ones and a user's own files. */
export default function Providers() {
  const [, params] = useRoute("/providers/:id");
  return <ProviderList openId={decodeURIComponent(params?.id ?? "")} />;
}

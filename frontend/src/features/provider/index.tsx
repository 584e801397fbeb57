import { useRoute } from "wouter";
import { ProviderList } from "./ProviderList";

/** Providers (product.md 7): the built-in ones and a user's own files. */
export default function Providers() {
  const [, params] = useRoute("/providers/:id");
  return <ProviderList openId={decodeURIComponent(params?.id ?? "")} />;
}

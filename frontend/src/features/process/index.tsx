import { useRoute } from "wouter";
import { ProcessScreen } from "./ProcessScreen";

/** `/processes` and `/processes/:placeId`. */
export default function Processes() {
  const [, params] = useRoute("/processes/:placeId");
  return <ProcessScreen placeId={params?.placeId ?? ""} />;
}

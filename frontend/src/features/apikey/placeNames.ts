import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

type Place = Plain<model.process.Node>;

/** Each place with the names above it, "Orders / Delivery", in the order of the tree. */
export function placeNames(places: Place[]): { value: string; label: string }[] {
  const byId = new Map(places.map((place) => [place.id, place]));
  const nameOf = (place: Place): string => {
    const above = byId.get(place.parent_id);
    return above ? `${nameOf(above)} / ${place.name}` : place.name;
  };
  return places
    .map((place) => ({ value: place.id, label: nameOf(place) }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

import { cutAtHits } from "../../ui/text";
import type { Place, Stage, Tree } from "./words";

/** The place and those above it, root first. */
export function pathTo(tree: Tree, placeId: string): Place[] {
  const byId = new Map(tree.places.map((place) => [place.id, place]));
  const path: Place[] = [];
  for (let place = byId.get(placeId); place; place = byId.get(place.parent_id)) path.unshift(place);
  return path;
}

/** All places below one, parents before children. */
export function below(tree: Tree, placeId: string): Place[] {
  const inside = new Set([placeId]);
  return tree.places.filter((place) => {
    if (!inside.has(place.parent_id)) return false;
    inside.add(place.id);
    return true;
  });
}

export function stagesAt(tree: Tree, placeIds: string[]): Stage[] {
  const wanted = new Set(placeIds);
  return tree.stages.filter((stage) => wanted.has(stage.place_id));
}

/** One line of the tree on the screen. */
export interface Line {
  place: Place;
  open: boolean;
  parent: boolean;
  /** Its number among the siblings that are shown, from 1, and how many those are. */
  position: number;
  siblings: number;
  /** The names of its stages that match the search. */
  stages: string[];
}

const matches = (text: string, term: string) => {
  const hit = cutAtHits(text, term).filter((piece) => piece.hit);
  // A single mark is not enough: every word has to be found.
  const words = [...new Set(term.trim().split(/\s+/))];
  return hit.length > 0 && words.every((word) => cutAtHits(text, word).some((piece) => piece.hit));
};

/**
 * The lines to show, from top to bottom. With a search, these are the places that match by their name, their code or
 * the name of a stage, and those above them, all open.
 */
export function linesOf(tree: Tree, open: ReadonlySet<string>, search: string): Line[] {
  const term = search.trim();
  const children = new Map<string, Place[]>();
  for (const place of tree.places) {
    const siblings = children.get(place.parent_id);
    if (siblings) siblings.push(place);
    else children.set(place.parent_id, [place]);
  }
  const stageHits = new Map<string, string[]>();
  const kept = new Set<string>();
  if (term) {
    for (const stage of tree.stages) {
      if (!matches(stage.name, term)) continue;
      stageHits.set(stage.place_id, [...(stageHits.get(stage.place_id) ?? []), stage.name]);
    }
    const byId = new Map(tree.places.map((place) => [place.id, place]));
    for (const place of tree.places) {
      if (!matches(place.name, term) && !matches(place.code, term) && !stageHits.has(place.id)) continue;
      for (let each: Place | undefined = place; each; each = byId.get(each.parent_id)) kept.add(each.id);
    }
  }

  const lines: Line[] = [];
  const walk = (parentId: string) => {
    const shown = (children.get(parentId) ?? []).filter((place) => !term || kept.has(place.id));
    shown.forEach((place, index) => {
      const beneath = (children.get(place.id) ?? []).filter((each) => !term || kept.has(each.id));
      const isOpen = beneath.length > 0 && (term !== "" || open.has(place.id));
      lines.push({
        place,
        open: isOpen,
        parent: beneath.length > 0,
        position: index + 1,
        siblings: shown.length,
        stages: stageHits.get(place.id) ?? [],
      });
      if (isOpen) walk(place.id);
    });
  };
  walk("");
  return lines;
}

import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import type { Place, Stage } from "./draft";

export type Tree = Plain<model.process.Tree>;

/** The place and those above it, root first, as far as they are in the tree. */
export function pathTo(tree: Tree, placeId: string): Place[] {
  const byId = new Map(tree.places.map((place) => [place.id, place]));
  const path: Place[] = [];
  for (let place = byId.get(placeId); place; place = byId.get(place.parent_id)) path.unshift(place);
  return path;
}

export function childrenOf(tree: Tree, parentId: string): Place[] {
  return tree.places.filter((place) => place.parent_id === parentId);
}

export function stagesOf(tree: Tree, placeId: string): Stage[] {
  return tree.stages.filter((stage) => stage.place_id === placeId).sort((a, b) => a.position - b.position);
}

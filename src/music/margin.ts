/** Where listeners' holes lie in a roll's margin: by their number alone, so that nothing of who punched them need be kept. */

/** One's place in the margin, each from 0 to below 1: along the roll, and across its two edges as if they were one. */
export type MarginPlace = { readonly along: number; readonly across: number };

/** The generalised golden ratio of the plane, the root of x³ = x + 1 (M. Roberts, "The unreasonable effectiveness of quasirandom sequences"). */
const PLASTIC = 1.324717957244746;
/** Two edges, above and below the music. */
const EDGES = 2;

/** The place of hole `index`, from 0: each is far from all before it, and none moves when others come. */
export const marginPlace = (index: number): MarginPlace => ({
  along: (0.5 + (index + 1) / PLASTIC) % 1,
  across: (0.5 + (index + 1) / PLASTIC ** 2) % 1,
});

export const marginPlaces = (holes: number): readonly MarginPlace[] =>
  Array.from({ length: holes }, (_, index) => marginPlace(index));

/** A place as a point of a path with round ends, in one edge `width` by `height` units. */
export const marginPoint = ({ along, across }: MarginPlace, width: number, height: number): string =>
  `M${Math.round(along * width)} ${Math.round(across * height)}h0`;

/** All of them as such a path. */
export const marginPath = (holes: number, width: number, height: number): string =>
  marginPlaces(holes)
    .map((place) => marginPoint(place, width, height))
    .join('');

/** Upper (0) or lower (1) edge, and how far into it, from 0 to below 1. */
export function edgeOf({ across }: MarginPlace): readonly [edge: number, into: number] {
  const edge = Math.floor(across * EDGES);
  return [edge, across * EDGES - edge];
}

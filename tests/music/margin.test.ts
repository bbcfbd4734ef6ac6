import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MOST_HOLES } from '../../src/broadcast/margin/punch.ts';
import { edgeOf, marginPath, marginPlace, marginPlaces } from '../../src/music/margin.ts';

test('a hole’s place is told by its number, and does not move when others come', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), (a, b) => {
      const [fewer, more] = [Math.min(a, b), Math.max(a, b)];
      expect(marginPlaces(more).slice(0, fewer)).toEqual(marginPlaces(fewer));
    }),
  );
  expect(marginPlace(0).along).toBeCloseTo(0.2549, 4);
  expect(marginPlace(0).across).toBeCloseTo(0.0698, 4);
});

test('of a full margin no two holes meet: by area each is at least half as far from the next as in a grid', () => {
  const places = marginPlaces(MOST_HOLES);
  let nearest = 1;
  for (const [i, a] of places.entries()) {
    for (const b of places.slice(0, i)) {
      // The sequence lies on a torus.
      const [x, y] = [Math.abs(a.along - b.along), Math.abs(a.across - b.across)];
      nearest = Math.min(nearest, Math.hypot(Math.min(x, 1 - x), Math.min(y, 1 - y)));
    }
  }
  expect(nearest * Math.sqrt(MOST_HOLES)).toBeGreaterThan(0.5);
});

test('both edges are punched alike, within them', () => {
  const edges = marginPlaces(1_000).map(edgeOf);
  expect(edges.every(([edge, into]) => (edge === 0 || edge === 1) && into >= 0 && into < 1)).toBe(true);
  expect(Math.abs(edges.filter(([edge]) => edge === 0).length - 500)).toBeLessThan(20);
});

test('as a path it is a point a hole', () => {
  expect(marginPath(2, 1000, 24)).toBe('M255 2h0M10 15h0');
  expect(marginPath(0, 1000, 24)).toBe('');
});

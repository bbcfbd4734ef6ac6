/** What must hold of a crowd after its evening. */
import { expect } from '@jest/globals';
import type { CrowdStation } from './crowd-station.ts';

/** That everybody heard everything, in time, as from one broadcaster. */
export function expectAllHeard({ listeners, music }: CrowdStation, context = ''): void {
  for (const [name, { notes, state }] of listeners) {
    const where = `${context} ${name}`;
    expect([where, notes()]).toEqual([where, music.notes]);
    const expected = { ended: true, late: 0, contradictions: 0, stopped: false };
    expect([where, state]).toEqual([where, expect.objectContaining(expected)]);
  }
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connections } from '../../src/ports.ts';

export type OpenedConnections = { readonly connections: Connections; close(): Promise<void> };

/** What every register of listeners must do. */
export function connectionsContract(name: string, open: () => Promise<OpenedConnections>): void {
  describe(`${name} knows who listens`, () => {
    let opened: OpenedConnections;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const listed = async () => [...(await opened.connections.list())].sort();

    test('lists who joined and has not left', async () => {
      expect(await listed()).toEqual([]);
      // Ids as API Gateway makes them.
      for (const id of ['LpYpZdPOFiACHBw=', 'a/b+c==', 'zz']) await opened.connections.add(id);
      await opened.connections.remove('zz');
      expect(await listed()).toEqual(['LpYpZdPOFiACHBw=', 'a/b+c==']);
    });

    test('joining twice is joining once, leaving twice is leaving once', async () => {
      await opened.connections.add('a');
      await opened.connections.add('a');
      expect(await listed()).toEqual(['a']);
      await opened.connections.remove('a');
      await opened.connections.remove('a');
      await opened.connections.remove('never there');
      expect(await listed()).toEqual([]);
    });

    test('loses nobody among many', async () => {
      const ids = Array.from({ length: 120 }, (_, i) => `listener-${i}`).sort();
      await Promise.all(ids.map((id) => opened.connections.add(id)));
      expect(await listed()).toEqual(ids);
      expect(await opened.connections.count()).toBe(120);
    });

    test('in parts everybody is in one, and part i of n is parts i and i + n of 2n', async () => {
      const ids = Array.from({ length: 60 }, (_, i) => `listener-${i}`);
      await Promise.all(ids.map((id) => opened.connections.add(id)));
      const part = async (index: number, of: number) => {
        return [...(await opened.connections.list({ index, of }))].sort();
      };
      expect(await part(0, 1)).toEqual(await listed());
      for (const n of [1, 2]) {
        for (let i = 0; i < n; i++) {
          const halves = [await part(i, 2 * n), await part(i + n, 2 * n)];
          expect(halves.flat().sort()).toEqual(await part(i, n));
          // About the same size: of sixty, a quarter has more than one in thousands of times.
          for (const half of halves) expect(half.length).toBeGreaterThan(0);
        }
      }
    });
  });
}

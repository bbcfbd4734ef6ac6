import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Manners } from '../../src/ports.ts';

export type OpenedManners = {
  readonly manners: Manners;
  /** Lets time pass. */
  elapse(ms: number): void;
  close(): Promise<void>;
};

/** What every judge of manners does. */
export function mannersContract(name: string, open: () => Promise<OpenedManners>): void {
  describe(`${name} judges manners`, () => {
    let opened: OpenedManners;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const bad = async (id: string, times: number): Promise<string[]> => {
      const verdicts: string[] = [];
      for (let i = 0; i < times; i++) verdicts.push(await opened.manners(id));
      return verdicts;
    };

    test('four bad messages in a minute are borne, the fifth ends the connection, and so does each after it', async () => {
      expect(await bad('a', 6)).toEqual(['bear', 'bear', 'bear', 'bear', 'close', 'close']);
    });

    test('each connection by itself', async () => {
      await bad('a', 4);
      expect(await bad('b', 4)).toEqual(['bear', 'bear', 'bear', 'bear']);
      expect(await bad('a', 1)).toEqual(['close']);
    });

    test('what is a minute old is forgotten, and nothing younger', async () => {
      await bad('a', 2);
      opened.elapse(30_000);
      await bad('a', 2);
      opened.elapse(30_000);
      expect(await bad('a', 3)).toEqual(['bear', 'bear', 'close']);
    });
  });
}

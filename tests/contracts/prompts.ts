import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Blobs, Prompts } from '../../src/ports.ts';

export type OpenedPrompts = {
  readonly prompts: Prompts;
  /** What they are kept in: to change it behind the store's back. */
  readonly blobs: Blobs;
  close(): Promise<void>;
};

const MIDI = new TextEncoder().encode('the bytes of a MIDI file');
const OTHER = new TextEncoder().encode('other bytes');
const recordOf = (date: string, midi: Uint8Array) => ({
  schema: 1 as const,
  date,
  sha256: hash('sha256', midi),
  name: 'mine.mid',
  notes: 3,
  durationMs: 1000,
});

/** What every store of prompts does. */
export function promptsContract(name: string, open: () => Promise<OpenedPrompts>): void {
  describe(`${name} keeps prompts`, () => {
    let opened: OpenedPrompts;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    test('a prompt is given back as it was put; a day without one has none', async () => {
      const { prompts } = opened;
      const record = recordOf('2026-12-24', MIDI);
      expect(await prompts.put(record, MIDI)).toBe('put');
      const found = await prompts.get('2026-12-24');
      expect(found?.record).toEqual(record);
      expect(Buffer.from(found!.midi).equals(MIDI)).toBe(true);
      expect(await prompts.get('2026-12-25')).toBeNull();
      expect(await prompts.record('2026-12-25')).toBeNull();
    });

    test('a day keeps its first prompt, unless it is to be replaced', async () => {
      const { prompts } = opened;
      await prompts.put(recordOf('2026-12-24', MIDI), MIDI);
      expect(await prompts.put(recordOf('2026-12-24', OTHER), OTHER)).toBe('exists');
      expect(await prompts.record('2026-12-24')).toEqual(recordOf('2026-12-24', MIDI));
      expect(await prompts.put(recordOf('2026-12-24', OTHER), OTHER, true)).toBe('put');
      expect(await prompts.record('2026-12-24')).toEqual(recordOf('2026-12-24', OTHER));
    });

    test('days are listed in order; none, where nothing was put', async () => {
      const { prompts } = opened;
      expect(await prompts.list()).toEqual([]);
      for (const date of ['2026-12-24', '2025-01-01', '2026-02-03'])
        await prompts.put(recordOf(date, MIDI), MIDI);
      expect((await prompts.list()).map(({ date }) => date)).toEqual([
        '2025-01-01',
        '2026-02-03',
        '2026-12-24',
      ]);
    });

    test('a prompt that is removed is gone; the same music is still another day’s', async () => {
      const { prompts } = opened;
      for (const date of ['2026-12-24', '2026-12-25']) await prompts.put(recordOf(date, MIDI), MIDI);
      await prompts.remove('2026-12-24');
      await prompts.remove('2026-12-24');
      expect(await prompts.get('2026-12-24')).toBeNull();
      expect((await prompts.get('2026-12-25'))?.record.date).toBe('2026-12-25');
      expect((await prompts.list()).map(({ date }) => date)).toEqual(['2026-12-25']);
    });

    test('what was spoilt is a fault, and said to be', async () => {
      const { prompts } = opened;
      const record = recordOf('2026-12-24', MIDI);
      await prompts.put(record, MIDI);
      await opened.blobs.write(`prompts/${record.sha256}.mid`, 'spoilt');
      await expect(prompts.get('2026-12-24')).rejects.toThrow(/is damaged or missing.*2026-12-24/);
      await opened.blobs.write('prompts/2026-12-24.json', '{');
      await expect(prompts.get('2026-12-24')).rejects.toThrow(/2026-12-24\.json.* is damaged/);
    });
  });
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LiveFiles } from '../../src/ports.ts';

export type OpenedLiveFiles = {
  readonly files: LiveFiles;
  /** As whoever asks the site for it is given it; null: there is none. */
  readonly served: (path: string) => Promise<{ readonly body: string; readonly cacheControl: string } | null>;
  close(): Promise<void>;
};

const PATH = 'live/daily-20261121T200000000Z/2026-11-21/4.json';

/** What every place for the music of a broadcast under way must do. */
export function liveFilesContract(name: string, open: () => Promise<OpenedLiveFiles>): void {
  describe(`${name} keeps music that is fetched`, () => {
    let opened: OpenedLiveFiles;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    test('serves what was put, and lets every cache keep it', async () => {
      expect(await opened.served(PATH)).toBeNull();
      expect(await opened.files.put(PATH, '[{"ü":1}]')).toBe('created');
      expect(await opened.served(PATH)).toEqual({
        body: '[{"ü":1}]',
        cacheControl: 'public, max-age=31536000, immutable',
      });
    });

    test('of twenty who write it at once one does, and nothing is changed after', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => opened.files.put(PATH, `["writer ${i}"]`)),
      );
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      expect(await opened.files.put(PATH, '["later"]')).toBe('exists');
      expect((await opened.served(PATH))?.body).toBe(`["writer ${outcomes.indexOf('created')}"]`);
    });

    test('keeps to its own directory', async () => {
      for (const path of ['index.json', '/live/1.json', 'live/../index.json', '../live/1.json'])
        await expect(opened.files.put(path, '[]')).rejects.toThrow(RangeError);
    });
  });
}

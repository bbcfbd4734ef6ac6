import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Site } from '../../src/ports.ts';

export type OpenedSite = { readonly site: Site; close(): Promise<void> };

/** What every place for public files must do. */
export function siteContract(name: string, open: () => Promise<OpenedSite>): void {
  describe(`${name} keeps public files`, () => {
    let opened: OpenedSite;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const text = async (path: string) => {
      const bytes = await opened.site.get(path);
      return bytes && new TextDecoder().decode(bytes);
    };

    test('gives back what was put, text and bytes', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      await opened.site.put('2026-11-21/performance.mid', bytes);
      await opened.site.put('index.json', '{"ü":1}\n');
      expect(Buffer.from((await opened.site.get('2026-11-21/performance.mid'))!)).toEqual(Buffer.from(bytes));
      expect(await text('index.json')).toBe('{"ü":1}\n');
    });

    test('replaces, and has nothing where nothing was put', async () => {
      await opened.site.put('index.json', 'old and longer');
      await opened.site.put('index.json', 'new');
      expect(await text('index.json')).toBe('new');
      expect(await opened.site.get('absent.json')).toBeNull();
    });

    test('replaces what is still as it was got', async () => {
      expect(await opened.site.replace('index.json', null, 'first')).toBe('replaced');
      const got = await opened.site.get('index.json');
      expect(await opened.site.replace('index.json', got, 'second')).toBe('replaced');
      expect(await opened.site.replace('index.json', got, 'third')).toBe('changed');
      expect(await text('index.json')).toBe('second');
    });

    test('keeps to its own directory', async () => {
      const put = async (path: string) => opened.site.put(path, 'x');
      await expect(put('../outside.txt')).rejects.toThrow(RangeError);
      await expect(put('/etc/outside.txt')).rejects.toThrow(RangeError);
      await expect(opened.site.replace('../outside.txt', null, 'x')).rejects.toThrow(RangeError);
    });
  });
}

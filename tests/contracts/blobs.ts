import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Blobs } from '../../src/ports.ts';

export type OpenedBlobs = { readonly blobs: Blobs; close(): Promise<void> };

/** What every place for named bytes must do. */
export function blobsContract(name: string, open: () => Promise<OpenedBlobs>): void {
  describe(`${name} keeps named bytes`, () => {
    let opened: OpenedBlobs;
    let blobs: Blobs;
    beforeEach(async () => {
      opened = await open();
      blobs = opened.blobs;
    });
    afterEach(() => opened.close());
    const text = async (of: string) => {
      const bytes = await blobs.read(of);
      return bytes && new TextDecoder().decode(bytes);
    };
    const names = async (prefix: string) => (await blobs.names(prefix)).map(({ name }) => name);

    test('gives back what was written, any byte and any letter', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      await blobs.write('a/bytes.mid', bytes);
      await blobs.write('a/letters.json', 'Lüneburg 夜');
      expect([...(await blobs.read('a/bytes.mid'))!]).toEqual([...bytes]);
      expect(await text('a/letters.json')).toBe('Lüneburg 夜');
      expect(await blobs.read('a/absent.json')).toBeNull();
    });

    test('what was read is the reader’s own', async () => {
      const bytes = Uint8Array.of(1, 2, 3);
      await blobs.write('a/x.mid', bytes);
      bytes[0] = 9;
      expect([...(await blobs.read('a/x.mid'))!]).toEqual([1, 2, 3]);
    });

    test('writes again, and creates once', async () => {
      await blobs.write('a/x.json', 'a longer first');
      await blobs.write('a/x.json', 'second');
      expect(await text('a/x.json')).toBe('second');
      expect(await blobs.create('a/x.json', 'third')).toBe('exists');
      expect(await text('a/x.json')).toBe('second');
      expect(await blobs.create('a/y.json', 'first')).toBe('created');
      expect(await text('a/y.json')).toBe('first');
    });

    test('of twenty who create one name at once, one does, and its bytes are there', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => blobs.create('a/race.json', `racer ${i}`)),
      );
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      expect(await text('a/race.json')).toBe(`racer ${outcomes.indexOf('created')}`);
    });

    test('replaces what is still as it was read, and leaves what has changed, has come or has gone', async () => {
      const bytes = (of: string) => new TextEncoder().encode(of);
      expect(await blobs.replace('a/r.json', null, 'first')).toBe('replaced');
      expect(await blobs.replace('a/r.json', null, 'another first')).toBe('changed');
      const read = await blobs.read('a/r.json');
      expect(await blobs.replace('a/r.json', read, 'second, longer')).toBe('replaced');
      expect(await blobs.replace('a/r.json', read, 'third')).toBe('changed');
      expect(await blobs.replace('a/r.json', bytes('second, LONGER'), 'third')).toBe('changed');
      expect(await text('a/r.json')).toBe('second, longer');
      await blobs.remove('a/r.json');
      expect(await blobs.replace('a/r.json', bytes('second, longer'), 'third')).toBe('changed');
      expect(await text('a/r.json')).toBeNull();
    });

    test('of twenty who have read the same and replace it at once, one does, and its bytes are there', async () => {
      await blobs.write('a/race.json', 'start');
      const read = await blobs.read('a/race.json');
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => blobs.replace('a/race.json', read, `racer ${i}`)),
      );
      expect(outcomes.filter((outcome) => outcome === 'replaced')).toHaveLength(1);
      expect(await text('a/race.json')).toBe(`racer ${outcomes.indexOf('replaced')}`);
    });

    test('names what begins with a prefix, in order, with when it was written', async () => {
      const before = Date.now();
      const all = ['b/2.json', 'b/10.json', 'b/deep/er/1.json', 'b_/no.json', 'a/1.json', 'c.json'];
      for (const each of all) await blobs.write(each, 'x');
      expect(await names('b/')).toEqual(['b/10.json', 'b/2.json', 'b/deep/er/1.json']);
      expect(await names('none/')).toEqual([]);
      const DAY_MS = 86_400_000;
      for (const { writtenAt } of await blobs.names('b/'))
        expect(Math.abs(writtenAt - before)).toBeLessThan(DAY_MS);
    });

    test('what is removed is gone, and can be created anew; what is not there may be removed', async () => {
      await blobs.write('a/gone.json', 'first');
      await blobs.remove('a/gone.json');
      await blobs.remove('a/gone.json');
      expect(await blobs.read('a/gone.json')).toBeNull();
      expect(await names('a/gone')).toEqual([]);
      expect(await blobs.create('a/gone.json', 'second')).toBe('created');
    });

    test('tells a person where a name is', () => {
      expect(blobs.describe('b/2.json')).toContain('b/2.json');
    });
  });
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Post } from '../../src/ports.ts';

export type OpenedPost = {
  readonly post: Post;
  connect(id: string): Promise<void>;
  leave(id: string): Promise<void>;
  /** What the listener got, in order. */
  received(id: string): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** What every way to a listener must do. */
export function postContract(name: string, open: () => Promise<OpenedPost>): void {
  describe(`${name} posts to listeners`, () => {
    let opened: OpenedPost;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    test('in order, whole, to the one that is meant', async () => {
      await opened.connect('LpYpZdPOFiACHBw=');
      await opened.connect('a/b');
      const long = JSON.stringify({ type: 'chunk', text: 'ü'.repeat(15_000) });
      for (const frame of ['{"n":1}', long, '{"n":2}']) {
        expect(await opened.post('LpYpZdPOFiACHBw=', frame)).toBe('sent');
      }
      expect(await opened.received('LpYpZdPOFiACHBw=')).toEqual(['{"n":1}', long, '{"n":2}']);
      expect(await opened.received('a/b')).toEqual([]);
    });

    test('one who left is gone, and so is one who never was', async () => {
      await opened.connect('a');
      await opened.leave('a');
      expect(await opened.post('a', '{}')).toBe('gone');
      expect(await opened.post('b', '{}')).toBe('gone');
    });
  });
}

/** The bytes of frames that go to many. */
import type { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import * as ws from 'ws';
import { pingFrame, textFrame, textFrames } from '../../../../src/adapters/net/websocket/server-frame.ts';

/** The part of ws that reads; its types leave it out. */
const { Receiver } = ws as unknown as {
  Receiver: new (
    options: object,
  ) => Writable & { on(event: string, heard: (data: Buffer, isBinary?: boolean) => void): void };
};

/** What a client's receiver makes of bytes. */
function read(bytes: Buffer): readonly (readonly [string, string])[] {
  const heard: [string, string][] = [];
  const receiver = new Receiver({ isServer: false });
  receiver.on('message', (data, isBinary) => heard.push([isBinary ? 'binary' : 'text', String(data)]));
  receiver.on('ping', (data) => heard.push(['ping', String(data)]));
  receiver.write(bytes);
  return heard;
}

test.each([0, 1, 125, 126, 4_000, 65_535])('a text of %i bytes is one text frame', (length) => {
  expect(read(textFrame('x'.repeat(length)))).toEqual([['text', 'x'.repeat(length)]]);
});

test('bytes are counted, not characters; what is longer than any frame of ours is refused', () => {
  expect(read(textFrame('ü'.repeat(63)))).toEqual([['text', 'ü'.repeat(63)]]);
  expect(textFrame('é').toString('hex')).toBe('8102c3a9');
  expect(() => textFrame('x'.repeat(65_536))).toThrow(
    new RangeError('a frame of 65536 bytes; 65535 at most'),
  );
});

test('a ping holds its secret', () => {
  expect(pingFrame(Buffer.from('secret')).toString('hex')).toBe('8906736563726574');
  expect(read(pingFrame(Buffer.from('secret')))).toEqual([['ping', 'secret']]);
});

test('frames one after another are read one after another', () => {
  const bytes = Buffer.concat([textFrame('one'), pingFrame(Buffer.from('x')), textFrame('y'.repeat(300))]);
  expect(read(bytes).map(([kind]) => kind)).toEqual(['text', 'ping', 'text']);
});

test('a long text is turned into bytes once, a short one each time', () => {
  const bytesOf = textFrames();
  const text = 'ü'.repeat(600);
  const bytes = bytesOf(text);
  expect(bytes).toEqual(textFrame(text));
  expect(bytesOf('ü'.repeat(600))).toBe(bytes);
  expect(bytesOf('{"type":"pong"}')).toEqual(textFrame('{"type":"pong"}'));
});

test('sixteen are remembered, the oldest is forgotten first', () => {
  const bytesOf = textFrames();
  const texts = Array.from({ length: 17 }, (_, i) => `${i} `.repeat(512));
  const bytes = texts.map(bytesOf);
  expect(bytesOf(texts[1]!)).toBe(bytes[1]);
  expect(bytesOf(texts[0]!)).not.toBe(bytes[0]);
  expect(bytesOf(texts[0]!)).toEqual(bytes[0]);
});

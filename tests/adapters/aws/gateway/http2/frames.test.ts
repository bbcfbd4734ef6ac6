/** One session without a socket: what it writes, and that it is all the same in what pieces it is told something. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { session } from '../../../../../src/adapters/aws/gateway/http2/session.ts';
import {
  okFrame,
  type RawFrame,
  rawFrame,
  rawFrames,
  settingsFrame,
  word,
} from '../../../../fakes/raw-http2.ts';
import { asking } from '../../../../support/asking.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A session with what it wrote and what became of its requests. */
function speak(firstStream = 1) {
  const writes: Buffer[] = [];
  const frames: RawFrame[] = [];
  const outcomes: string[] = [];
  const ends: string[] = [];
  const take = rawFrames((frame) => frames.push({ ...frame, payload: Buffer.from(frame.payload) }), 24);
  const talk = session(
    {
      write(data) {
        writes.push(data as Buffer);
        take(data as Buffer);
      },
      free: () => {},
      end(error) {
        ends.push(error?.message ?? 'no error');
        talk.broken(error ?? new Error('no error'));
      },
      misunderstood: () => ends.push('misunderstood'),
    },
    { scheme: 'https', answerMs: 1_000, firstStream },
  );
  const ask = (name: string, body = '') =>
    talk.send(
      {
        request: asking(name, body),
        resolve: ({ status, body: text }) => void outcomes.push(`${name} ${status} ${text}`),
        reject: (error) => void outcomes.push(`${name} ${error.message}`),
      },
      Number.POSITIVE_INFINITY,
    );
  return { talk, ask, writes, frames, outcomes, ends };
}

test('it begins with the preface, keeps no fields, wants nothing pushed, and has room once it was answered', async () => {
  const { talk, writes } = speak();
  expect(talk.room()).toBe(0);
  await turn();
  expect(Buffer.concat(writes).toString('latin1')).toBe(
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04\0\0\0\0\0\0\x01\0\0\0\0\0\x02\0\0\0\0\0\x04\0\0\xff\xff',
  );
  talk.read(settingsFrame({ 3: 100 }));
  expect(talk.room()).toBe(32);
  talk.read(settingsFrame({ 3: 7 }));
  expect(talk.room()).toBe(7);
});

test('what is asked in one turn of the event loop is one write', async () => {
  const { talk, ask, writes, frames } = speak();
  talk.read(settingsFrame());
  await turn();
  writes.length = 0;
  for (let i = 0; i < 32; i++) ask(`${i}`, 'a body');
  await turn();
  expect(writes).toHaveLength(1);
  expect(frames.filter(({ type }) => type === 'data').map(({ payload }) => `${payload}`)).toEqual(
    Array(32).fill('a body'),
  );
  expect([talk.room(), talk.load()]).toEqual([0, 32]);
});

test('wherever what comes is cut, it says the same', () => {
  const said = Buffer.concat([
    settingsFrame({ 3: 10, 4: 70_000 }),
    rawFrame(1, 0, 1, '08 03 34'),
    rawFrame(9, 4, 1, '3130'),
    rawFrame(6, 0, 0, '0102030405060708'),
    rawFrame(0, 0x8, 1, '01 676f 00'),
    okFrame(5),
    rawFrame(0, 1, 1, '6e65'),
    rawFrame(3, 0, 3, word(7)),
    rawFrame(8, 0, 0, word(1_000)),
    rawFrame(7, 0, 0, `${word(7)} ${word(0)}`),
    okFrame(7),
  ]);
  const heard = (cuts: readonly number[]) => {
    const { talk, ask, outcomes, ends } = speak();
    for (const name of ['a', 'b', 'c', 'd', 'e']) ask(name, 'x');
    // Of a socket's buffer, which is used again.
    const buffer = Buffer.alloc(said.length);
    const at = [0, ...[...cuts].sort((a, b) => a - b), said.length];
    for (let i = 1; i < at.length; i++) {
      said.copy(buffer, 0, at[i - 1], at[i]);
      talk.read(buffer.subarray(0, at[i]! - at[i - 1]!));
      buffer.fill(0xff);
    }
    return { outcomes, ends };
  };
  const whole = heard([]);
  expect(whole).toEqual({
    outcomes: [
      'c 200 ',
      'a 410 gone',
      'b the gateway did not hear a request',
      'e the gateway did not hear a request',
      'd 200 ',
    ],
    ends: ['no error'],
  });
  expect(heard(Array.from(said, (_, i) => i))).toEqual(whole);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: said.length }), { maxLength: 12 }), (cuts) => {
      expect(heard(cuts)).toEqual(whole);
    }),
    { seed: 20261130 },
  );
});

test('whatever bytes come, each request is answered or rejected, once, and nothing else is thrown', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      settingsFrame({ 4: 10 }),
      okFrame(1),
      okFrame(3),
      rawFrame(7, 0, 0, `${word(1)} ${word(0)}`),
    ),
    fc
      .tuple(
        fc.nat({ max: 10 }),
        fc.nat({ max: 255 }),
        fc.constantFrom(0, 1, 2, 3, 5),
        fc.uint8Array({ maxLength: 12 }),
      )
      .map(([type, flags, stream, payload]) =>
        rawFrame(type, flags, stream, Buffer.from(payload).toString('hex')),
      ),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const { talk, ask, outcomes } = speak();
      talk.read(settingsFrame());
      for (const name of ['a', 'b', 'c']) ask(name, 'a body');
      talk.read(Buffer.concat(pieces));
      talk.broken(new Error('over'));
      expect(outcomes.map((outcome) => outcome[0]).sort()).toEqual(['a', 'b', 'c']);
    }),
    { seed: 20261130, numRuns: 2_000 },
  );
});

test('what came is told once it is half of what may come unasked', async () => {
  const { talk, ask, frames, ends, outcomes } = speak();
  talk.read(settingsFrame());
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) ask(name);
  talk.read(
    Buffer.concat([rawFrame(1, 4, 1, '88'), ...Array(2).fill(rawFrame(0, 0, 1, '00'.repeat(16_384 - 192)))]),
  );
  await turn();
  expect(frames.filter(({ type }) => type === 'window')).toEqual([]);
  talk.read(Buffer.concat([rawFrame(1, 4, 3, '88'), rawFrame(0, 1, 3, '00'.repeat(1_000))]));
  await turn();
  expect(
    frames
      .filter(({ type }) => type === 'window')
      .map(({ stream, payload }) => [stream, payload.readUInt32BE(0)]),
  ).toEqual([[0, 33_384]]);
  expect([outcomes.length, ends]).toEqual([1, []]);
});

test('where the numbers of requests run out, it takes no more, and ends with its last answer', () => {
  const { talk, ask, outcomes, ends } = speak(2 ** 31 - 3);
  talk.read(settingsFrame());
  ask('a');
  expect(talk.room()).toBe(31);
  ask('b');
  expect(talk.room()).toBe(0);
  talk.read(Buffer.concat([okFrame(2 ** 31 - 3), okFrame(2 ** 31 - 1)]));
  expect(outcomes).toEqual(['a 200 ', 'b 200 ']);
  expect(ends).toEqual(['no error']);
});

/** HTTP/2 with servers that leave, refuse, count bytes, change their minds, or say what makes no sense. */
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type KeptConfig,
  keptConnections,
} from '../../../../../src/adapters/aws/gateway/kept-connections.ts';
import { loopbackTls } from '../../../../fakes/loopback-tls.ts';
import {
  okFrame,
  type RawFrame,
  type RawPeer,
  rawFrame,
  rawHttp2,
  settingsFrame,
  word,
} from '../../../../fakes/raw-http2.ts';
import { asking } from '../../../../support/asking.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const end of open.splice(0)) end();
});
const tick = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function serve(
  answer: (peer: RawPeer, frame: RawFrame) => void,
  options: Parameters<typeof rawHttp2>[1] & { keep?: Partial<KeptConfig> } = {},
) {
  const server = await rawHttp2(answer, options);
  const kept = keptConnections({
    ...{
      url: server.url,
      ca: loopbackTls.ca,
      connections: 64,
      connectMs: 2_000,
      answerMs: 2_000,
      restMs: 2_000,
    },
    ...options.keep,
  });
  open.push(
    () => kept.close(),
    () => server.close(),
  );
  return { ...server, kept };
}
const isWhole = ({ type, flags }: RawFrame) => (type === 'headers' || type === 'data') && (flags & 1) > 0;
/** Asks for each name at once. @returns statuses, or what they were rejected with */
const all = async (
  kept: { exchange: ReturnType<typeof keptConnections>['exchange'] },
  names: readonly string[],
) =>
  (await Promise.allSettled(names.map((name) => kept.exchange(asking(name))))).map((each) =>
    each.status === 'fulfilled' ? each.value.status : String(each.reason.message),
  );
const LATE = 'the gateway did not answer in time';
const UNHEARD = 'the gateway did not hear a request';

test('many requests go over one connection at once, and their answers come in any order', async () => {
  const asked: number[] = [];
  const { kept, protocols } = await serve((peer, frame) => {
    if (!isWhole(frame)) return;
    asked.push(frame.stream);
    if (asked.length < 20) return;
    for (const stream of [...asked].reverse()) peer.write(okFrame(stream));
  });
  expect(
    await all(
      kept,
      Array.from({ length: 20 }, (_, i) => `${i}`),
    ),
  ).toEqual(Array(20).fill(200));
  expect(asked).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i + 1));
  expect(protocols).toEqual(['h2']);
});

test('a server that leaves answers what it heard, and what it did not is told so; the next goes over another connection', async () => {
  const { kept, protocols } = await serve((peer, frame) => {
    if (!isWhole(frame)) return;
    if (peer.connection > 0) return peer.write(okFrame(frame.stream));
    if (frame.stream === 7) peer.write(rawFrame(7, 0, 0, `${word(3)} ${word(0)}`), okFrame(1), okFrame(3));
  });
  expect(await all(kept, ['1', '3', '5', '7'])).toEqual([200, 200, UNHEARD, UNHEARD]);
  expect(await all(kept, ['9'])).toEqual([200]);
  expect(protocols).toEqual(['h2', 'h2']);
});

test.each([
  ['is leaving', rawFrame(7, 0, 0, `${word(2 ** 31 - 1)} ${word(0)}`)],
  ['takes no more at once', settingsFrame({ 3: 1 })],
])(
  'a server that %s, and still owes an answer, is asked nothing more over that connection',
  async (_, frames) => {
    const streams: string[] = [];
    let understood: (peer: RawPeer) => void;
    const peer = new Promise<RawPeer>((resolve) => {
      understood = resolve;
    });
    const { kept } = await serve((peer, frame) => {
      // Answered once what was said before it has been understood (RFC 9113, 6.7).
      if (frame.type === 'ping') return understood(peer);
      if (!isWhole(frame)) return;
      streams.push(`${peer.connection}: ${frame.stream}`);
      if (streams.length > 1) return peer.write(okFrame(frame.stream));
      peer.write(frames, rawFrame(6, 0, 0, '00'.repeat(8)));
    });
    const first = all(kept, ['a']);
    await peer;
    expect(await all(kept, ['b'])).toEqual([200]);
    expect(streams).toEqual(['0: 1', '1: 1']);
    (await peer).write(okFrame(1));
    expect(await first).toEqual([200]);
  },
);

test.each([
  [7, UNHEARD],
  [2, 'the gateway ended a request: error 2'],
])('a request that is ended with error %i harms no other', async (code, why) => {
  const { kept, protocols } = await serve((peer, frame) => {
    if (!isWhole(frame)) return;
    peer.write(frame.stream === 1 ? rawFrame(3, 0, 1, word(code)) : okFrame(frame.stream));
  });
  expect(await all(kept, ['1', '3'])).toEqual([why, 200]);
  expect(await all(kept, ['5'])).toEqual([200]);
  expect(protocols).toEqual(['h2']);
});

test('no more are under way than the server takes, and the others are not lost', async () => {
  const underWay = new Map<number, number>();
  let most = 0;
  const { kept, protocols } = await serve(
    (peer, frame) => {
      if (!isWhole(frame)) return;
      underWay.set(peer.connection, (underWay.get(peer.connection) ?? 0) + 1);
      most = Math.max(most, underWay.get(peer.connection)!);
      setTimeout(() => {
        underWay.set(peer.connection, underWay.get(peer.connection)! - 1);
        peer.write(okFrame(frame.stream));
      }, 5);
    },
    { greet: settingsFrame({ 3: 1 }) },
  );
  expect(
    await all(
      kept,
      Array.from({ length: 12 }, (_, i) => `${i}`),
    ),
  ).toEqual(Array(12).fill(200));
  expect(most).toBe(1);
  expect(protocols.length).toBeLessThanOrEqual(4);
});

describe('bodies go no faster than the server takes them', () => {
  const BODY = 'abcdefghij'.repeat(4_000);
  /** Bodies as they came, by stream. */
  function receiver(then: (peer: RawPeer, frame: RawFrame, length: number) => void) {
    const bodies = new Map<number, string>();
    return {
      bodies,
      answer(peer: RawPeer, frame: RawFrame) {
        if (frame.type === 'data') bodies.set(frame.stream, (bodies.get(frame.stream) ?? '') + frame.payload);
        then(peer, frame, bodies.get(frame.stream)?.length ?? 0);
        if (isWhole(frame)) peer.write(okFrame(frame.stream));
      },
    };
  }

  test('a window that is closed at first, and opens later', async () => {
    const { bodies, answer } = receiver((peer, frame) => {
      if (frame.type === 'headers')
        setTimeout(() => peer.write(rawFrame(8, 0, frame.stream, word(50_000))), 30);
    });
    const { kept } = await serve(answer, { greet: settingsFrame({ 4: 0 }) });
    const startedAt = performance.now();
    expect((await kept.exchange(asking('a', BODY))).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(25);
    expect(bodies.get(1)).toBe(BODY);
  });

  test('windows of a few bytes', async () => {
    const short = BODY.slice(0, 100);
    const sizes: number[] = [];
    const { bodies, answer } = receiver((peer, frame) => {
      if (frame.type === 'data') sizes.push(frame.payload.length);
      if (!isWhole(frame)) peer.write(rawFrame(8, 0, frame.stream, word(7)));
    });
    const { kept } = await serve(answer, { greet: settingsFrame({ 4: 3 }) });
    expect((await kept.exchange(asking('a', short))).status).toBe(200);
    expect(bodies.get(1)).toBe(short);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
  });

  test('one window for all: what is over it waits, and goes in its order', async () => {
    let [came, most] = [0, 65_535];
    const { bodies, answer } = receiver((peer, frame) => {
      if (frame.type !== 'data') return;
      came += frame.payload.length;
      expect(came).toBeLessThanOrEqual(most);
      if (came < most) return;
      most += 65_535;
      peer.write(rawFrame(8, 0, 0, word(65_535)));
    });
    const { kept } = await serve(answer);
    const four = await Promise.all(['a', 'b', 'c', 'd'].map((name) => kept.exchange(asking(name, BODY))));
    expect(four.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect([...bodies.values()]).toEqual([BODY, BODY, BODY, BODY]);
  });

  test('a window that becomes less than nothing while a body is under way', async () => {
    const lengths: number[] = [];
    const { bodies, answer } = receiver((peer, frame, length) => {
      if (frame.type === 'headers') return;
      lengths.push(length);
      // 20,000 have come; from 20,000 to 5,000 is 15,000 less than nothing.
      if (length === 20_000) {
        peer.write(settingsFrame({ 4: 5_000 }), rawFrame(8, 0, 1, word(15_000)));
        setTimeout(() => peer.write(rawFrame(8, 0, 1, word(1))), 20);
        setTimeout(() => peer.write(rawFrame(8, 0, 1, word(30_000))), 40);
      }
    });
    const { kept } = await serve(answer, { greet: settingsFrame({ 4: 20_000 }) });
    expect((await kept.exchange(asking('a', BODY))).status).toBe(200);
    expect(lengths.filter((length) => length >= 20_000).slice(0, 2)).toEqual([20_000, 20_001]);
    expect(bodies.get(1)).toBe(BODY);
  });

  test('frames are no longer than the server takes', async () => {
    const sizes: number[] = [];
    const { answer } = receiver((_, frame) => void sizes.push(frame.payload.length));
    const { kept } = await serve(answer);
    const token = 'T'.repeat(20_000);
    await kept.exchange(asking('a', BODY, [['x-amz-security-token', token]]));
    expect(Math.max(...sizes)).toBe(16_384);
  });
});

test('an answer that comes before all of the request was sent is an answer, and no more is sent', async () => {
  const frames: string[] = [];
  const { kept } = await serve(
    (peer, frame) => {
      frames.push(frame.type);
      if (frame.type === 'headers') peer.write(rawFrame(1, 5, frame.stream, '08 03 343133'));
      if (frame.type === 'rst') peer.write(rawFrame(8, 0, frame.stream, word(100)));
    },
    { greet: settingsFrame({ 4: 0 }) },
  );
  expect((await kept.exchange(asking('a', 'a body'))).status).toBe(413);
  await tick(30);
  expect(frames).toEqual(['headers', 'rst']);
});

test('a head in pieces, with padding and a priority, a body in parts, and what trails it are one answer', async () => {
  const { kept } = await serve((peer, frame) => {
    if (!isWhole(frame)) return;
    const { stream } = frame;
    peer.write(
      rawFrame(1, 0x4, stream, '08 03 313033'),
      rawFrame(1, 0x28, stream, '03 00000000 10 8d 000000'),
      rawFrame(9, 0, stream, '0f 12 01'),
      rawFrame(9, 0x4, stream, '78'),
      rawFrame(0, 0x8, stream, '02 6e6f 0000'),
      rawFrame(6, 0, 0, '0102030405060708'),
      rawFrame(0, 0, stream, '7065'),
      rawFrame(0xbe, 0xff, stream, 'cafe'),
      rawFrame(1, 0x5, stream, '00 01 78 01 79'),
    );
  });
  expect(await kept.exchange(asking('a'))).toEqual({ status: 404, date: 'x', body: 'nope' });
});

test('what is asked for by a ping is given back', async () => {
  const pongs: string[] = [];
  const { kept } = await serve((peer, frame) => {
    if (frame.type === 'ping') pongs.push(`${frame.flags} ${frame.payload.toString('hex')}`);
    if (isWhole(frame)) peer.write(rawFrame(6, 0, 0, '0102030405060708'));
    if (frame.type === 'ping') peer.write(okFrame(1));
  });
  await kept.exchange(asking('a'));
  expect(pongs).toEqual(['1 0102030405060708']);
});

test.each([
  ['a status that is none', rawFrame(1, 5, 1, '08 03 393939'), /status is not one number/],
  ['no status', rawFrame(1, 5, 1, '0f12 01 78'), /no status/],
  ['two statuses', rawFrame(1, 5, 1, '88 88'), /status is not one number/],
  ['a body before its head', rawFrame(0, 1, 1, '6e6f'), /before its head/],
  ['a change of protocol', rawFrame(1, 4, 1, '08 03 313031'), /another protocol/],
  [
    'another length than it says',
    Buffer.concat([rawFrame(1, 4, 1, '88 0f0d 01 33'), rawFrame(0, 1, 1, '6e6f')]),
    /not as long/,
  ],
  [
    'too many bytes',
    Buffer.concat([rawFrame(1, 4, 1, '88'), ...Array(3).fill(rawFrame(0, 0, 1, '00'.repeat(16_000)))]),
    /longer than 32768/,
  ],
])('an answer with %s is a fault of that answer alone', async (_, answer, why) => {
  const { kept, protocols } = await serve((peer, frame) => {
    if (isWhole(frame)) peer.write(frame.stream === 1 ? answer : okFrame(frame.stream));
  });
  expect(await all(kept, ['1', '3'])).toEqual([expect.stringMatching(why), 200]);
  expect(await all(kept, ['5'])).toEqual([200]);
  expect(protocols).toEqual(['h2']);
});

test.each<[string, Buffer, RegExp]>([
  ['a frame that is too long', Buffer.from('00400100000000000100', 'hex'), /a frame of 16385 bytes/],
  ['what is no HTTP/2', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /a frame of \d+ bytes/],
  ['padding longer than its frame', rawFrame(0, 8, 1, '03 0000'), /padding/],
  ['padding without its length', rawFrame(0, 8, 1, ''), /padding/],
  ['a head that cannot be decoded', rawFrame(1, 5, 1, 'be'), /was not kept/],
  ['an answer to nobody', rawFrame(1, 5, 99, '88'), /fields of a request that was not made/],
  ['data for nobody', rawFrame(0, 1, 2, '00'), /data of a request that was not made/],
  ['a second answer', Buffer.concat([okFrame(1), okFrame(1)]), /an answer that is over/],
  ['a piece of a head that has none before it', rawFrame(9, 4, 1, '88'), /do not follow/],
  [
    'something between two pieces of a head',
    Buffer.concat([rawFrame(1, 0, 1, '88'), rawFrame(6, 0, 0, '0000000000000000')]),
    /do not follow/,
  ],
  [
    'a head without an end',
    Buffer.concat([rawFrame(1, 0, 1, '88'), ...Array(3).fill(rawFrame(9, 0, 1, '00'.repeat(16_000)))]),
    /without an end/,
  ],
  ['an answer that is pushed', rawFrame(5, 4, 1, `${word(2)} 82`), /nobody asked for/],
  ['data of the connection itself', rawFrame(0, 0, 0, '00'), /kind 0 for stream 0/],
  ['settings of a stream', rawFrame(4, 0, 1, ''), /kind 4 for stream 1/],
  ['settings of half a length', rawFrame(4, 0, 0, '0001'), /kind 4 with 2 bytes/],
  ['a window of 2^31', settingsFrame({ 4: 2 ** 31 }), /a window of/],
  [
    'windows that add up to it',
    Buffer.concat(Array(2).fill(rawFrame(8, 0, 0, word(2 ** 30)))),
    /a window of/,
  ],
  ['a window wider by nothing', rawFrame(8, 0, 1, word(0)), /by nothing/],
  ['frames of at most a hundred bytes', settingsFrame({ 5: 100 }), /frames of 100 bytes/],
  ['a ping of seven bytes', rawFrame(6, 0, 0, '01020304050607'), /kind 6 with 7 bytes/],
])('a server that says %s is told so, and spoken to by HTTP/1.1 from then on', async (_, nonsense, why) => {
  let told = -1;
  const { kept, protocols } = await serve((peer, frame) => {
    if (frame.type === 'goaway') told = frame.payload.readUInt32BE(4);
    if (isWhole(frame)) peer.write(nonsense);
  });
  const first = await kept.exchange(asking('a')).catch((error: Error) => error);
  if (first instanceof Error) expect(first.message).toMatch(why);
  else expect(first.status).toBe(200);
  await tick(10);
  expect((await kept.exchange(asking('b'))).body).toBe('plain');
  expect(protocols).toEqual(['h2', 'http/1.1']);
  expect(told).toBeGreaterThan(0);
});

test.each([
  [
    'leaves with an error of ours',
    rawFrame(7, 0, 0, `${word(0)} ${word(1)} ${Buffer.from('why').toString('hex')}`),
  ],
  ['asks for HTTP/1.1', rawFrame(3, 0, 1, word(13))],
])('a server that %s is spoken to by HTTP/1.1 from then on', async (_, frames) => {
  const { kept, protocols } = await serve((peer, frame) => {
    if (isWhole(frame)) peer.write(frames);
  });
  await expect(kept.exchange(asking('a'))).rejects.toThrow(/did not hear|error 13/);
  expect((await kept.exchange(asking('b'))).body).toBe('plain');
  expect(protocols).toEqual(['h2', 'http/1.1']);
});

test('a server that begins with anything but its settings is not spoken to in HTTP/2', async () => {
  const { kept, protocols } = await serve(() => {}, { greet: rawFrame(6, 0, 0, '0000000000000000') });
  await expect(kept.exchange(asking('a'))).rejects.toThrow(/does not begin with its settings/);
  expect((await kept.exchange(asking('b'))).body).toBe('plain');
  expect(protocols).toEqual(['h2', 'http/1.1']);
});

test('a server that never says its settings is given up in time, for all who wait', async () => {
  const { kept } = await serve(() => {}, { greet: Buffer.alloc(0), keep: { connectMs: 150 } });
  const unmade = 'the gateway could not be connected to in time';
  const startedAt = performance.now();
  expect(
    await all(
      kept,
      Array.from({ length: 70 }, (_, i) => `${i}`),
    ),
  ).toEqual(Array(70).fill(unmade));
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test('one answer that is late is given up alone, and its connection lives on', async () => {
  const reset: number[] = [];
  const { kept, protocols } = await serve(
    (peer, frame) => {
      if (frame.type === 'rst') {
        reset.push(frame.stream, frame.payload.readUInt32BE(0));
        // On its way when it was given up.
        peer.write(okFrame(frame.stream));
      }
      if (!isWhole(frame) || frame.stream === 1) return;
      setTimeout(() => peer.write(okFrame(frame.stream)), 100);
    },
    { keep: { answerMs: 200 } },
  );
  expect(await all(kept, ['late', 'good'])).toEqual([LATE, 200]);
  expect(await all(kept, ['good'])).toEqual([200]);
  expect(reset).toEqual([1, 8]);
  expect(protocols).toEqual(['h2']);
});

test('a server that says nothing at all is given up, and the next goes over another connection', async () => {
  const { kept, protocols, sockets } = await serve(
    (peer, frame) => {
      if (isWhole(frame) && peer.connection > 0) peer.write(okFrame(frame.stream));
    },
    { keep: { answerMs: 150 } },
  );
  expect(await all(kept, ['a', 'b'])).toEqual([LATE, LATE]);
  expect(await all(kept, ['c'])).toEqual([200]);
  await tick(20);
  expect([protocols, sockets[0]!.destroyed]).toEqual([['h2', 'h2'], true]);
});

test('a server that leaves in the midst has not answered', async () => {
  const { kept } = await serve((peer, frame) => {
    if (isWhole(frame)) peer.socket.end();
  });
  expect(await all(kept, ['a'])).toEqual(['the gateway left before it had answered']);
});

test('a connection that rested is closed after its time; who is let go is not asked again', async () => {
  const { kept, protocols, sockets } = await serve(
    (peer, frame) => {
      if (isWhole(frame)) peer.write(okFrame(frame.stream));
    },
    { keep: { restMs: 150 } },
  );
  await kept.exchange(asking('1'));
  await new Promise((resolve) => sockets[0]!.once('close', resolve));
  await kept.exchange(asking('2'));
  await tick(0);
  kept.letGo();
  await kept.exchange(asking('3'));
  expect(protocols).toEqual(['h2', 'h2', 'h2']);
});

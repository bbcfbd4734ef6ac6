/** One listener's websocket, as it is borne. */
import type { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { WebSocket } from 'ws';
import { peers } from '../../../../src/adapters/net/websocket/peer.ts';

/** A socket that does as it is told, and what it was told. */
function world() {
  const clock = { at: 0 };
  const all = peers(() => clock.at);
  const join = (name = '') => {
    const told: string[] = [];
    const tell = (what: string) => void told.push(what);
    const socket = {
      readyState: 1,
      pong: (data: Buffer) => tell(`pong ${data}`),
      close: (code: number) => tell(`close ${code}`),
      pause: () => {},
      terminate: () => tell('terminate'),
    };
    const stream = {
      writable: true,
      writableLength: 0,
      write: (frame: Buffer) => tell(frame[0] === 0x89 ? `ping ${frame.subarray(2)}` : `${frame}`),
    };
    const peer = all.add({
      ...{ id: name, address: '', socket: socket as unknown as WebSocket },
      stream: stream as unknown as Duplex,
    });
    return { peer, socket, stream, told };
  };
  const one = join();
  /** Looks once a second up to a time, seconds; each look has a secret of its own. */
  const until = (s: number) => {
    while (clock.at < s * 1_000) {
      clock.at += 1_000;
      all.look(() => Buffer.from(`of ${clock.at / 1_000}`));
    }
    return one.told.splice(0);
  };
  const pong = (text: string) => all.ponged(one.peer, Buffer.from(text));
  return { ...one, all, clock, until, pong, join };
}
const FRAME = Buffer.from('frame');

test('a silent peer is pinged after 23 s, and again 23 s after each pong that repeats the ping', () => {
  const { clock, until, pong } = world();
  expect(until(22)).toEqual([]);
  expect(until(23)).toEqual(['ping of 23']);
  clock.at = 23_400;
  pong('of 23');
  expect(until(45)).toEqual([]);
  expect(until(46)).toEqual(['ping of 46.4']);
});

test('a crowd that came at once is pinged evenly before long: of 460, twenty in each second, and each every 23 s', () => {
  const { peer: other, clock, all, join } = world();
  all.remove(other);
  const crowd = Array.from({ length: 460 }, () => join());
  const perLook: number[] = [];
  const last = new Map<unknown, number>();
  let longest = 0;
  for (clock.at = 1_000; clock.at <= 120_000; clock.at += 1_000) {
    all.look(() => Buffer.from(String(clock.at)));
    let pinged = 0;
    for (const { peer, told } of crowd) {
      if (told.splice(0).length === 0) continue;
      pinged++;
      longest = Math.max(longest, clock.at - (last.get(peer) ?? 0));
      last.set(peer, clock.at);
      all.ponged(peer, Buffer.from(String(clock.at)));
    }
    perLook.push(pinged);
  }
  // Nobody before half of that time has passed; who is left then is asked when it is due.
  expect(perLook.slice(0, 12)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20]);
  expect(Math.max(...perLook.slice(60))).toBe(20);
  expect(Math.min(...perLook.slice(60))).toBeGreaterThanOrEqual(19);
  expect(longest).toBe(23_000);
});

test('one that does not answer within 5 s is let go, within half a minute of the silence', () => {
  const { until } = world();
  expect(until(27)).toEqual(['ping of 23']);
  expect(until(28)).toEqual(['terminate']);
});

test('of many, each is pinged and let go in its own time, and who has left is not looked at', () => {
  const { until, join, told, all, clock } = world();
  until(1);
  const [second, third] = [join('second'), join('third')];
  until(2);
  const last = join('last');
  all.remove(third.peer);
  until(25);
  all.ponged(second.peer, Buffer.from('of 24'));
  // The first was pinged at 23 s, and is silent.
  until(28);
  expect(told).toEqual([]);
  expect(second.told).toEqual(['ping of 24']);
  expect(last.told).toEqual(['ping of 25']);
  all.remove(last.peer);
  until(48);
  expect(second.told).toEqual(['ping of 24', 'ping of 48']);
  expect(last.told).toEqual(['ping of 25']);
  expect(third.told).toEqual([]);
  expect(clock.at).toBe(48_000);
});

test('a pong that guesses is counted as a message, and answers nothing', () => {
  const { until, pong } = world();
  until(23);
  pong('of 22');
  expect(until(28)).toEqual(['terminate']);
  for (let i = 0; i < 101; i++) pong('x');
  expect(until(28)).toEqual(['close 1008']);
});

test('a pong after it was hung up on brings nobody back; it is let go a second later, and pinged no more', () => {
  const { until, pong, all, peer, clock } = world();
  until(23);
  all.hangUp(peer, 1012, 'the station will be back');
  pong('of 23');
  expect(until(24)).toEqual(['close 1012', 'terminate']);
  all.remove(peer);
  expect(until(60)).toEqual([]);
  expect(all.send(peer, FRAME)).toBe(false);
  expect(clock.at).toBe(60_000);
});

test('what has not been taken for 5 s, or is a megabyte, ends it at the next look or frame', () => {
  const slow = world();
  slow.stream.writableLength = 10;
  expect(slow.all.send(slow.peer, FRAME)).toBe(true);
  expect(slow.until(5)).toEqual(['frame']);
  expect(slow.until(6)).toEqual(['terminate']);
  const far = world();
  far.stream.writableLength = 1024 * 1024 + 1;
  expect(far.all.send(far.peer, FRAME)).toBe(false);
  expect(far.until(0)).toEqual(['terminate']);
});

test('what was taken meanwhile is forgotten: five seconds count from when it fell behind again', () => {
  const { stream, all, peer, until } = world();
  stream.writableLength = 10;
  all.send(peer, FRAME);
  until(4);
  stream.writableLength = 0;
  expect(all.send(peer, FRAME)).toBe(true);
  stream.writableLength = 10;
  expect(all.send(peer, FRAME)).toBe(true);
  expect(until(9)).toEqual(['frame', 'frame']);
  expect(until(10)).toEqual(['terminate']);
});

test('pings are behind as well as frames, and a ping that came is answered only to one who keeps up', () => {
  const { stream, all, peer, until, told } = world();
  until(23);
  all.pinged(peer, Buffer.from('a'));
  expect(told).toEqual(['pong a']);
  stream.writableLength = 1024 * 1024 + 1;
  all.pinged(peer, Buffer.from('b'));
  expect(told).toEqual(['pong a']);
  expect(until(24)).toEqual(['pong a', 'terminate']);
});

test('nothing is written to a websocket that closes, or to a socket that has ended', () => {
  const closing = world();
  closing.socket.readyState = 2;
  expect(closing.all.send(closing.peer, FRAME)).toBe(false);
  expect(closing.until(27)).toEqual([]);
  expect(closing.until(28)).toEqual(['terminate']);
  const ended = world();
  ended.stream.writable = false;
  expect(ended.all.send(ended.peer, FRAME)).toBe(false);
  expect(ended.until(27)).toEqual([]);
});

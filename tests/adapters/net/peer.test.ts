import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { WebSocket } from 'ws';
import { peer } from '../../../src/adapters/net/peer.ts';

/** A socket that does as it is told, and what it was told. */
function world() {
  const told: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    ping: (data: Buffer) => told.push(`ping ${data}`),
    pong: (data: Buffer) => told.push(`pong ${data}`),
    send: () => told.push('frame'),
    close: (code: number) => told.push(`close ${code}`),
    pause: () => {},
    terminate: () => told.push('terminate'),
  });
  const clock = { at: 0 };
  const one = peer(socket as unknown as WebSocket, () => clock.at);
  /** Looks once a second up to a time, seconds; each look has a secret of its own. */
  const until = (s: number) => {
    while (clock.at < s * 1_000) {
      clock.at += 1_000;
      one.look(clock.at, Buffer.from(`of ${clock.at / 1_000}`));
    }
    return told.splice(0);
  };
  return { socket, one, clock, until };
}

test('a silent peer is pinged after 23 s, and again 23 s after each pong that repeats the ping', () => {
  const { socket, clock, until } = world();
  expect(until(22)).toEqual([]);
  expect(until(23)).toEqual(['ping of 23']);
  clock.at = 23_400;
  socket.emit('pong', Buffer.from('of 23'));
  expect(until(45)).toEqual([]);
  expect(until(46)).toEqual(['ping of 46.4']);
});

test('one that does not answer within 5 s is let go, within half a minute of the silence', () => {
  const { until } = world();
  expect(until(27)).toEqual(['ping of 23']);
  expect(until(28)).toEqual(['terminate']);
});

test('a pong that guesses is counted as a message, and answers nothing', () => {
  const { socket, until } = world();
  until(23);
  socket.emit('pong', Buffer.from('of 22'));
  expect(until(28)).toEqual(['terminate']);
  for (let i = 0; i < 101; i++) socket.emit('pong', Buffer.from('x'));
  expect(until(28)).toEqual(['close 1008']);
});

test('what has not been taken for 5 s, or is a megabyte, ends it at the next look or frame', () => {
  const slow = world();
  slow.socket.bufferedAmount = 10;
  expect(slow.until(5)).toEqual([]);
  expect(slow.until(6)).toEqual(['terminate']);
  const far = world();
  far.socket.bufferedAmount = 1024 * 1024 + 1;
  expect(far.one.send('frame')).toBe(false);
  expect(far.until(0)).toEqual(['terminate']);
});

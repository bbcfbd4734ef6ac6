import { describe, expect, test } from '@jest/globals';
import { encodeFrame, type Frame } from '../../../src/wire.ts';
import { type ConnectionState, connect, type SocketEvents } from '../../../web/listener/connection.ts';
import { virtualTime } from '../virtual-time.ts';

const PONG: Frame = { type: 'pong', id: 1, receivedAt: 2, sentAt: 3 };

function setting(random = () => 0.999_999) {
  const time = virtualTime();
  const opened: { at: number; events: SocketEvents; sent: string[]; closed: boolean }[] = [];
  const states: ConnectionState[] = [];
  const frames: Frame[] = [];
  const connection = connect({
    timers: time,
    random,
    onState: (state) => states.push(state),
    onFrame: (frame) => frames.push(frame),
    open(events) {
      const socket = { at: time.now(), events, sent: [] as string[], closed: false };
      opened.push(socket);
      return {
        send: (text) => socket.sent.push(text),
        close: () => {
          socket.closed = true;
        },
      };
    },
  });
  return { time, opened, states, frames, connection };
}

test('an open connection sends requests and hands frames on; what is no frame is dropped', () => {
  const { opened, frames, states, connection } = setting();
  expect(connection.state).toBe('connecting');
  connection.send({ action: 'join' });
  opened[0]!.events.opened();
  connection.send({ action: 'join' });
  opened[0]!.events.message(encodeFrame(PONG));
  opened[0]!.events.message('{"type":"pong"}');
  opened[0]!.events.message(new ArrayBuffer(2));
  expect(opened[0]!.sent).toEqual(['{"action":"join"}']);
  expect(frames).toEqual([PONG]);
  expect(states).toEqual(['open']);
});

test('a closed connection comes back after a random time whose bound doubles up to 15 s', () => {
  const { time, opened } = setting();
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    const closedAt = time.now();
    opened[i]!.events.closed();
    while (opened.length === i + 1) time.runTo(time.now() + 100);
    waits.push(opened[i + 1]!.at - closedAt);
  }
  expect(waits.map(Math.round)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000]);
});

test('the wait is anything from nothing to the bound, so that pages do not come back all at once', () => {
  const { time, opened } = setting(() => 0);
  opened[0]!.events.closed();
  time.runTo(0);
  expect(opened).toHaveLength(2);
});

test('a connection that opened begins its waits anew', () => {
  const { time, opened } = setting();
  opened[0]!.events.closed();
  time.runTo(500);
  opened[1]!.events.opened();
  opened[1]!.events.closed();
  time.runTo(1_000);
  expect(opened).toHaveLength(3);
});

test('a handshake that hangs is given up after ten seconds', () => {
  const { time, opened, states } = setting();
  time.runTo(10_000);
  expect(opened[0]!.closed).toBe(true);
  expect(states).toEqual(['lost']);
  time.runTo(10_500);
  expect(opened).toHaveLength(2);
});

test('a socket that was given up is not listened to any more', () => {
  const { time, opened, frames, states, connection } = setting();
  opened[0]!.events.opened();
  connection.renew();
  expect(opened).toHaveLength(2);
  opened[0]!.events.message(encodeFrame(PONG));
  opened[0]!.events.closed();
  opened[0]!.events.opened();
  expect(frames).toEqual([]);
  expect(states).toEqual(['open', 'lost']);
  time.runTo(1_000);
  expect(opened).toHaveLength(2);
});

test('a connection that is open is left alone, however long its handshake took', () => {
  const { time, opened, states } = setting();
  time.runTo(9_999);
  opened[0]!.events.opened();
  time.runTo(1_000_000);
  expect(states).toEqual(['open']);
  expect(opened).toHaveLength(1);
});

test('one that is renewed while it waits to try again tries once', () => {
  const { time, opened, connection } = setting();
  opened[0]!.events.closed();
  connection.renew();
  time.runTo(9_000);
  expect(opened).toHaveLength(2);
});

test('after close nothing is opened', () => {
  const { time, opened, connection } = setting();
  connection.close();
  opened[0]!.events.closed();
  connection.renew();
  time.runTo(100_000);
  expect(opened).toHaveLength(1);
});

describe('a station that says "service restart"', () => {
  const RESTART = 1012;

  test('is waited for, and tried at least every four seconds, for two minutes; then it is lost', () => {
    const { time, opened, states, connection } = setting();
    opened[0]!.events.opened();
    opened[0]!.events.closed(RESTART);
    expect(connection.state).toBe('restarting');
    const waits: number[] = [];
    while (time.now() < 119_000) {
      const closedAt = time.now();
      const before = opened.length;
      while (opened.length === before) time.runTo(time.now() + 100);
      waits.push(Math.round(opened.at(-1)!.at - closedAt));
      opened.at(-1)!.events.closed(1006);
    }
    expect(waits.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000]);
    expect(Math.max(...waits)).toBe(4_000);
    expect(states).toEqual(['open', 'restarting']);
    time.runTo(121_000);
    expect(states).toEqual(['open', 'restarting', 'lost']);
  });

  test('is open again when it is back, and lost at once when it goes without a word after that', () => {
    const { time, opened, states } = setting();
    opened[0]!.events.opened();
    opened[0]!.events.closed(RESTART);
    time.runTo(500);
    opened[1]!.events.opened();
    opened[1]!.events.closed(1006);
    time.runTo(200_000);
    expect(states).toEqual(['open', 'restarting', 'open', 'lost']);
  });

  test('is still waited for where the page tries by itself meanwhile, and forgotten where it closes', () => {
    const { time, opened, states, connection } = setting();
    opened[0]!.events.opened();
    opened[0]!.events.closed(RESTART);
    connection.renew();
    expect(connection.state).toBe('restarting');
    connection.close();
    time.runTo(200_000);
    expect(states).toEqual(['open', 'restarting', 'lost']);
    expect(opened).toHaveLength(2);
  });
});

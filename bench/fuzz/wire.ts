/** What a listener may send and what a page is told: texts near to the protocol, given to both parsers. */
import { seededRandom } from '../../src/music/random.ts';
import { encodeFrame, encodeRequest, parseFrame, parseRequest } from '../../src/wire.ts';
import { pick } from './pick.ts';
import type { Target } from './run.ts';
import { mutate } from './text.ts';

const REQUESTS = [
  '{"action":"join"}',
  '{"action":"ping","id":7}',
  '{"action":"resume","broadcast":"daily@2026-11-21T19:00:00.000Z","after":3}',
];
const FRAMES = [
  '{"type":"hello","protocol":1,"broadcast":"b","state":"live","performance":"2026-11-21","title":"x","encore":false,"epoch":1,"t0":1,"durationMs":60000,"serverNow":2,"next":null}',
  '{"type":"chunk","seq":0,"count":1,"broadcast":"b","epoch":1,"fromMs":0,"toMs":15000,"here":2,"state":{"sounding":[[0,1,60,64]],"pedal":0},"notes":[[0,1,60,64]],"pedal":[[0,127]]}',
  '{"type":"pong","id":7,"receivedAt":1,"sentAt":2}',
  '{"type":"end","broadcast":"b","epoch":1,"lastSeq":3}',
];
export function newTarget(seed: number): Target {
  return {
    try(index) {
      const random = seededRandom(seed * 2 ** 32 + index);
      const text = mutate(random, pick(random, random() < 0.7 ? REQUESTS : FRAMES));
      const request = parseRequest(text);
      const frame = parseFrame(text);
      if (request) checkRequest(request);
      if (frame) holds(parseFrame(encodeFrame(frame)) !== null, 'what was read is read again');
      holds(!('x' in {}) && !('action' in {}), 'prototypes stay as they are');
      return request ? request.action : frame ? frame.type : 'refused';
    },
  };
}

function checkRequest(request: NonNullable<ReturnType<typeof parseRequest>>): void {
  const fields = {
    join: ['action'],
    ping: ['action', 'id'],
    resume: ['action', 'after', 'broadcast'],
    punch: ['action', 'broadcast'],
  };
  const own = Object.keys(request).sort().join();
  holds(own === fields[request.action].join(), `fields of ${request.action}: ${own}`);
  if (request.action === 'ping')
    holds(Number.isSafeInteger(request.id) && request.id >= 0, `id ${request.id}`);
  if (request.action === 'resume') {
    holds(Number.isSafeInteger(request.after) && request.after >= -1, `after ${request.after}`);
    holds(request.broadcast.length >= 1 && request.broadcast.length <= 200, 'the name is bounded');
  }
  holds(JSON.stringify(parseRequest(encodeRequest(request))) === JSON.stringify(request), 'it is read again');
}

function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

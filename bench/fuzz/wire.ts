/** What a listener may send and what a page is told: texts near to the protocol, given to both parsers. */
import { seededRandom } from '../../src/music/random.ts';
import { encodeFrame, encodeRequest, parseFrame, parseRequest } from '../../src/wire.ts';
import { pick, type Random } from './pick.ts';
import type { Target } from './run.ts';

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
/** What is put where something else belongs. */
const PIECES = [
  ...[
    'NaN',
    'Infinity',
    '1e309',
    '-0',
    '-1',
    '1.5',
    '9007199254740993',
    '1e308',
    'null',
    'true',
    '""',
    '[]',
    '{}',
  ],
  ...[
    '"__proto__":{"x":1},',
    '"constructor":{"prototype":{"x":1}},',
    '"action":"join",',
    '"toString"',
    '\\u0000',
  ],
  ...['\u0000', '\u2028', '\ud800', '😀', '"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', '[[[[[[[['],
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
  const fields = { join: ['action'], ping: ['action', 'id'], resume: ['action', 'after', 'broadcast'] };
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

/** Up to four changes; one in ten texts is left as it is. */
function mutate(random: Random, text: string): string {
  if (random() < 0.1) return text;
  let changed = text;
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const at = Math.floor(random() * (changed.length + 1));
    const to = Math.min(changed.length, at + Math.floor(random() * 12));
    const kind = Math.floor(random() * 6);
    if (kind === 0) changed = changed.slice(0, at) + changed.slice(to);
    else if (kind === 1) changed = changed.slice(0, at) + pick(random, PIECES) + changed.slice(at);
    else if (kind === 2) changed = changed.slice(0, at) + pick(random, PIECES) + changed.slice(to);
    else if (kind === 3) changed = changed.slice(0, to) + changed.slice(at);
    else if (kind === 4)
      changed = changed.replace(/(?<=[:,[])(-?\d+|"[^"]*"|null)/, () => pick(random, PIECES));
    else
      changed =
        changed.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x10000)) + changed.slice(at);
  }
  return changed;
}

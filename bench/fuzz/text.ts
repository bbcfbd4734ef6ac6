/** Changes JSON texts, so that most stay near to what they were. */
import { pick, type Random } from './pick.ts';

/** What is put where something else belongs. */
export const PIECES = [
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

/** Up to four changes; one in ten texts is left as it is. */
export function mutate(random: Random, text: string, pieces: readonly string[] = PIECES): string {
  if (random() < 0.1) return text;
  let changed = text;
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const at = Math.floor(random() * (changed.length + 1));
    const to = Math.min(changed.length, at + Math.floor(random() * 12));
    const kind = Math.floor(random() * 6);
    if (kind === 0) changed = changed.slice(0, at) + changed.slice(to);
    else if (kind === 1) changed = changed.slice(0, at) + pick(random, pieces) + changed.slice(at);
    else if (kind === 2) changed = changed.slice(0, at) + pick(random, pieces) + changed.slice(to);
    else if (kind === 3) changed = changed.slice(0, to) + changed.slice(at);
    else if (kind === 4)
      changed = changed.replace(/(?<=[:,[])(-?\d+|"[^"]*"|null)/, () => pick(random, pieces));
    else
      changed =
        changed.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x10000)) + changed.slice(at);
  }
  return changed;
}

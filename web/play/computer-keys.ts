/** The computer's keys as a piano's: two rows of letters, each with the digits or letters above it as black keys. */

/** By where a key is, not by what is printed on it: the lower row from a C, the upper one from the C above. */
const LOWER = [
  ...['KeyZ', 'KeyS', 'KeyX', 'KeyD', 'KeyC', 'KeyV', 'KeyG', 'KeyB', 'KeyH', 'KeyN', 'KeyJ', 'KeyM'],
] as const;
const UPPER = [
  ...[
    'KeyQ',
    'Digit2',
    'KeyW',
    'Digit3',
    'KeyE',
    'KeyR',
    'Digit5',
    'KeyT',
    'Digit6',
    'KeyY',
    'Digit7',
    'KeyU',
  ],
  ...['KeyI', 'Digit9', 'KeyO', 'Digit0', 'KeyP'],
] as const;
/** C3, where no octave is chosen. */
const LOWEST = 48;

const SEMITONES: ReadonlyMap<string, number> = new Map([
  ...LOWER.map((code, i) => [code, i] as const),
  ...UPPER.map((code, i) => [code, 12 + i] as const),
]);

/** The pitch of a key by its `KeyboardEvent.code`; null: it is none of them. @param octaves up, or down where negative */
export function pitchOfKey(code: string, octaves: number): number | null {
  const semitones = SEMITONES.get(code);
  return semitones === undefined ? null : LOWEST + 12 * octaves + semitones;
}
/** Octaves that may be chosen: all keys that sound are a piano's. */
export const OCTAVES = [-2, 2] as const;

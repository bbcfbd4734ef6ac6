import { type Note, PEDAL_DOWN } from '../../src/music/note.ts';
import type { ScoreEvent } from './event.ts';

/** What an event does to the strings: which notes begin, which are damped. */
export type Change = { readonly struck: readonly Note[]; readonly damped: readonly Note[] };

export type Dampers = {
  /** Events are to come in order of time. */
  take(event: ScoreEvent): Change;
  /** What sounds, held by key or by pedal; one a pitch. */
  readonly sounding: readonly Note[];
  reset(): void;
};

type String = { readonly note: Note; keyDown: boolean };
const NOTHING: Change = { struck: [], damped: [] };

/** The piano's keys, dampers and sustain pedal, without its sound. A string sounds while its key or the pedal is down. */
export function dampers(): Dampers {
  const strings = new Map<number, String>();
  /** The latest onset that each key was struck for. */
  const struckAt = new Map<number, number>();
  let pedalDown = false;

  const strike = (note: Note, keyDown: boolean) => {
    strings.set(note.pitch, { note, keyDown });
    struckAt.set(note.pitch, note.onsetMs);
  };
  const damp = (which: (string: String) => boolean): Note[] => {
    const silent = [...strings.values()].filter(which).map(({ note }) => note);
    for (const note of silent) strings.delete(note.pitch);
    return silent;
  };

  const on = (note: Note): Change => {
    const before = strings.get(note.pitch);
    // The same note told twice, or one that a later one has replaced.
    if (before && before.note.onsetMs >= note.onsetMs) return NOTHING;
    strike(note, true);
    return { struck: [note], damped: before ? [before.note] : [] };
  };
  const off = (note: Note): Change => {
    const string = strings.get(note.pitch);
    // Its key has been struck again since.
    if (!string || string.note.onsetMs !== note.onsetMs) return NOTHING;
    string.keyDown = false;
    return pedalDown ? NOTHING : { struck: [], damped: damp((other) => other === string) };
  };
  const pedal = (value: number): Change => {
    pedalDown = value >= PEDAL_DOWN;
    return pedalDown ? NOTHING : { struck: [], damped: damp(({ keyDown }) => !keyDown) };
  };
  const state = (ms: number, sounding: readonly Note[], value: number): Change => {
    pedalDown = value >= PEDAL_DOWN;
    const isThere = new Map(sounding.map((note) => [note.pitch, note.onsetMs]));
    const damped = damp(({ note }) => isThere.get(note.pitch) !== note.onsetMs);
    // One that was damped because the pedal was not known to hold it is over: it is not struck again.
    const struck = sounding.filter(
      ({ pitch, onsetMs }) => !strings.has(pitch) && (struckAt.get(pitch) ?? -1) < onsetMs,
    );
    for (const note of struck) strike(note, note.onsetMs + note.durationMs > ms);
    return { struck, damped };
  };

  return {
    take(event) {
      if (event.kind === 'on') return on(event.note);
      if (event.kind === 'off') return off(event.note);
      if (event.kind === 'pedal') return pedal(event.value);
      return state(event.ms, event.sounding, event.pedal);
    },
    get sounding() {
      return [...strings.values()].map(({ note }) => note);
    },
    reset() {
      strings.clear();
      struckAt.clear();
      pedalDown = false;
    },
  };
}

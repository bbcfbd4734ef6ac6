import { type FormPart, formOf } from '../music/form.ts';
import { readMidiFile } from '../music/midi/file.ts';
import { type Timeline, timeline } from '../music/timeline.ts';
import type { Performances } from '../ports.ts';

export type TitledTimeline = Timeline & { readonly title: string; readonly form: readonly FormPart[] };
/** Loads a performance ready for cutting, and keeps the last one: everybody listens to the same. */
export type Timelines = (performanceId: string) => Promise<TitledTimeline | null>;

export function timelines(performances: Performances): Timelines {
  let last: { id: string; music: TitledTimeline } | null = null;
  return async (id) => {
    if (last?.id === id) return last.music;
    const stored = await performances.get(id);
    if (!stored) return null;
    const file = readMidiFile(stored.midi);
    if ('problem' in file)
      throw new Error(`the MIDI of ${id} cannot be read at byte ${file.at}: ${file.problem}`);
    const { title, movements } = stored.record;
    last = { id, music: { ...timeline(file.music), title, form: formOf(movements) } };
    return last.music;
  };
}

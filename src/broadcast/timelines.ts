/** Music ready for cutting: from the archive, or, while it is composed in this process, as far as it is known. */
import { type FormPart, formOf } from '../music/form.ts';
import { readMidiFile } from '../music/midi/file.ts';
import type { Music } from '../music/note.ts';
import { CHUNK_MS, type Timeline, timeline } from '../music/timeline.ts';
import type { PerformanceRecord, Performances } from '../ports.ts';

export type TitledTimeline = Timeline & {
  readonly title: string;
  readonly form: readonly FormPart[];
  /**
   * `growing`: only its chunks are known, and more will come; `broken`: composing has died, and no more will come;
   * not given: it is whole.
   */
  readonly still?: 'growing' | 'broken';
};

/** A performance so far, in whole movements. */
export type SoFar = {
  readonly music: Music;
  /** Nothing will be added before this, milliseconds from its beginning. */
  readonly knownMs: number;
  readonly title: string;
  readonly movements: PerformanceRecord['movements'];
};

/** Performances that are played while they are composed. */
export type Growing = {
  /** null: nothing is known of it here; it is stored, or it is not there. */
  of(id: string): TitledTimeline | null;
  /** The level that it began with: one performance has one, though the whole might have another. null: it did not begin here. */
  levelOf(id: string): number | null;
  grow(id: string, soFar: SoFar): void;
  /** It is stored, and read from there from now on. */
  whole(id: string): void;
  /** It will not become whole: what there is ends it. */
  broken(id: string): void;
};

export function growingPerformances(): Growing {
  const all = new Map<string, { readonly soFar: SoFar; readonly music: TitledTimeline }>();
  const levels = new Map<string, number>();
  const titled = ({ music, title, movements }: SoFar, id: string) => ({
    ...timeline(music, levels.get(id)),
    ...{ title, form: formOf(movements) },
  });
  return {
    of: (id) => all.get(id)?.music ?? null,
    levelOf: (id) => levels.get(id) ?? null,
    grow(id, soFar) {
      const music = titled(soFar, id);
      if (!levels.has(id)) levels.set(id, music.levelDb);
      // The chunk in which the known ends may be given more notes: it is not known yet.
      const chunks = Math.min(music.chunks, Math.floor(soFar.knownMs / CHUNK_MS));
      all.set(id, { soFar, music: { ...music, chunks, still: 'growing' } });
    },
    whole: (id) => void all.delete(id),
    broken(id) {
      const last = all.get(id);
      if (last) all.set(id, { ...last, music: { ...titled(last.soFar, id), still: 'broken' } });
    },
  };
}

/** Loads a performance ready for cutting, and keeps the last one: everybody listens to the same. */
export type Timelines = (performanceId: string) => Promise<TitledTimeline | null>;

/** @param growing what is played while it is composed here; where not given, nothing is */
export function timelines(performances: Performances, growing?: Pick<Growing, 'of' | 'levelOf'>): Timelines {
  let last: { id: string; music: TitledTimeline } | null = null;
  return async (id) => {
    const soFar = growing?.of(id);
    if (soFar) return soFar;
    if (last?.id === id) return last.music;
    const stored = await performances.get(id);
    if (!stored) return null;
    const file = readMidiFile(stored.midi);
    if ('problem' in file)
      throw new Error(`the MIDI of ${id} cannot be read at byte ${file.at}: ${file.problem}`);
    const { title, movements } = stored.record;
    const level = growing?.levelOf(id) ?? undefined;
    last = { id, music: { ...timeline(file.music, level), title, form: formOf(movements) } };
    return last.music;
  };
}

/** Asks the station to go on from music; the same route that src/adapters/net/continue-route.ts answers. */
import { type Music, type Note, toMusic } from '../../src/music/note.ts';

type PlainNote = readonly [onsetMs: number, durationMs: number, pitch: number, velocity: number];
export type Asked = {
  readonly outcome: 'queued';
  readonly id: string;
  readonly verdict: 'accepted' | 'accepted with repairs';
  readonly warnings: readonly string[];
  readonly given: Music;
};
export type Refused = { readonly outcome: 'refused'; readonly reason: string; readonly message: string };
export type Look =
  | { readonly state: 'queued'; readonly ahead: number }
  | { readonly state: 'composing'; readonly part: number; readonly added: readonly Note[] }
  | { readonly state: 'done'; readonly kept: boolean; readonly record: Done }
  | { readonly state: 'refused'; readonly message: string }
  | { readonly state: 'failed' | 'gone' };
/** Of the station's record, what the page says. */
export type Done = {
  readonly title: string;
  readonly addedNotes: number;
  readonly durationMs: number;
  readonly continuedFromMs: number;
  readonly movement: string;
  readonly verdict: string;
  readonly warnings: readonly string[];
};

const ROOT = `${globalThis.SITE_ROOT ?? ''}/play/asked/`;
/** @param file one of those that the station names; without one, the upload itself */
export const addressOf = (id: string, file = ''): string => `${ROOT}${id}${file && `/${file}`}`;

/** @throws where the station does not answer, or says what it never says */
export async function ask(bytes: Blob, name: string, minutes: number): Promise<Asked | Refused> {
  const query = new URLSearchParams({ name, minutes: String(minutes) });
  const headers = { 'content-type': 'audio/midi' };
  const response = await fetch(`${ROOT}?${query}`, { method: 'POST', headers, body: bytes });
  const told = await response.json();
  if (told.outcome !== 'queued') return told;
  return { ...told, given: toMusic(told.given.map(noteOf)) };
}

/** @throws where the station does not answer: it may be asked again */
export async function look(id: string): Promise<Look> {
  const response = await fetch(addressOf(id), { cache: 'no-store' });
  if (response.status === 404) return { state: 'gone' };
  const told = await response.json();
  return told.state === 'composing' ? { ...told, added: told.added.map(noteOf) } : told;
}

/** @throws where it cannot be kept */
export async function keep(id: string): Promise<void> {
  const { ok } = await fetch(addressOf(id, 'kept'), { method: 'PUT' });
  if (!ok) throw new Error('it cannot be kept');
}

export const forget = (id: string): Promise<Response> =>
  fetch(addressOf(id), { method: 'DELETE', keepalive: true });

const noteOf = ([onsetMs, durationMs, pitch, velocity]: PlainNote): Note => ({
  ...{ onsetMs, durationMs, pitch, velocity },
});

/** Asks the station to go on from music: where it is to be sent, what becomes of it; the route that src/adapters/net/asked.ts answers. */
import { type Music, type Note, toMusic } from '../../src/music/note.ts';
import { minutesText } from '../../src/words.ts';
import { said } from '../language/play/words.ts';
import { words } from '../language/words.ts';
import { countText, notesText } from '../language/written.ts';
import { ROOT } from '../site/root.ts';

type PlainNote = readonly [onsetMs: number, durationMs: number, pitch: number, velocity: number];
export type Asked = { readonly outcome: 'sent'; readonly id: string };
export type Refused = { readonly outcome: 'refused'; readonly message: string };
/** What the station has read. */
export type Given = { readonly warnings: readonly string[]; readonly music: Music };
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

/** What has become of the music, in a sentence. */
export const doneText = ({ movement, continuedFromMs, addedNotes }: Done): string =>
  said.done(words.title(movement), minutesText(continuedFromMs), notesText(addedNotes));

const PLAY = `${ROOT}/play/`;
/** A station takes no more, nor does a bucket: it is said before anything is sent. */
const MOST_BYTES = 1_000_000;
/** @param file one of those that the station names; without one, the upload itself */
export const addressOf = (id: string, file = ''): string => `${PLAY}asked/${id}${file && `/${file}`}`;

/** @throws where the station does not answer, or says what it never says */
export async function ask(bytes: Blob, name: string, minutes: number): Promise<Asked | Refused> {
  if (bytes.size > MOST_BYTES) {
    return { outcome: 'refused', message: said.tooLong(name, countText(bytes.size), countText(MOST_BYTES)) };
  }
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name, minutes });
  const ticket = await fetch(`${PLAY}asked/ticket`, { method: 'POST', headers, body });
  const told = await ticket.json();
  if (told.outcome !== 'upload') return told;
  const form = new FormData();
  for (const [field, value] of Object.entries<string>(told.fields)) form.append(field, value);
  // A bucket reads nothing after it.
  form.append('file', bytes, 'music.mid');
  const sent = await fetch(new URL(told.url, new URL(PLAY, location.href)), { method: 'POST', body: form });
  if (sent.ok) return { outcome: 'sent', id: told.id };
  return { outcome: 'refused', message: said.notTaken(name, sent.status) };
}

/** null: it was not read yet. @throws where the station does not answer */
export async function givenOf(id: string): Promise<Given | null> {
  const response = await fetch(addressOf(id, 'given.json'), { cache: 'no-store' });
  if (!response.ok) return null;
  const { warnings, given } = await response.json();
  return { warnings, music: toMusic(given.map(noteOf)) };
}

/** @throws where the station does not answer: it may be asked again */
export async function look(id: string): Promise<Look> {
  const response = await fetch(addressOf(id), { cache: 'no-store' });
  if (response.status === 404) return { state: 'gone' };
  if (!response.ok) throw new Error(`the station answers with ${response.status}`);
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

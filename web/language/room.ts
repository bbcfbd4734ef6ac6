/** What one room of the site says beside the words of all pages: /play/, /shelf/. */
import type { Printed } from './printed/sentences.ts';
import { type InRoom, type Spoken, spoken } from './words.ts';

/** A room in one language other than English. */
export type Room<Said> = { readonly said: Said; readonly printed: Printed };

/** To be awaited before anything is said there. @param take given what has come; not called where it is English */
export async function spokenIn<Said>(take: (room: InRoom<Said>) => void): Promise<void> {
  await spoken();
  const found = await (globalThis as Partial<Spoken>).pianolaWords;
  if (found?.room) take(found.room as InRoom<Said>);
}

/** Asks the site for its public files. */
import type { Music } from '../../src/music/note.ts';
import { ROOT } from '../site/root.ts';
import { readDayMusic } from './day-music.ts';

/** @throws Error where it is not there, or the network is not */
export async function fetchPublic(path: string): Promise<unknown> {
  const response = await fetch(path, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/** A published day's music, which never changes. @throws Error as above, and for a file that is none of ours */
export async function fetchMusic(id: string): Promise<Music> {
  const response = await fetch(`${ROOT}/${id}/performance.mid`);
  if (!response.ok) throw new Error(`${id}: ${response.status}`);
  return readDayMusic(new Uint8Array(await response.arrayBuffer()));
}

/** Days as sound: what a podcast is of, and what can be taken away. Made when a day is public, for it takes a while. */
import { messageOf } from '../errors.ts';
import type { Log, Renderer } from '../ports.ts';
import { dateText, ownTitle } from '../words.ts';
import { type Day, readDay, writePage } from './day.ts';
import { COVER } from './feeds.ts';
import { id3Tag } from './id3.ts';
import { changeIndex, readIndex } from './index-file.ts';
import { coverPicture } from './pictures/share.ts';
import { type PublishPorts, writeFeed } from './publish.ts';
import { type IndexEntry, withEntries } from './site/index-json.ts';
import { MUSIC_LICENCE } from './site/licences.ts';

export type SoundPorts = PublishPorts & { readonly renderer: Renderer; readonly log: Log };

/** Days that have none, newest first. */
export const lackingSound = async ({ site }: Pick<PublishPorts, 'site'>): Promise<readonly IndexEntry[]> =>
  (await readIndex(site)).performances.filter(({ soundBytes }) => soundBytes === 0);

/**
 * Gives the newest day that has none its sound, and tells of it on its page, in the feed and in the index. What was published
 * once stays as it is: who has loaded it has it. Whatever dies in between leaves a file that nobody names, which the next one
 * writes again.
 * @param failed days that are left out; one that cannot be rendered is added
 * @returns the day that was tried; null: none is left
 */
export async function publishNextSound(
  ports: SoundPorts,
  failed: Set<string> = new Set(),
  signal?: AbortSignal,
): Promise<string | null> {
  const { performances, renderer, log, site } = ports;
  const next = (await lackingSound(ports)).find(({ id }) => !failed.has(id));
  if (!next) return null;
  const { id } = next;
  const startedAt = performance.now();
  let quarters = 0;
  const onProgress = (part: number): void => {
    if (Math.floor(4 * part) <= quarters) return;
    quarters = Math.floor(4 * part);
    log('sound.progress', { performance: id, percent: 25 * quarters });
  };
  log('sound.begun', { performance: id });
  const day = await readDay(performances, id).catch((error: unknown) => {
    log('sound.not_rendered', { performance: id, reason: messageOf(error) });
    return null;
  });
  const sound = day && (await renderer(day.midi, { onProgress, signal }));
  if (!day || !sound) {
    failed.add(id);
    return id;
  }
  const file = tagged(day, next, sound);
  await site.put(`${id}/performance.mp3`, file);
  if (!(await site.get(COVER))) await site.put(COVER, coverPicture(day.music));
  let isTold = false;
  // As it is now: a day may have been published meanwhile, or this one's margin printed.
  await changeIndex(site, async (index) => {
    const entry = index.performances.find((one) => one.id === id);
    isTold = entry !== undefined;
    if (!entry) return null;
    const heard = { ...entry, soundBytes: file.length, soundMs: sound.durationMs };
    const told = withEntries(index, [heard]);
    await writePage(day, heard, told, ports);
    await writeFeed(told, ports);
    return told;
  });
  if (!isTold) return id;
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  log('sound.published', { performance: id, bytes: file.length, seconds });
  return id;
}

function tagged(
  { record }: Day,
  entry: IndexEntry,
  { mp3, durationMs }: { readonly mp3: Uint8Array; readonly durationMs: number },
): Uint8Array {
  const tag = id3Tag({
    TIT2: ownTitle(entry) || dateText(record.id),
    TPE1: 'Pianola',
    TALB: 'Pianola',
    TDRC: record.id,
    TLEN: String(durationMs),
    TCOP: `${record.id.slice(0, 4)} ${MUSIC_LICENCE.name}`,
  });
  return Buffer.concat([tag, mp3]);
}

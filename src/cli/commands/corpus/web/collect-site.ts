/** One site of `corpus collect`: collected politely, and gone on with where it was cut off. */
import { hash } from 'node:crypto';
import { basename, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../../adapters/system-clock.ts';
import { CliError, say } from '../../../terminal/output.ts';
import { progressBar } from '../../../terminal/progress.ts';
import { type Found, sourceNamed } from '../files.ts';
import type { Refused } from '../pieces.ts';
import type { SiteWords } from '../provenance.ts';
import { AGENT, crawl } from './crawl.ts';
import { type Polite, polite } from './fetch-polite.ts';
import { openJournal } from './journal.ts';

export type WebOptions = { contact?: string; rate?: number; most?: number };
export type Collected = {
  readonly source: string;
  readonly words: SiteWords;
  readonly found: readonly Found[];
  readonly refused: readonly Refused[];
  readonly pages: number;
  /** Made in this run: what was fetched before is not asked for again. */
  readonly requests: number;
};

export const isSite = (place: string): boolean => /^https?:\/\//i.test(place);

/** @throws CliError before anything is asked of anybody */
export function checkSites(
  sites: readonly string[],
  { contact, dryRun }: WebOptions & { dryRun?: boolean },
): void {
  if (sites.length === 0) return;
  const wrong = (code: string, message: string) => new CliError('usage', code, message);
  for (const site of sites) if (!URL.canParse(site)) throw wrong('bad_address', `${site} is no address`);
  if (dryRun)
    throw wrong('dry_run', '--dry-run is for directories: a site is not asked for everything twice');
  if (!contact)
    throw wrong(
      'no_contact',
      'a site’s owner must be able to reach you: give --contact, an e-mail or web address, which is sent with every request',
    );
}

/** @param directory where what is fetched is kept meanwhile */
export async function collectSite(
  site: string,
  directory: string,
  { contact = '', rate = 1, most = 10_000 }: WebOptions,
): Promise<Collected> {
  const start = new URL(site);
  start.hash = '';
  const key = hash('sha256', start.href).slice(0, 16);
  const journal = await openJournal(join(directory, key), start.href);
  if ('startedWith' in journal) throw new Error(`the journal ${key} is of ${journal.startedWith}`);
  if (journal.visitOf(`${start.origin}/robots.txt`)) say(`Going on with ${start.href} where it was cut off`);
  const bar = progressBar(`Collecting ${start.host}`);
  let asking: Polite | undefined;
  try {
    const result = await crawl(start.href, most, {
      journal,
      now: systemClock.now,
      polite(refuses) {
        asking = polite({
          ...{ intervalMs: 1_000 / rate, agent: `${AGENT}/1 (+${contact})`, refuses },
          pace: { now: systemClock.now, sleep },
        });
        return asking;
      },
      onVisit: (done, known) => bar.update(done / known, `${done} of ${known} addresses known`),
    });
    const path = start.pathname.replace(/[^/]*$/, '').replace(/\/$/, '');
    const source = sourceNamed(`${start.host}${path}`);
    const name = result.title ? `${result.title} (${start.host})` : `${start.host}${path}`;
    return {
      ...{ source, refused: result.refused, pages: result.pages, requests: asking?.requests ?? 0 },
      words: { name, url: start.href, rights: result.rights.join('\n') || null },
      found: result.music.map((piece) => ({ ...piece, source, name: nameIn(piece.url) })),
    };
  } finally {
    bar.done();
  }
}

/** The file's own name in an address; a name that is no UTF-8 is left as it is written. */
function nameIn(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    const name = decodeURIComponent(last);
    return basename(name, extname(name));
  } catch {
    return basename(last, extname(last));
  }
}

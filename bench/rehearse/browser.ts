/** A real browser that listens to a rehearsal through the edge, by the edge's own name. */
import { launchBrowser } from '../../tests/browser/browser.ts';
import { record, struckBy } from '../../tests/browser/recorder.ts';
import type { Listening } from './listening.ts';

/** A sound is a note's where it was scheduled so near to it: which notes are heard is asked, not how exactly. */
const NEAR_MS = 100;
/** What is heard before T0 is the bellows and the A, by which everybody tunes. */
const BEFORE_MS = 250;

/** @param retries whether what the page asks again leaves it */
export async function browserListener(
  { port, origin }: { port: number; origin: string },
  retries: boolean,
): Promise<Listening> {
  const { host } = new URL(origin);
  const browser = await launchBrowser([
    '--ignore-certificate-errors',
    `--host-resolver-rules=MAP ${host} 127.0.0.1:${port}`,
  ]);
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  // What is run by tsx names its functions with a helper of its own, which a page has not.
  await page.addInitScript('globalThis.__name = (made) => made;');
  await record(page, 0);
  if (!retries) await page.addInitScript(askOnce);
  await page.goto(origin);
  await page.click('#join');
  let struck: Awaited<ReturnType<typeof struckBy>> = [];
  return {
    who: 'browser',
    isIn: () => page.evaluate(() => document.body.dataset.state !== 'loading'),
    async leave() {
      if (!browser.isConnected()) return;
      struck = await struckBy(page);
      await browser.close();
    },
    async heard(music, t0) {
      const sounds = struck
        .map(({ attackAt }) => attackAt - t0)
        .filter((at) => at > -BEFORE_MS)
        .sort((a, b) => a - b);
      const [notes, strays] = paired(
        music.notes.map(({ onsetMs }) => onsetMs),
        sounds,
      );
      return { who: 'browser', notes, strays, problems };
    },
  };
}

/** Sounds and notes in the order of time, each taken once: how many belong together, and how many sounds to none. */
export function paired(
  onsets: readonly number[],
  sounds: readonly number[],
): [notes: number, strays: number] {
  let [notes, strays, at] = [0, 0, 0];
  for (const sound of sounds) {
    while (at < onsets.length && onsets[at]! < sound - NEAR_MS) at++;
    if (at < onsets.length && onsets[at]! <= sound + NEAR_MS) {
      notes++;
      at++;
    } else strays++;
  }
  return [notes, strays];
}

/** Run in the page before its own scripts: of what it asks the station, the first leaves it. */
function askOnce(): void {
  const send = WebSocket.prototype.send;
  let asked = false;
  WebSocket.prototype.send = function (text) {
    if (/"action":"(join|resume)"/.test(String(text))) {
      if (asked) return;
      asked = true;
    }
    send.call(this, text);
  };
}

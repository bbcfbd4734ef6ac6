import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../src/music/random.ts';
import { killedStation } from '../tests/support/killed-station.ts';
import { scale } from '../tests/support/music.ts';

/**
 * What is heard of a local station that is killed: `npm run bench -- crash --json`. A real one is killed (SIGKILL) in
 * mid-performance at random instants, and started again at once; five listeners made of the page's own code play on.
 */
const KILLS = 20;
const SEED = 20_261_128;
const MINUTES = 20;
/** It plays for up to this long between two kills, milliseconds. */
const BETWEEN_MS = 6_000;

export async function run(): Promise<object> {
  const random = seededRandom(SEED);
  const station = await killedStation(scale(MINUTES * 60_000));
  let resumeSecondsMax = 0;
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(random() * BETWEEN_MS);
      resumeSecondsMax = Math.max(resumeSecondsMax, (await station.kill()).resumeSeconds);
    }
    await sleep(BETWEEN_MS);
    return { kills: KILLS, ...station.heard(), resumeSecondsMax };
  } finally {
    await station.close();
  }
}

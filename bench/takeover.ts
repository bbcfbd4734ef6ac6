import { broadcast } from '../src/broadcast/broadcast.ts';
import { seededRandom } from '../src/music/random.ts';
import { crowdStation, ID, NAMES, T0 } from '../tests/support/crowd-station.ts';
import { mortal } from '../tests/support/mortal.ts';

/**
 * What listeners notice of processes that die: `npm run bench -- takeover --json`. In each trial the broadcaster and one of
 * its helpers are killed, each at a call of its own drawn by chance. Lambda repeats the broadcaster's event a minute
 * later (AWS, "Error handling for asynchronous invocation"); nobody but its owner replaces a helper.
 */
const TRIALS = 200;
const SEED = 20_261_121;
const MINUTES = 3;
const RETRY_MS = 60_000;
/** About as many calls as a process makes while the music lasts; who is to die later lives. */
const CALLS = 1_200;

export async function run(): Promise<object> {
  const random = seededRandom(SEED);
  const sum = {
    ownersKilled: 0,
    helpersKilled: 0,
    missedNotes: 0,
    lateChunks: 0,
    contradictions: 0,
    unended: 0,
  };
  let leastInHandMs = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < TRIALS; trial++) {
    const [ownerAt, helperAt] = [1 + Math.floor(random() * CALLS), 1 + Math.floor(random() * CALLS)];
    const how = random() < 0.5 ? 'after' : 'before';
    let helper: { calls: () => number } | null = null;
    const station = await crowdStation({
      durationMs: MINUTES * 60_000,
      now: T0 - 150_000,
      names: NAMES.slice(0, 3),
      fate(n, ports) {
        if (n !== 1) return ports;
        const one = mortal(ports, helperAt, how);
        helper = one;
        return one.ports;
      },
    });
    const { clock, ports, listeners, music } = station;
    const owner = mortal(ports, ownerAt, how);
    let died = false;
    const first = broadcast(ID, 'one', owner.ports).then(() => null);
    const killed = async () => {
      for (let at = clock.now(); owner.calls() < ownerAt; at += 1_000) await clock.sleepUntil(at);
      died = true;
      await clock.sleepUntil(clock.now() + RETRY_MS);
      await broadcast(ID, 'one', ports);
    };
    await clock.runUntil(Promise.race([first, killed()]));
    await station.settle();
    sum.ownersKilled += died ? 1 : 0;
    sum.helpersKilled += helper && (helper as { calls(): number }).calls() >= helperAt ? 1 : 0;
    for (const { notes, state, leastInHand } of listeners.values()) {
      sum.missedNotes += music.notes.length - notes().length;
      sum.lateChunks += state.late;
      sum.contradictions += state.contradictions;
      sum.unended += state.ended ? 0 : 1;
      leastInHandMs = Math.min(leastInHandMs, leastInHand());
    }
  }
  const wrong = sum.missedNotes + sum.lateChunks + sum.contradictions + sum.unended;
  return { bench: 'takeover', trials: TRIALS, minutes: MINUTES, ...sum, leastInHandMs, met: wrong === 0 };
}

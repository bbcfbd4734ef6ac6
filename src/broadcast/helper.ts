import type { Timeline } from '../music/timeline.ts';
import type { Broadcast, Helper } from '../ports.ts';
import { type Audience, audience } from './audience.ts';
import { type CrowdPorts, FOR_GOOD } from './crowd.ts';
import { dueNow, nextInstant } from './due.ts';
import { isFetched, passFetched, postedTo } from './fetching/fetched.ts';
import { endFrames, hello, seqAt, stopFrames } from './frames.ts';
import { LOOK_MS, POST_THE_REST_MS, RENEW_MS } from './intervals.ts';
import { LEASE_MS } from './lease.ts';
import type { BroadcastPorts } from './playing.ts';

export type HelpPorts = Pick<
  BroadcastPorts,
  'broadcasts' | 'connections' | 'timelines' | 'post' | 'clock' | 'log'
> &
  Pick<CrowdPorts, 'divisions' | 'postsPerSecond' | 'share'> & {
    /** When this process is cut off. */
    readonly limit?: { readonly at: number };
  };

/** A helper leaves this long before it is cut off; its owner then starts another. */
const LEAVE_BEFORE_MS = 30_000;

/** Lambda may deliver an event much later than it was sent, when its owner has long helped itself. */
const HELP_WITHIN_MS = 60_000;

/** Whether a wish for help is too old to be answered. @param at when it was sent, epoch milliseconds */
export const isTooLate = (at: number, now: number): boolean => now - at > HELP_WITHIN_MS;

/**
 * `elsewhere`: another is at work on this part, or the epoch is over; `superseded`: it is over now; `orphaned`: nobody
 * holds the lease; `relieved`: this process has no time left.
 */
export type HelpOutcome =
  | 'ended'
  | 'stopped'
  | 'cancelled'
  | 'elsewhere'
  | 'superseded'
  | 'orphaned'
  | 'relieved';

/**
 * Posts a broadcast to one part of its listeners, for as long as the epoch lasts: the owner of the lease decides what is
 * played and how the broadcast stands, a helper follows. Whatever it posts twice is harmless.
 */
export async function help(helper: Helper, ports: HelpPorts, signal?: AbortSignal): Promise<HelpOutcome> {
  const { broadcasts, divisions, clock, log } = ports;
  const { broadcast, epoch, part } = helper;
  const promise = (until: number) => divisions.attend(helper, clock.now(), until);

  const division = await promise(clock.now() + LEASE_MS);
  if (!division) return 'elsewhere';
  log('help.begins', { broadcast, epoch, part });
  const ours = audience(ports, { index: part, of: division.parts });
  const outcome = await follow();
  await ours.lastPosts();
  // Only now: the owner takes on what somebody promised to tell, and did not.
  const told = outcome === 'ended' || outcome === 'stopped' || outcome === 'cancelled';
  if (outcome !== 'superseded') await promise(told ? FOR_GOOD : 0);
  log('help.over', { broadcast, epoch, part, outcome });
  return outcome;

  async function follow(): Promise<HelpOutcome> {
    let music: Timeline | null = null;
    let told = '';
    let renewAt = clock.now() + RENEW_MS;
    ours.counted(division!.here);
    ports.share(1 / division!.parts);
    for (;;) {
      if (clock.now() >= renewAt) {
        const now = await promise(clock.now() + LEASE_MS);
        if (!now) return 'superseded';
        renewAt = clock.now() + RENEW_MS;
        keepTo(part, now.parts, ours);
        ours.counted(now.here);
        ports.share(1 / now.parts);
      }
      const row = await broadcasts.get(broadcast);
      if (row?.epoch !== epoch) return 'superseded';
      if (row.performance !== null && !music) {
        music = await ports.timelines(row.performance);
        ours.begin(seqAt(clock.now() - row.startsAt) - 1);
      }
      const over = await tellWhetherOver(row, music);
      if (over) return over;
      const now = clock.now();
      const position = now - row.startsAt;
      if ((await broadcasts.leaseUntil(broadcast)) <= now) {
        // Its successor may take a while, and needs not be waited for by anybody who has all the music.
        if (music && music.music.durationMs - position < POST_THE_REST_MS) {
          // Nor by anybody who fetches: what is not on the site yet may never be.
          if (isFetched(row)) ours.pass(row.fetchedFrom!, seqAt(position));
          await ours.post(music, music.chunks - 1, helper);
        }
        return 'orphaned';
      }
      const state = `${row.state} ${row.performance} ${row.fetchedFrom} ${row.fetchedUntil}`;
      if (state !== told) await ours.tell(() => [hello(row, clock.now())]);
      told = state;
      passFetched(row, ours);
      const due = music && dueNow(music, position, ours, ports.postsPerSecond, postedTo(row, music));
      if (music && due !== null) await ours.post(music, due, helper);
      if (ports.limit && now >= ports.limit.at - LEAVE_BEFORE_MS) return 'relieved';
      const wake = nextInstant(row, music, ours.posted(), now);
      await clock.sleepUntil(Math.min(now + LOOK_MS, renewAt, wake), signal);
    }
  }

  async function tellWhetherOver(
    row: Broadcast,
    music: Timeline | null,
  ): Promise<'ended' | 'stopped' | 'cancelled' | null> {
    if (row.state === 'stopped' || row.state === 'cancelled') {
      await ours.tell(() => stopFrames(row, clock.now()));
      return row.state;
    }
    if (row.state !== 'ended') return null;
    if (music) await ours.post(music, postedTo(row, music), helper);
    const end = endFrames(helper, music ? music.chunks - 1 : -1);
    await ours.tell(() => [...end, hello(row, clock.now())]);
    return 'ended';
  }
}

/** Of what our part falls into when there are more parts, only the one of our number stays ours. */
function keepTo(part: number, parts: number, ours: Audience): void {
  const before = ours.parts();
  if (parts <= before) return;
  ours.divide(parts);
  for (let other = part + before; other < parts; other += before) ours.drop(other);
}

/** The status line: one sentence for ears as well as eyes. */
import { words } from '../language/words.ts';
import { type Facts, JOINABLE, RESTING, type StateName } from './facts.ts';

export function statusOf(name: StateName, facts: Facts): string {
  const { hello, connection, inHandMs, notice, joined, hasAudio } = facts;
  if (name === 'outdated') return words.reload;
  if (notice) return notice;
  if (connection === 'lost' && hello) {
    return name === 'live' && inHandMs > 0 ? words.lostPlaying : words.lost;
  }
  if (connection === 'restarting' && hello) {
    return name === 'live' && inHandMs > 0 ? words.restartsPlaying : words.restarts;
  }
  if (!hasAudio) return words.noAudio;
  if (name === 'live') return liveText(facts);
  if (name === 'closing' || name === 'end') return '';
  const news = newsText(name, facts);
  if (!JOINABLE.has(name)) return news;
  const there = RESTING.has(name) ? words.willBeThere : words.youAreIn;
  if (joined) return news ? words.together(news, there) : there;
  return news || words.sameNote;
}

/** What happened instead of a performance, or is about to happen. */
function newsText(name: StateName, { hello, last }: Facts): string {
  if (name === 'loading') return words.connecting;
  if (name === 'offline') return words.noAnswer;
  if (name === 'silent') return words.silent;
  if (name === 'stopped') return words.endedEarly;
  if (name === 'waiting' && hello?.next === null) return words.noneComing;
  if (name === 'ended' && hello?.next === null) return words.noneComing;
  // By tenths: it is read out.
  if (name === 'composing' && last) return words.composing(Math.floor(10 * (hello?.composing?.part ?? 0)));
  return '';
}

function liveText({ here, caption, joined, hasKeys }: Facts): string {
  if (joined && caption) return caption;
  // Nobody counts themselves.
  const others = Math.max(0, (here ?? 1) - 1);
  if (joined) return words.hearing(others);
  return words.together(words.playing(others), hasKeys ? words.pressSpace : words.pressJoin);
}

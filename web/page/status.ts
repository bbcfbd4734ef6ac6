/** The status line: one sentence for ears as well as eyes. */
import { type Facts, JOINABLE, RESTING, type StateName } from './facts.ts';

export function statusOf(name: StateName, facts: Facts): string {
  const { hello, connection, inHandMs, notice, joined, hasAudio } = facts;
  if (name === 'outdated') return 'Reload the page to go on.';
  if (notice) return notice;
  if (connection === 'lost' && hello) {
    return name === 'live' && inHandMs > 0
      ? 'Connection lost. Playing on from what has arrived; trying to reconnect.'
      : 'Connection lost. Trying to reconnect.';
  }
  if (connection === 'restarting' && hello) {
    return name === 'live' && inHandMs > 0
      ? 'The station restarts and will be back. Playing on from what has arrived.'
      : 'The station restarts and will be back.';
  }
  if (!hasAudio) return 'This browser has no Web Audio: you can watch the roll, but not hear it.';
  if (name === 'live') return liveText(facts);
  if (name === 'closing' || name === 'end') return '';
  const news = newsText(name, facts);
  if (!JOINABLE.has(name)) return news;
  const there = RESTING.has(name)
    ? 'You will be there: sound is on, and this page waits. Keep it open.'
    : 'You are in. It begins by itself.';
  return [news, joined ? there : news ? '' : 'Everyone hears the same note at the same moment.']
    .filter(Boolean)
    .join(' ');
}

/** What happened instead of a performance, or is about to happen. */
function newsText(name: StateName, { hello, last }: Facts): string {
  if (name === 'loading') return 'Connecting.';
  if (name === 'offline') return 'The station does not answer. Still trying.';
  if (name === 'silent') return 'A silent day: no piece was composed, and none is passed off as new.';
  if (name === 'stopped') return 'The performance was ended early.';
  if (name === 'waiting' && hello?.next === null) return 'The station has no coming performance.';
  if (name === 'ended' && hello?.next === null) return 'The station has no coming performance.';
  // By tenths: it is read out.
  if (name === 'composing' && last)
    return `Today’s piece is being composed, ${Math.floor(10 * (hello?.composing?.part ?? 0))} tenths so far. It begins as soon as its first movement is there.`;
  return '';
}

function liveText({ here, caption, joined, hasKeys }: Facts): string {
  if (joined && caption) return caption;
  const others = here === null ? 0 : here - 1;
  const withOthers = others <= 0 ? '' : others === 1 ? 'one other' : `${others} others`;
  if (joined) return withOthers ? `You are hearing it live, with ${withOthers}.` : 'You are hearing it live.';
  const playing = withOthers ? `It is playing now, to ${withOthers}.` : 'It is playing now.';
  return `${playing} ${hasKeys ? 'Press Space or Join' : 'Press Join'} to hear it.`;
}

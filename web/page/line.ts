/** How the connection is, for the foot of the page. */
import type { ConnectionState } from '../listener/connection.ts';

/**
 * @param clock how far the server's clock may be off, and the site's own: null while it is unknown, or in doubt after sleep, or not asked
 * @param here listeners, this page among them
 */
export function lineText(
  connection: ConnectionState,
  {
    uncertaintyMs,
    otherUncertaintyMs,
  }: { readonly uncertaintyMs: number | null; readonly otherUncertaintyMs: number | null },
  here: number | null,
): string {
  if (connection === 'lost') return 'Connection lost';
  if (connection === 'restarting') return 'The station restarts';
  if (connection === 'connecting') return 'Connecting';
  const within =
    uncertaintyMs === null
      ? ', not in time yet'
      : `, in time to ${inWords(uncertaintyMs)}${otherUncertaintyMs === null ? '' : ` (by the site’s clock to ${inWords(otherUncertaintyMs)})`}`;
  // Nobody counts themselves.
  const others = (here ?? 1) - 1;
  return `Connected${within}${others < 1 ? '' : `; ${others === 1 ? 'one other' : others} here`}`;
}

const inWords = (ms: number): string => (ms < 1 ? 'a millisecond' : `${Math.ceil(ms)} ms`);

/** How the connection is, for the foot of the page. */
import type { ConnectionState } from '../listener/connection.ts';

/** @param uncertaintyMs of the server's clock; null while it is unknown, or in doubt after sleep. @param here listeners, this page among them */
export function lineText(
  connection: ConnectionState,
  uncertaintyMs: number | null,
  here: number | null,
): string {
  if (connection === 'lost') return 'Connection lost';
  if (connection === 'restarting') return 'The station restarts';
  if (connection === 'connecting') return 'Connecting';
  const within =
    uncertaintyMs === null
      ? ', not in time yet'
      : `, in time to ${uncertaintyMs < 1 ? 'a millisecond' : `${Math.ceil(uncertaintyMs)} ms`}`;
  // Nobody counts themselves.
  const others = (here ?? 1) - 1;
  return `Connected${within}${others < 1 ? '' : `; ${others === 1 ? 'one other' : others} here`}`;
}

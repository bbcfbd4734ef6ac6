/** How the connection is, for the foot of the page. */
import { words } from '../language/words.ts';
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
  if (connection === 'lost') return words.lineLost;
  if (connection === 'restarting') return words.lineRestarts;
  if (connection === 'connecting') return words.lineConnecting;
  // Nobody counts themselves.
  return words.lineOpen(uncertaintyMs, otherUncertaintyMs, Math.max(0, (here ?? 1) - 1));
}

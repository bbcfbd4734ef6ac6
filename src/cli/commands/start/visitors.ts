/** The page of a station, with or without the part on which visitors give music of their own. */
import type { Asset } from '../../../adapters/net/http.ts';
import { openContinuing } from '../../../local/continuing.ts';
import type { Clock, Log } from '../../../ports.ts';

export type Visited = {
  readonly assets: ReadonlyMap<string, Asset>;
  readonly continuing: ReturnType<typeof openContinuing> | undefined;
};

/** @param root path that the site lies below; '': it lies at the top */
export async function openForVisitors(
  options: { readonly data: string; readonly model?: string; readonly play: boolean },
  root: string,
  ports: { readonly dataDir: string; readonly clock: Clock; readonly log: Log },
): Promise<Visited> {
  const { buildPage, withoutPlay } = await import('../../../adapters/net/page-bundle.ts');
  const whole = await buildPage({}, root);
  if (!options.play) return { assets: withoutPlay(whole), continuing: undefined };
  const { dataDir, clock, log } = ports;
  // Loaded when needed: the runtime is a large native library, and most stations are never asked.
  const open = async () => (await import('../../place/composer.ts')).openComposer(options);
  return { assets: whole, continuing: openContinuing(dataDir, { open, clock, log }) };
}

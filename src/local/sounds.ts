/** Days become sound one after the other, when the station has nothing better to do. */
import { messageOf } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { lackingSound, publishNextSound, type SoundPorts } from '../publish/sound.ts';

/** Before each: who comes for the end of a broadcast is served first, and a processor is not kept busy by an archive. */
const REST_MS = 60_000;

/**
 * @param busy whether something is played, or about to be
 * @returns asks for it, as often as one likes: what lacks sound is looked up then
 */
export function soundsInTurn(
  ports: SoundPorts & { readonly clock: Clock },
  busy: () => boolean,
  signal: AbortSignal,
): () => void {
  const { clock, log } = ports;
  const failed = new Set<string>();
  let working = false;
  const lacking = async () => (await lackingSound(ports)).some(({ id }) => !failed.has(id));
  const work = async (): Promise<void> => {
    try {
      while (await lacking()) {
        await clock.sleepUntil(clock.now() + REST_MS, signal);
        if (!busy()) await publishNextSound(ports, failed, signal);
      }
    } catch (error) {
      if (!signal.aborted) log('sound.not_rendered', { reason: messageOf(error) });
    } finally {
      working = false;
    }
  };
  return () => {
    if (working) return;
    working = true;
    void work();
  };
}

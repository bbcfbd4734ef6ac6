/** Days get their sound in the background: nothing waits for it, and whatever becomes of it, the days are public. */
import { messageOf } from '../errors.ts';
import type { Log, Site } from '../ports.ts';
import { lackingSound } from '../publish/sound.ts';

/** Asks for what lacks sound to be given it, and returns; asked again while it is being done, nothing is done twice. */
export type SoundLater = () => void | Promise<void>;

/** Asks, where a day lacks its sound; where nobody can be asked, days have none. */
export async function askForSound(ports: {
  readonly soundLater?: SoundLater;
  readonly site: Site;
  readonly log: Log;
}): Promise<void> {
  const { soundLater, log } = ports;
  try {
    if (soundLater && (await lackingSound(ports)).length > 0) await soundLater();
  } catch (error) {
    log('sound.not_asked_for', { reason: messageOf(error) });
  }
}

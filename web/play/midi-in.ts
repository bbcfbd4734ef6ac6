/** A keyboard of the visitor's own, by Web MIDI: asked for when they wish it, and not before. */
import { said } from '../language/play/words.ts';
import { words } from '../language/words.ts';
import type { Hands } from './keys.ts';

const NOTE_OFF = 0x8;
const NOTE_ON = 0x9;
const CONTROL = 0xb;
const SUSTAIN = 64;

export type MidiHands = Hands & { pedal(value: number): void };

/** What one message means, if it means anything here; channels are all the same. */
export function onMessage(bytes: Uint8Array, hands: MidiHands): void {
  const [status = 0, first = 0, second = 0] = bytes;
  const kind = status >> 4;
  if (kind === NOTE_ON && second > 0) hands.strike(first, second);
  else if (kind === NOTE_OFF || kind === NOTE_ON) hands.release(first);
  else if (kind === CONTROL && first === SUSTAIN) hands.pedal(second);
}

/**
 * Listens to every keyboard that is there, and to those that are plugged in later.
 * @param onChange the names of those that are there
 * @throws where there is no Web MIDI, or the visitor will not have it
 */
async function listenToMidi(hands: MidiHands, onChange: (names: readonly string[]) => void): Promise<void> {
  const access = await navigator.requestMIDIAccess();
  const listen = () => {
    for (const input of access.inputs.values())
      input.onmidimessage = ({ data }) => {
        if (data) onMessage(data, hands);
      };
    onChange([...access.inputs.values()].map(({ name }) => name || said.midiKeyboard));
  };
  access.onstatechange = listen;
  listen();
}

/** The button that asks for it, where the browser can; what comes of it is told in words. */
export function offerMidi(button: HTMLElement, hands: MidiHands, tell: (text: string) => void): void {
  button.hidden = !('requestMIDIAccess' in navigator);
  button.addEventListener('click', () => {
    listenToMidi(hands, (names) =>
      tell(names.length === 0 ? said.noKeyboard : said.listening(names.join(words.comma))),
    ).catch(() => tell(said.noMidi));
  });
}

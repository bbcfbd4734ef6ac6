import { words } from '../language/words.ts';
import type { MidiPort } from './midi-player.ts';

/** What the page needs of Web MIDI (W3C): outputs by id, and word when one comes or goes. */
export type MidiOutput = MidiPort & {
  readonly id: string;
  readonly name?: string | null;
  readonly state: string;
};
export type MidiAccess = { readonly outputs: ReadonlyMap<string, MidiOutput>; onstatechange: unknown };

const OWN = '';
const ASK = 'ask';

/**
 * The choice of what plays: the page's own piano, or an instrument of the visitor's. MIDI is asked for when it is
 * chosen, never before. While an instrument plays, the page's piano is silent: both would be heard apart.
 */
export function instrumentChoice(world: {
  readonly select: HTMLSelectElement;
  /** null where the browser has no Web MIDI. */
  readonly request: (() => Promise<MidiAccess>) | null;
  readonly play: (port: MidiOutput | null) => void;
  /** For the status line; null takes it back. */
  readonly say: (notice: string | null) => void;
}): void {
  const { select, request, play, say } = world;
  let access: MidiAccess | null = null;
  /** The port that plays. */
  let chosen: MidiOutput | null = null;

  const outputs = (): MidiOutput[] =>
    access ? [...access.outputs.values()].filter(({ state }) => state === 'connected') : [];
  const list = () => {
    const ports = outputs().map((port, i) => option(port.id, port.name || words.midiInstrument(i + 1)));
    const ask = ports.length > 0 ? [] : [option(ASK, words.byMidi)];
    select.replaceChildren(option(OWN, words.ownPiano), ...ports, ...ask);
    select.value = chosen?.id ?? OWN;
  };
  const choose = (port: MidiOutput | null) => {
    chosen = port;
    play(port);
    list();
  };
  const changed = () => {
    const lost = chosen && !outputs().some(({ id }) => id === chosen?.id) ? chosen : null;
    if (lost) {
      choose(null);
      say(words.disconnected(lost.name ?? ''));
    } else list();
  };
  const ask = async () => {
    if (!request) {
      say(words.noMidi);
      return list();
    }
    try {
      access ??= await request();
    } catch (error) {
      say(refusalOf(error));
      return list();
    }
    access.onstatechange = changed;
    const [first] = outputs();
    if (!first) say(words.noInstrument);
    choose(first ?? null);
  };

  list();
  select.addEventListener('change', () => {
    say(null);
    if (select.value === ASK) void ask();
    else choose(outputs().find(({ id }) => id === select.value) ?? null);
  });
}

/** Names of the W3C's: the first two mean that the visitor, or a policy, said no. */
function refusalOf(error: unknown): string {
  const { name = '', message = '' } = (error ?? {}) as Partial<Error>;
  return name === 'NotAllowedError' || name === 'SecurityError'
    ? words.midiRefused
    : words.midiFailed(message);
}

function option(value: string, text: string): HTMLOptionElement {
  const element = document.createElement('option');
  element.value = value;
  element.textContent = text;
  return element;
}

/** How a visitor hears what plays for everybody: from Join on, as loud as they wish, by the page's piano or their own instrument. */
import type { Grand } from './instrument/samples.ts';
import { words } from './language/words.ts';
import type { Listener } from './listener/listener.ts';
import { type Delays, delayText, LOUDSPEAKERS } from './page/delays.ts';
import { type Device, openDevice } from './page/device.ts';
import type { openView } from './page/view.ts';
import { openSound, type Sound } from './sound/live-sound.ts';
import { instrumentChoice, type MidiAccess, type MidiOutput } from './sound/midi-choice.ts';
import { type MidiPlayer, type MidiPort, midiPlayer } from './sound/midi-player.ts';

export type Ears = {
  readonly joined: boolean;
  readonly muted: boolean;
  /** Something that the visitor has to know of their instrument; null: nothing. */
  readonly notice: string | null;
  /** Must be called by a gesture of the visitor's, or browsers keep it silent. */
  join(): void;
  toggleMute(): void;
  tick(): void;
  cut(): void;
  resume(): void;
  /** What plays, for lock screens; '' while nothing does. */
  playing(title: string): void;
  keepAwake(wanted: boolean): void;
};

type Controls = Pick<
  ReturnType<typeof openView>,
  'join' | 'mute' | 'volume' | 'check' | 'instrument' | 'latency' | 'latencyMs' | 'latencyTold'
>;

export function ears(world: {
  readonly view: Controls;
  readonly station: Listener;
  readonly recordings: () => Promise<Grand | null>;
  readonly now: () => number;
  readonly delays: Delays;
  /** The browser can sound. */
  readonly hasAudio: boolean;
  readonly onVolume: (volume: number) => void;
  readonly onChange: () => void;
}): Ears {
  const { view, station, now, delays, hasAudio, onChange } = world;
  let sound: Sound | null = null;
  let device: Device | null = null;
  let muted = false;
  /** An instrument of the visitor's, in place of the page's piano. */
  let player: MidiPlayer | null = null;
  /** Its name, or the loudspeakers: a delay is remembered by it. */
  let sounding = LOUDSPEAKERS;
  let notice: string | null = null;

  /** The page's piano is silent while an instrument plays, which is then what is muted. */
  const setVolume = () => {
    world.onVolume(Number(view.volume.value) / 100);
    sound?.setVolume(Number(view.volume.value) / 100, muted || player !== null);
  };
  const toggleMute = () => {
    muted = !muted;
    setVolume();
    if (player) sound?.follow(muted ? null : player);
    onChange();
  };
  const delayMs = () => delays.of(sounding);
  const writeDelay = () => {
    view.latency.value = String(delayMs());
    view.latencyMs.textContent = `${delayMs()} ms`;
    view.latency.setAttribute('aria-valuetext', words.milliseconds(delayMs()));
  };
  const writeTold = () => {
    view.latencyTold.textContent = player ? words.instrumentDelay : delayText(sound?.latencyMs ?? null);
  };
  const playerOf = (port: MidiPort): MidiPlayer =>
    midiPlayer({
      port,
      now,
      localTime: (ms) => station.clock.toLocal((station.score.hello?.t0 ?? 0) + ms) ?? now(),
      latencyMs: delayMs,
    });
  const play = (port: MidiOutput | null) => {
    player = port && playerOf(port);
    sounding = port?.name || (port ? 'MIDI' : LOUDSPEAKERS);
    writeDelay();
    writeTold();
    sound?.follow(muted ? null : player);
    setVolume();
  };
  const join = () => {
    if (sound || !hasAudio) return;
    device = openDevice(toggleMute);
    sound = openSound(station, world.recordings(), now, () => delays.of(LOUDSPEAKERS));
    setVolume();
    onChange();
    // Not scrolled to: on a low window the paper would leave it.
    view.mute.focus({ focusVisible: false, preventScroll: true } as FocusOptions);
  };

  view.join.addEventListener('click', join);
  view.mute.addEventListener('click', toggleMute);
  view.volume.addEventListener('input', setVolume);
  view.latency.addEventListener('input', () => {
    delays.set(sounding, view.latency.valueAsNumber);
    writeDelay();
  });
  // Once the hand has come to rest: whatever is scheduled already is to sound at another time.
  view.latency.addEventListener('change', () => sound?.cut());
  view.latencyTold.closest('details')?.addEventListener('toggle', writeTold);
  writeDelay();
  view.check.addEventListener('click', () => sound?.check());
  instrumentChoice({
    select: view.instrument,
    request:
      'requestMIDIAccess' in navigator
        ? async () => (await navigator.requestMIDIAccess()) as unknown as MidiAccess
        : null,
    play,
    say(words) {
      notice = words;
      onChange();
    },
  });
  // Whoever leaves leaves no key down.
  window.addEventListener('pagehide', () => player?.silence());

  return {
    get joined() {
      return sound !== null;
    },
    get muted() {
      return muted;
    },
    get notice() {
      return notice;
    },
    join,
    toggleMute,
    tick: () => sound?.tick(),
    cut: () => sound?.cut(),
    resume: () => sound?.resume(),
    playing: (title) => device?.playing(title),
    keepAwake: (wanted) => device?.keepAwake(wanted),
  };
}

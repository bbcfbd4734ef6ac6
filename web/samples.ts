/** A recorded string: it begins so that the hammer falls at `attackS`. */
export type Sample = {
  /** MIDI pitch as recorded. */
  readonly pitch: number;
  readonly buffer: AudioBuffer;
  /** From the start of the buffer to the attack, seconds. */
  readonly attackS: number;
  /** Root mean square of the half second from the attack on, before any gain. */
  readonly rms: number;
};

/** The recorded keys, every minor third from A0 to C8, and the files' names for them (MIDI 21 to 108). */
const NAMES = ['C', 'Ds', 'Fs', 'A'] as const;
export const SAMPLE_PITCHES: readonly number[] = Array.from({ length: 30 }, (_, i) => 21 + 3 * i);
export const samplePath = (pitch: number): string =>
  `/piano/${NAMES[(pitch % 12) / 3]}${Math.floor(pitch / 12) - 1}v8.mp3`;

/** Middle keys first: most music is there. */
export const loadingOrder = (): number[] =>
  [...SAMPLE_PITCHES].sort((a, b) => Math.abs(a - 60) - Math.abs(b - 60));

/** The attack: the first value of this part of the loudest one that the search window holds. */
const ATTACK_LEVEL = 0.2;
/** The files' attacks lie 10 to 37 ms after their starts. */
const SEARCH_S = 0.15;
/** Kept before the attack, so that it is not cut off. */
const LEAD_IN_S = 0.004;

/** Index of the frame in which a recorded note's attack falls; 0 for silence. */
export function attackFrame(channels: readonly Float32Array[], sampleRate: number): number {
  const end = Math.min(channels[0]?.length ?? 0, Math.round(SEARCH_S * sampleRate));
  let peak = 0;
  for (const channel of channels) for (let i = 0; i < end; i++) peak = Math.max(peak, Math.abs(channel[i]!));
  if (peak === 0) return 0;
  for (let i = 0; i < end; i++) {
    if (channels.some((channel) => Math.abs(channel[i]!) >= ATTACK_LEVEL * peak)) return i;
  }
  return 0;
}

/** How much of a recording is kept, seconds: bass strings ring longer. */
const lengthS = (pitch: number): number => (pitch < 48 ? 10 : pitch < 72 ? 6 : 3);

/** Cuts a decoded file to begin LEAD_IN_S before its attack, and to fade out at a length that phones have memory for. */
export function trim(pitch: number, decoded: AudioBuffer): Sample {
  const rate = decoded.sampleRate;
  const from = Array.from({ length: decoded.numberOfChannels }, (_, c) => decoded.getChannelData(c));
  const attack = attackFrame(from, rate);
  const start = Math.max(0, attack - Math.round(LEAD_IN_S * rate));
  const length = Math.min(decoded.length - start, Math.round(lengthS(pitch) * rate));
  const buffer = new AudioBuffer({ length, numberOfChannels: from.length, sampleRate: rate });
  const fadeFrom = Math.round(length * 0.6);
  from.forEach((channel, c) => {
    const cut = channel.slice(start, start + length);
    for (let i = fadeFrom; i < length; i++) {
      cut[i]! *= 0.5 + 0.5 * Math.cos((Math.PI * (i - fadeFrom)) / (length - fadeFrom));
    }
    buffer.copyToChannel(cut, c);
  });
  return {
    pitch,
    buffer,
    attackS: (attack - start) / rate,
    rms: rmsFrom(from, attack, Math.round(rate / 2)),
  };
}

function rmsFrom(channels: readonly Float32Array[], start: number, length: number): number {
  let sum = 0;
  let n = 0;
  for (const channel of channels) {
    for (let i = start; i < Math.min(channel.length, start + length); i++, n++) sum += channel[i]! ** 2;
  }
  return n === 0 ? 0 : Math.sqrt(sum / n);
}

const AT_ONCE = 4;

/** Fetches and decodes all samples; one that fails is done without, its neighbours stand in. */
export async function loadSamples(
  fetchBytes: (path: string) => Promise<ArrayBuffer>,
  decode: (bytes: ArrayBuffer) => Promise<AudioBuffer>,
): Promise<readonly Sample[]> {
  const waiting = loadingOrder();
  const loaded: Sample[] = [];
  const worker = async () => {
    for (let pitch = waiting.shift(); pitch !== undefined; pitch = waiting.shift()) {
      try {
        loaded.push(trim(pitch, await decode(await fetchBytes(samplePath(pitch)))));
      } catch (error) {
        console.warn(`piano sample ${samplePath(pitch)} is missing`, error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return loaded.sort((a, b) => a.pitch - b.pitch);
}

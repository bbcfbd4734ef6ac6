/** Plays messages in time on the synthesiser, a block of frames at a time; it knows neither a page nor an audio clock. */
import { SoundBankLoader, SpessaSynthProcessor } from 'spessasynth_core';
import { BLOCK, type Song } from './words.ts';

const ON = 0x90;
/** Of a note that is jumped over nothing is heard; what changes sounds holds on. */
const isStroke = (status: number): boolean => (status & 0xf0) === ON || (status & 0xf0) === 0x80;

export type Orchestra = ReturnType<typeof orchestra>;

/** @param sampleRate Hz */
export function orchestra(sampleRate: number) {
  const synth = new SpessaSynthProcessor(sampleRate, { eventsEnabled: false });
  // A program whose sounds could not be had is played with those that are there, and nothing is printed.
  synth.onMissingPreset = () => undefined;
  let song: Song | null = null;
  let next = 0;
  let frame = 0;
  let isPlaying = false;

  const send = (i: number) => synth.processMessage(song!.bytes.subarray(3 * i, 3 * i + 3));

  return {
    /** Resolves when recordings can be decoded. */
    ready: synth.processorInitialized,
    /** @param id another of the same takes its place. @throws for what is no sound bank */
    addSounds(id: string, bytes: ArrayBuffer): void {
      synth.soundBankManager.addSoundBank(SoundBankLoader.fromArrayBuffer(bytes), id);
    },
    get seconds(): number {
      return frame / sampleRate;
    },
    get isPlaying(): boolean {
      return isPlaying;
    },
    load(given: Song): void {
      song = given;
      isPlaying = false;
      this.seek(0);
    },
    /** Everything that was set before stands as it would at this instant; no note that began earlier sounds. */
    seek(seconds: number): void {
      if (!song) return;
      synth.stopAllChannels(true);
      synth.reset();
      frame = Math.max(0, Math.round(Math.min(seconds, song.seconds) * sampleRate));
      next = 0;
      for (const until = frame / sampleRate; next < song.times.length && song.times[next]! < until; next++)
        if (!isStroke(song.bytes[3 * next]!)) send(next);
    },
    play(): void {
      isPlaying = song !== null;
    },
    pause(): void {
      isPlaying = false;
      synth.stopAllChannels();
    },
    /** Fills two channels of at most `BLOCK` frames. @returns whether the last note is over */
    render(left: Float32Array, right: Float32Array): boolean {
      advance(left.length);
      synth.process(left, right);
      return ended();
    },
    /** The same with the channels apart: a pair for each of 16; `effects` has the reverb of all. */
    renderApart(channels: Float32Array[][], effects: readonly [Float32Array, Float32Array]): boolean {
      advance(effects[0].length);
      synth.processSplit(channels, ...effects);
      return ended();
    },
  };

  function advance(frames: number): void {
    if (frames > BLOCK) throw new RangeError(`a block has ${BLOCK} frames at most, not ${frames}`);
    if (!song || !isPlaying) return;
    const until = (frame + frames) / sampleRate;
    for (; next < song.times.length && song.times[next]! < until; next++) send(next);
    frame += frames;
  }

  function ended(): boolean {
    if (!song || !isPlaying || frame / sampleRate < song.seconds + song.tail) return false;
    isPlaying = false;
    return true;
  }
}

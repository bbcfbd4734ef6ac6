/** A day's MIDI file as MP3: played by the page's piano, encoded by LAME. */
import { createMp3Encoder } from 'wasm-media-encoders';
import type { Grand } from '../../web/instrument/samples.ts';
import { readMidiFile } from '../music/midi/file.ts';
import type { RenderedSound } from '../ports.ts';
import { framesOf, LEAD_S, playedBy, SAMPLE_RATE } from './piano.ts';

/**
 * Kilobits a second. Constant: the encoder writes no table of a variable one, without which players tell wrong lengths and
 * seek to wrong places.
 */
const KBIT_PER_SECOND = 128;
/** LAME's own delay and a decoder's, frames; its files tell of neither, so that most decoders leave them in. */
const CODER_DELAY = 576 + 529;

/** @throws Error for what is no MIDI file of ours, or where the piano cannot be had */
export async function mp3Of(
  grand: Grand,
  midi: Uint8Array,
  onProgress: (part: number) => void = () => {},
): Promise<RenderedSound> {
  const read = readMidiFile(midi);
  if ('problem' in read) throw new Error(`the MIDI cannot be read: ${read.problem}, byte ${read.at}`);
  const { music } = read;
  const encoder = await createMp3Encoder();
  encoder.configure({
    sampleRate: SAMPLE_RATE,
    outputSampleRate: SAMPLE_RATE,
    channels: 2,
    bitrate: KBIT_PER_SECOND,
  });
  // As heard, the music begins LEAD_S after the file does.
  const leadS = LEAD_S - CODER_DELAY / SAMPLE_RATE;
  const frames = framesOf(music, leadS);
  const parts: Uint8Array[] = [];
  let done = 0;
  for (const ears of playedBy(grand, music, leadS)) {
    // The encoder gives views of its memory, which it uses again.
    parts.push(encoder.encode(ears).slice());
    done += ears[0].length;
    onProgress(done / frames);
  }
  parts.push(encoder.finalize().slice());
  const mp3 = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    mp3.set(part, at);
    at += part.length;
  }
  return { mp3, durationMs: Math.round((mp3.length * 8) / KBIT_PER_SECOND) };
}

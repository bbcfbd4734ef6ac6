import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { aligned } from './piano/align.ts';
import { pack } from './piano/pack.ts';
import { nearerMicrophone, readStereo } from './piano/recordings.ts';
import { cut, levelled } from './piano/shape.ts';

/**
 * `npm run build:piano`: makes the page's piano, web/piano/, from recordings of the Salamander Grand Piano. The same
 * packages give the same bytes.
 */
const DIRECTORY = fileURLToPath(new URL('../web/piano/', import.meta.url));

/** Every minor third where most music is, every tritone beyond: no key is further than a minor third from a recorded one. */
const PITCHES = [21, 27, 33, ...Array.from({ length: 15 }, (_, i) => 39 + 3 * i), 87, 93, 99, 105];
/** Which of the sixteen recorded velocities serve; they were played at about 40 and 90 of MIDI's 127. */
const LAYERS = { soft: 4, forte: 12 };

const stereo = [];
for (const velocity of Object.values(LAYERS)) stereo.push(await readStereo(velocity, PITCHES));
const recorded = nearerMicrophone(stereo);
const onsets = PITCHES.map((_, i) => aligned(recorded[0]![i]!, recorded[1]![i]!));
const layers = levelled(recorded.map((keys, layer) => keys.map((key, i) => cut(key, onsets[i]![layer]!))));
const packs = [];
for (const [i, name] of Object.keys(LAYERS).entries()) packs.push(await pack(name, layers[i]!));

await mkdir(DIRECTORY, { recursive: true });
for (const name of await readdir(DIRECTORY)) if (/\.(mp3|json)$/.test(name)) await rm(DIRECTORY + name);
for (const { body, layer } of packs) await writeFile(DIRECTORY + layer.file, body);
const manifest = {
  source: 'Salamander Grand Piano V3 by Alexander Holm, CC BY 3.0',
  sampleRate: layers[0]![0]!.sampleRate,
  bytes: packs.reduce((sum, { body }) => sum + body.byteLength, 0),
  layers: packs.map(({ layer }) => layer),
};
await writeFile(`${DIRECTORY}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
for (const { layer } of packs) console.log(`${layer.file} ${layer.bytes} bytes, ${layer.notes.length} keys`);

/**
 * `npm run bench -- continue --files a.mid,b.kar,… --json`: each file arrives, the packaged function goes on from it as Lambda would
 * run it, and what is stored is compared with what was given: key, metre and density. Beside it an unconditioned piece of
 * the same length, one for each file, which knows nothing of it. Files of under 16 notes are gone on from, and not compared.
 */
import { hash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { s3Blobs } from '../src/adapters/aws/s3-blobs.ts';
import { compose } from '../src/compose/performance.ts';
import { kept } from '../src/continue/best.ts';
import { keyOf } from '../src/music/key.ts';
import { readMidiFile } from '../src/music/midi/file.ts';
import { readSmf } from '../src/music/midi/walk.ts';
import type { Note } from '../src/music/note.ts';
import { placeMusic } from '../src/music/score/place.ts';
import { openOriginality } from '../src/sampling/originality-file.ts';
import { openSamplers } from '../src/sampling/pool.ts';
import { fakeClient } from '../tests/fakes/http.ts';
import { fakeS3 } from '../tests/fakes/s3.ts';
import { startFunction } from '../tests/lambda/function.ts';
import { readZip } from '../tests/lambda/unzip.ts';
import { packageInto } from './package.ts';

const MINUTES = 0.5;
const FEWEST = 16;
/** What stands before the continuation is told by its last so many milliseconds. */
const LAST_MS = 60_000;

/** What is compared: of notes, and of the metre that they are written in, `3/4`. */
type Traits = { readonly notes: readonly Note[]; readonly metre: string };
type Kept = { key: number; profile: number; metre: number; octavesOfDensity: number };

export async function run(): Promise<object> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { files: { type: 'string', default: '' }, json: { type: 'boolean' } },
  });
  const files = values.files.split(',').filter(Boolean);
  if (files.length === 0) throw new Error('which files? --files a.mid,b.kar');
  const directory = await mkdtemp(join(tmpdir(), 'pianola-bench-continue-'));
  const s3 = await fakeS3();
  const sampler = await openSamplers('model');
  const originality = await openOriginality('model');
  try {
    await packageInto(directory, process.arch === 'arm64' ? 'arm64' : 'x86_64');
    const go = await startFunction({
      files: await readZip(join(directory, 'continue.zip')),
      handler: 'src/lambda/continue.handler',
      memoryMb: 1792,
      environment: {
        AWS_ENDPOINT_URL_S3: s3.endpoint,
        ARCHIVE_BUCKET: 'archive',
        CONTINUE_MINUTES: String(MINUTES),
        METRICS_NAMESPACE: 'bench',
        POWERTOOLS_METRICS_NAMESPACE: 'bench',
      },
    });
    const bucket = s3Blobs({
      client: new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true }),
      bucket: 'archive',
    });
    const rows: object[] = [];
    const compared: { ours: Kept; other: Kept }[] = [];
    for (const [i, path] of files.entries()) {
      const bytes = await readFile(path);
      const name = basename(path);
      await bucket.write(`prompts/${name}`, bytes);
      const startedAt = performance.now();
      await go.invoke(eventOf(name, bytes));
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      const text = async (file: string) =>
        new TextDecoder().decode((await bucket.read(`continuations/${name}/${file}`)) ?? new Uint8Array());
      const fault = await bucket.read(`prompts/${name}.error.json`);
      if (fault) {
        rows.push({ name, outcome: JSON.parse(new TextDecoder().decode(fault)).reason, seconds });
        continue;
      }
      const record = JSON.parse(await text('record.json'));
      const stored = (await bucket.names(`continuations/${name}/`)).length;
      const given = before(bytes, record.continuedFromMs);
      const row = {
        name,
        outcome: 'continued',
        stored,
        verdict: record.verdict,
        added: record.addedNotes,
        seconds,
      };
      if (given.notes.length < FEWEST) {
        rows.push(row);
        continue;
      }
      const music = read((await bucket.read(`continuations/${name}/continued.mid`))!);
      const ours = keptOf(given, {
        notes: music.filter(({ onsetMs }) => onsetMs >= record.continuedFromMs),
        metre: metreOf(await text('continued.musicxml')),
      });
      // Each of another week, so that no theme is heard twice.
      const date = new Date(Date.UTC(2026, 0, 5 + 7 * i)).toISOString().slice(0, 10);
      const settings = { date, seed: i + 1, minutes: MINUTES };
      const sample = await compose(settings, { sampler, originality, clock: { now: () => 0 } });
      const { beats = 0, unit = 0 } = sample.record.movements?.[0]?.score ?? {};
      const other = keptOf(given, { notes: read(sample.midi), metre: `${beats}/${unit}` });
      compared.push({ ours, other });
      rows.push({ ...row, ours, unconditioned: other });
      console.error(`${name}: ${JSON.stringify({ ours, other })} in ${seconds} s`);
    }
    const memoryMb = Math.round((await go.memoryMb()) ?? 0);
    await go.stop();
    return {
      minutes: MINUTES,
      files: files.length,
      compared: compared.length,
      continuation: meanOf(compared.map(({ ours }) => ours)),
      unconditioned: meanOf(compared.map(({ other }) => other)),
      memoryMb,
      rows,
    };
  } finally {
    await sampler.release();
    await s3.close();
    await rm(directory, { recursive: true });
  }
}

const eventOf = (name: string, bytes: Uint8Array) => ({
  Records: [
    {
      messageId: name,
      body: JSON.stringify({
        Records: [
          {
            s3: {
              bucket: { name: 'archive' },
              object: { key: encodeURIComponent(`prompts/${name}`), eTag: hash('md5', bytes) },
            },
          },
        ],
      }),
    },
  ],
});

const read = (bytes: Uint8Array): readonly Note[] => {
  const file = readMidiFile(bytes);
  if ('problem' in file) throw new Error(file.problem);
  return file.music.notes;
};

/** What was given, towards its end. */
function before(bytes: Uint8Array, untilMs: number): Traits {
  const reading = readSmf(bytes);
  const placed = 'problem' in reading ? null : placeMusic(reading);
  const { beats, unit } = placed?.score.bars.at(-1)?.metre ?? { beats: 0, unit: 0 };
  const notes = read(bytes).filter(({ onsetMs }) => onsetMs >= untilMs - LAST_MS);
  return { notes, metre: `${beats}/${unit}` };
}

const metreOf = (musicXml: string): string =>
  `${/<beats>(\d+)</.exec(musicXml)?.[1]}/${/<beat-type>(\d+)</.exec(musicXml)?.[1]}`;

/** Key: the same, 1 or 0, and how the lengths of the twelve pitch classes correlate; metre: the same; density: octaves apart, notes a second. */
function keptOf(given: Traits, other: Traits): Kept {
  const [a, b] = [keyOf(given.notes), keyOf(other.notes)];
  const { profile, octavesOfDensity } = kept(given.notes, other.notes);
  return {
    key: Number(a.tonic === b.tonic && a.major === b.major),
    profile: rounded(profile),
    metre: Number(given.metre === other.metre),
    octavesOfDensity: rounded(octavesOfDensity),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const rounded = (value: number) => Math.round(value * 100) / 100;

const meanOf = (all: readonly Kept[]): Kept => ({
  key: rounded(mean(all.map(({ key }) => key))),
  profile: rounded(mean(all.map(({ profile }) => profile))),
  metre: rounded(mean(all.map(({ metre }) => metre))),
  octavesOfDensity: rounded(mean(all.map(({ octavesOfDensity }) => octavesOfDensity))),
});

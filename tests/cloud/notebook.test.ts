/** model/notebook.ipynb from its first cell to its last, on a made-up collection and with few steps; `npm run test:cloud` runs it. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeCollection } from '../support/collection.ts';

/** A Python that has model/requirements.txt and model/notebook-requirements.txt; set by `npm run test:cloud`. */
const PYTHON = process.env.PIANOLA_PYTHON ?? '';
const withPython = PYTHON ? test : test.skip;
const NOTEBOOK = 'model/notebook.ipynb';

type Output = { readonly name?: string; readonly text?: string | string[]; readonly data?: object };
type Cell = { readonly id: string; readonly cell_type: string; readonly outputs?: readonly Output[] };

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-notebook-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const cellsOf = async (path: string): Promise<readonly Cell[]> =>
  JSON.parse(await readFile(path, 'utf8')).cells;

test('it lies here without what it printed', async () => {
  const cells = (await cellsOf(NOTEBOOK)).filter(({ cell_type }) => cell_type === 'code');
  expect(cells.length).toBeGreaterThan(5);
  expect(cells.filter(({ outputs }) => outputs!.length > 0)).toEqual([]);
});

withPython(
  'corpus, tokens, training and samples, with curve, rolls, sheets and sound',
  async () => {
    await writeCollection(join(directory, 'midi'), 40);
    const executed = join(directory, 'executed.ipynb');
    const main = 'from nbclient.cli import main; main()';
    const how = ['--timeout=-1', '--startup_timeout=600', `--output=${executed}`];
    await promisify(execFile)(PYTHON, ['-c', main, NOTEBOOK, ...how], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        PIANOLA_CORPUS: join(directory, 'midi'),
        PIANOLA_NOTEBOOK: join(directory, 'work'),
        PIANOLA_STEPS: '24',
        OMP_WAIT_POLICY: 'PASSIVE',
      },
    }).catch((cause: { stderr?: string }) => {
      throw new Error(cause.stderr?.slice(-4000), { cause });
    });

    const cells = await cellsOf(executed);
    const outputs = (id: string) => cells.find((cell) => cell.id === id)!.outputs!;
    const said = (id: string) =>
      outputs(id)
        .filter(({ name }) => name === 'stdout')
        .flatMap(({ text }) => text!)
        .join('');
    const shown = (id: string) => outputs(id).flatMap(({ data }) => Object.keys(data ?? {}));

    expect(said('collect')).toContain("40 pieces: {'train': 32, 'valid': 1, 'test': 7} of which repaired: 0");
    expect(said('shards')).toMatch(/song-\d+\.mid: 377 triples, 8 phrases, solo/);
    expect(said('shards')).toMatch(/next bar, step {3}0: key \d+, 12 steps long, left/);
    const measured = said('train')
      .split('\n')
      .filter((line) => line.includes('"valid"'))
      .map((line) => JSON.parse(line).valid.all);
    expect(measured).toHaveLength(12);
    expect(measured.at(-1)).toBeLessThan(0.8 * measured[0]);
    expect(shown('train')).toContain('image/svg+xml');
    expect(said('evaluate')).toMatch(
      /^ours: \d\.\d+ nats a note, 2520 notes\nkept: \d\.\d+ nats a note, 2520/,
    );
    for (const [id, name] of [
      ['export', 'ours'],
      ['shipped', 'shipped'],
    ] as const) {
      expect(said(id)).toMatch(new RegExp(`^${name}: .+, \\d\\d+ notes in \\d\\d s$`, 'm'));
      expect(shown(id)).toEqual(expect.arrayContaining(['image/png', 'image/svg+xml']));
      expect(JSON.stringify(outputs(id))).toMatch(/class=.{1,3}note/);
    }
    const heard = [...said('hear').matchAll(/"seconds":([\d.]+).*"loudnessLufs":(-[\d.]+)/g)];
    expect(heard).toHaveLength(2);
    for (const [, seconds, loudness] of heard) {
      expect(Number(seconds)).toBeGreaterThan(20);
      expect(Number(loudness)).toBeGreaterThan(-40);
    }
    const audio = outputs('hear').map(({ data }) => JSON.stringify(data ?? ''));
    expect(audio.filter((html) => html.includes('data:audio'))).toHaveLength(2);
  },
  // Of that, most is Python learning on a busy machine.
  1_800_000,
);

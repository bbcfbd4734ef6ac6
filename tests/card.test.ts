/** model/CARD.md says of the weights what their own record says: who replaces the one is told what the other lacks. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { ORIGINALITY_FILE } from '../src/sampling/originality-file.ts';

const json = async (name: string) => JSON.parse(await readFile(`model/${name}`, 'utf8'));
const millions = (tokens: number) => (tokens / 1e6).toFixed(1);
const listed = new Intl.ListFormat('en-GB');
const grouped = (count: number) => count.toLocaleString('en-US');

test('the card has the sizes, the training and the figures of the weights beside it', async () => {
  const [card, model, known] = await Promise.all([
    readFile('model/CARD.md', 'utf8'),
    json('model.json'),
    json(ORIGINALITY_FILE),
  ]);
  const { training, figures, check } = model;
  const sources = ['all', 'nifc-chopin-first-editions', 'nifc-polish-scores', 'openscore-lieder', 'mutopia'];
  const row = sources.map((source) => figures.figures[source].natsPerNote.toFixed(2));
  const said = [
    `${(model.parameters / 1e6).toFixed(1)} M parameters`,
    `width ${model.width}, ${model.layers} layers, ${model.heads} query heads`,
    `SwiGLU ${model.feedForward}`,
    `Context ${grouped(model.contextLength)} tokens`,
    `ONNX opset ${model.opset}`,
    `${grouped(training.steps)} steps`,
    `${millions(training.tokens)} million tokens`,
    `after ${listed.format(training.averagedTokens.map(millions))} million tokens`,
    `${(training.seconds / 3600).toFixed(1)} hours`,
    `${grouped(figures.figures.all.notes)} notes`,
    `| this network | **${row[0]}** | ${row.slice(1).join(' | ')} |`,
    `On ${check.windows} windows of the valid split, spread over pieces: ${model.usualNats.toFixed(2)}`,
    `int8 costs ${Math.round(check.int8GapPerToken * 1e4) / 1e4} nats a token`,
    `(${known.longestRun} intervals)`,
  ];
  const flowing = card.replace(/\s+/g, ' ');
  expect(said.filter((words) => !flowing.includes(words))).toEqual([]);
  expect(figures.split).toBe('test');
  expect(check.int8GapPerToken).toBeLessThanOrEqual(0.005);
});

test('its pieces are those whose music is known not to be quoted', async () => {
  const card = await readFile('model/CARD.md', 'utf8');
  const rows = [...card.matchAll(/^\| \[[^|]*\| ([\d,]+) \| (\d+) % \|/gm)];
  const sum = (column: number) =>
    rows.reduce((total, row) => total + Number(row[column]!.replace(',', '')), 0);
  expect([rows.length, sum(1), sum(2)]).toEqual([4, (await json(ORIGINALITY_FILE)).figures.pieces, 100]);
});

/** Whether Monday's theme is heard every day of its week, and in no other week: by a motif search in composed scores. */
import { parseArgs } from 'node:util';
import { scoreOf } from '../src/music/score/recorded.ts';
import { barLength, STEPS_PER_QUARTER } from '../src/music/score/score.ts';
import { type Composed, composed, datesFrom } from './week/composed.ts';
import { likeness, themeLine, topLine } from './week/motif.ts';

/** Found: so much of its intervals. */
const FOUND = 0.8;

/**
 * `--monday 2026-11-23` and its week against `--others 21` days from `--from 2026-10-01` on; `--minutes` and `--candidates` of each
 * (0.5 and 1); `--folder` keeps what was composed.
 */
export async function run(): Promise<object> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    strict: false,
    options: {
      monday: { type: 'string', default: '2026-11-23' },
      from: { type: 'string', default: '2026-10-01' },
      others: { type: 'string', default: '21' },
      minutes: { type: 'string', default: '0.5' },
      candidates: { type: 'string', default: '1' },
      folder: { type: 'string', default: '.pianola/composed' },
    },
  });
  const monday = String(values.monday);
  const others = datesFrom(String(values.from), Number(values.others));
  const settings = { minutes: Number(values.minutes), candidates: Number(values.candidates) };
  const week = await composed(datesFrom(monday, 7), String(values.folder), settings);
  const elsewhere = await composed(others, String(values.folder), settings);
  const first = week[0]!.record.movements[0]!.score!;
  const theme = themeLine(scoreOf(first), barLength(first) / STEPS_PER_QUARTER);
  const told = (days: readonly Composed[]) =>
    days.map(({ record }) => ({ date: record.id, likeness: round(mostLike(theme, record)) }));
  const [inWeek, outside] = [told(week), told(elsewhere)];
  return {
    intervals: theme.length - 1,
    week: inWeek,
    foundInWeek: inWeek.filter(({ likeness }) => likeness >= FOUND).length,
    others: outside.length,
    foundElsewhere: outside.filter(({ likeness }) => likeness >= FOUND).length,
    mostElsewhere: Math.max(0, ...outside.map(({ likeness }) => likeness)),
  };
}

const mostLike = (theme: readonly number[], { movements }: Composed['record']): number =>
  Math.max(0, ...movements.map(({ score }) => (score ? likeness(theme, topLine(scoreOf(score))) : 0)));
const round = (value: number): number => Math.round(value * 1000) / 1000;

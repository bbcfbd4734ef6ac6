/** Composes a movement phrase by phrase: of each, candidates are sampled, and the one that does what the form asks is kept. */
import type { PhrasePlan } from '../music/plan/phrase-form.ts';
import {
  barLength,
  inOrder,
  type Metre,
  type Score,
  type ScoreNote,
  STEPS_PER_QUARTER,
} from '../music/score/score.ts';
import { judgePhrase, type PhraseJudgement } from '../music/taste/phrase.ts';
import { decodeNotes, noteTriple, phraseMark } from '../music/tokens/score-encode.ts';
import {
  densityLevel,
  EMPTY_BAR,
  HERE,
  metreToken,
  NEXT,
  NO_LENGTH,
  NO_MOTIF,
  NO_PITCH,
  REGISTER,
  SEAM,
  SOURCE,
  SOURCES,
  type Source,
  TEXTURE,
  TEXTURES,
  type Texture,
  WITH_MOTIF,
} from '../music/tokens/score-vocabulary.ts';
import type { PhraseRequest, SampledPhrase } from './sample-phrase.ts';

export type ScoreMovementPlan = {
  readonly source: Source;
  readonly metre: Metre;
  readonly texture: Texture;
  /** 0 (mean pitch under 50) to 7 (72 and more). */
  readonly register: number;
  /** Notes a quarter, on average. */
  readonly notesPerQuarter: number;
  readonly phrases: readonly PhrasePlan[];
  /** What the movement opens with, if that is given: notes of its first phrases. */
  readonly theme?: readonly ScoreNote[];
};

export type ComposedMovement = {
  readonly score: Score;
  /** The plan of each phrase, with the bar that it begins with and how it came out. */
  readonly phrases: readonly (PhrasePlan & {
    readonly firstBar: number;
    readonly judgement: PhraseJudgement | null;
  })[];
  /** Tokens of all candidates. */
  readonly spent: number;
};

/** Notes that the network is reminded of, as in training (model/score_data.py). */
const MOTIF_NOTES = 48;
/** What is kept free of the network's memory for the phrase to come: so many notes for each that is expected, and some. */
const ROOM_FACTOR = 1.8;
const ROOM_NOTES = 16;

/** @param sample gives candidates of a phrase, at least one; null when there is no time left: the movement ends there */
export async function composeScoreMovement(
  plan: ScoreMovementPlan,
  contextLength: number,
  sample: (request: PhraseRequest) => Promise<readonly SampledPhrase[] | null>,
): Promise<ComposedMovement> {
  const width = barLength(plan.metre);
  const barsInAll = plan.phrases.reduce((sum, { bars }) => sum + bars, 0);
  const startOf = (bar: number) => ({ start: bar * width });
  const written: { marks: number[]; tokens: readonly number[]; notes: readonly ScoreNote[] }[] = [];
  const phrases: ComposedMovement['phrases'][number][] = [];
  let bar = 0;
  let spent = 0;
  for (const phrase of plan.phrases) {
    const quarters = (phrase.bars * width) / STEPS_PER_QUARTER;
    const density = plan.notesPerQuarter * phrase.fullness;
    const marks = [
      ...phraseMark(phrase, barsInAll - bar, densityLevel(density)),
      ...(bar === 0 ? [metreToken(plan.metre), NO_PITCH, NO_LENGTH] : []),
    ];
    const given = plan.theme ? themeTokens(plan.theme, bar, phrase.bars, width) : [];
    let tokens: readonly number[] = given;
    let judgement: PhraseJudgement | null = null;
    if (given.length === 0) {
      const room = Math.ceil(3 * (quarters * density * ROOM_FACTOR + ROOM_NOTES));
      const { bars } = phrase;
      const { metre, texture } = plan;
      const request = { tokens: contextOf(plan, written, marks, contextLength - room), bars, metre, texture };
      const candidates = await sample(request);
      if (candidates === null) break;
      const recalled = phrase.recalls > 0 ? written[Math.max(0, written.length - phrase.recalls)] : undefined;
      const judged = candidates.map((candidate) => {
        spent += candidate.tokens.length;
        return judgePhrase(candidate, {
          phrase,
          notesExpected: quarters * density,
          notes: decodeNotes(candidate.tokens, startOf),
          barLength: width,
          ...(recalled ? { recalled: recalled.notes } : {}),
          before: written.at(-1)?.notes ?? [],
        });
      });
      const best = judged.reduce((a, b, i) => (b.score > judged[a]!.score ? i : a), 0);
      tokens = candidates[best]!.tokens;
      judgement = judged[best]!;
    }
    written.push({ marks, tokens, notes: decodeNotes(tokens, startOf) });
    phrases.push({ ...phrase, firstBar: bar, judgement });
    bar += phrase.bars;
  }
  const notes = phrases.flatMap(({ firstBar }, i) =>
    written[i]!.notes.map((note) => ({ ...note, onset: note.onset + firstBar * width })),
  );
  const bars = Array.from({ length: bar }, (_, i) => ({
    start: i * width,
    length: width,
    metre: plan.metre,
  }));
  return { score: { bars, notes: inOrder(notes) }, phrases, spent };
}

/** Prefix, motif where the opening is forgotten, as many earlier phrases as there is room for, and the new one's marks. */
function contextOf(
  plan: ScoreMovementPlan,
  written: readonly { readonly marks: readonly number[]; readonly tokens: readonly number[] }[],
  marks: readonly number[],
  room: number,
): number[] {
  const prefix = (motif: boolean): number[] => [
    ...[
      SOURCE + SOURCES.indexOf(plan.source),
      metreToken(plan.metre),
      TEXTURE + TEXTURES.indexOf(plan.texture),
    ],
    ...[REGISTER + plan.register, motif ? WITH_MOTIF : NO_MOTIF, NO_LENGTH],
  ];
  const opening = (written[0]?.tokens ?? []).slice(0, 3 * MOTIF_NOTES);
  const seam = [SEAM, NO_PITCH, NO_LENGTH];
  const whole = written.flatMap((phrase) => [...phrase.marks, ...phrase.tokens]);
  if (6 + whole.length + marks.length <= room) return [...prefix(false), ...whole, ...marks];
  let left = room - 6 - opening.length - seam.length - marks.length;
  const kept: number[] = [];
  for (let i = written.length - 1; i >= 0; i--) {
    const { marks: its, tokens } = written[i]!;
    left -= its.length + tokens.length;
    if (left < 0) break;
    kept.unshift(...its, ...tokens);
  }
  return [...prefix(true), ...opening, ...seam, ...kept, ...marks];
}

/** The notes of a theme that lie in some of its bars, as tokens; none where it is over before them. */
function themeTokens(theme: readonly ScoreNote[], firstBar: number, bars: number, width: number): number[] {
  const tokens: number[] = [];
  if (!theme.some(({ onset }) => onset >= (firstBar + bars - 1) * width)) return tokens;
  for (let bar = firstBar; bar < firstBar + bars; bar++) {
    const inside = theme.filter(({ onset }) => Math.floor(onset / width) === bar);
    if (inside.length === 0) tokens.push(EMPTY_BAR, NO_PITCH, NO_LENGTH);
    inside.forEach((note, i) => {
      tokens.push(...noteTriple((i === 0 ? NEXT : HERE) + note.onset - bar * width, note));
    });
  }
  return tokens;
}

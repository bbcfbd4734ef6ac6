/** Composes a movement phrase by phrase: of each, candidates are sampled, and the one that does what the form asks is kept. */
import type { Character } from '../music/plan/characters.ts';
import { PERIOD_BARS, type PhrasePlan } from '../music/plan/phrase-form.ts';
import { RECALLS_OPENING } from '../music/score/phrases.ts';
import {
  barLength,
  inBars,
  inOrder,
  type Score,
  type ScoreNote,
  STEPS_PER_QUARTER,
} from '../music/score/score.ts';
import type { Originality } from '../music/taste/originality.ts';
import { judgePhrase, type PhraseJudgement } from '../music/taste/phrase.ts';
import { decodeNotes, noteTriple, phraseMark } from '../music/tokens/encode.ts';
import {
  densityLevel,
  EMPTY_BAR,
  HERE,
  metreToken,
  NEXT,
  NO_LENGTH,
  NO_PITCH,
} from '../music/tokens/vocabulary.ts';
import { basicIdea, hearingOf } from './basic-idea.ts';
import { contextOf, type Written } from './context.ts';
import type { PhraseRequest, SampledPhrase } from './sample-phrase.ts';
import type { Sampler } from './sampler.ts';

/** Bars that are told: their notes, as long as the movement's own bars are. */
export type Told = { readonly notes: readonly ScoreNote[]; readonly bars: number };

export type MovementRequest = Pick<
  Character,
  'source' | 'metre' | 'texture' | 'register' | 'notesPerQuarter'
> & {
  readonly phrases: readonly PhrasePlan[];
  /** Bars of the movement, where the phrases are not all of it. */
  readonly barsInAll?: number;
  /** Phrases that are there already, and that it goes on from; the score does not hold them. */
  readonly before?: readonly Written[];
  /** What the movement opens with, if that is given. */
  readonly theme?: Told;
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

/** What is kept free of the network's memory for the phrase to come: so many notes for each that is expected, and some. */
const ROOM_FACTOR = 1.8;
const ROOM_NOTES = 16;

/**
 * @param network what composes, of which candidates are judged by its usual nats
 * @param sample gives candidates of a phrase, at least one; null when there is no time left: the movement ends there
 * @param onWritten told of the notes so far after each phrase, in steps from the movement's beginning
 */
export async function composeMovement(
  plan: MovementRequest,
  network: Pick<Sampler, 'contextLength' | 'usualNats'>,
  originality: Originality | null,
  sample: (request: PhraseRequest, phrase: PhrasePlan) => Promise<readonly SampledPhrase[] | null>,
  onWritten: (notes: readonly ScoreNote[]) => void = () => {},
): Promise<ComposedMovement> {
  const width = barLength(plan.metre);
  const barsInAll = plan.barsInAll ?? plan.phrases.reduce((sum, { bars }) => sum + bars, 0);
  const startOf = (bar: number) => ({ start: bar * width });
  const { before = [] } = plan;
  const written = before.map((phrase) => ({ ...phrase, notes: decodeNotes(phrase.tokens, startOf) }));
  /** Of each phrase, the one whose idea it takes up, or itself. */
  const ideas: number[] = [];
  const phrases: ComposedMovement['phrases'][number][] = [];
  let bar = 0;
  let spent = 0;
  const soFar = (): ScoreNote[] =>
    phrases.flatMap(({ firstBar }, i) =>
      written[before.length + i]!.notes.map((note) => ({ ...note, onset: note.onset + firstBar * width })),
    );
  for (const phrase of plan.phrases) {
    const quarters = (phrase.bars * width) / STEPS_PER_QUARTER;
    const density = plan.notesPerQuarter * phrase.fullness;
    const marks = [
      ...phraseMark(phrase, barsInAll - bar, densityLevel(density)),
      ...(written.length === 0 ? [metreToken(plan.metre), NO_PITCH, NO_LENGTH] : []),
    ];
    const known = phrase.recalls === RECALLS_OPENING ? before.length : written.length - phrase.recalls;
    ideas.push(ideas[known - before.length] ?? phrases.length);
    const told = plan.theme ? toldOf(plan.theme, bar, phrase.bars, width) : [];
    let tokens: readonly number[] = told;
    let judgement: PhraseJudgement | null = null;
    const isWhole = told.length > 0 && bar + phrase.bars <= plan.theme!.bars;
    if (!isWhole) {
      const room = Math.ceil(3 * (quarters * density * ROOM_FACTOR + ROOM_NOTES));
      const { bars, recalls } = phrase;
      const { metre, texture } = plan;
      const recalled = recalls === 0 ? undefined : written[known];
      // What was there before the movement may be in another metre.
      const its = phrases[known - before.length];
      const goesOn = phrases.at(-1)?.section === phrase.section;
      const request = {
        tokens: contextOf(plan, written, marks, network.contextLength - room),
        bars,
        metre,
        texture,
        ...(told.length > 0
          ? { opening: told }
          : recalled && its
            ? { opening: basicIdea(recalled.tokens, its, phrase, hearingOf(ideas, goesOn)) }
            : {}),
        ...(phrase.cadence === 'final' ? { rests: phrase.key } : {}),
      };
      const candidates = await sample(request, phrase);
      if (candidates === null) break;
      const judged = candidates.map((candidate) => {
        spent += candidate.tokens.length;
        return judgePhrase(candidate, {
          phrase,
          atTheEdge: (before.length === 0 && bar < PERIOD_BARS) || barsInAll - bar <= PERIOD_BARS,
          notesExpected: quarters * density,
          notes: decodeNotes(candidate.tokens, startOf),
          barLength: width,
          ...(recalled ? { recalled: recalled.notes } : {}),
          before: written.at(-1)?.notes ?? [],
          usualNats: network.usualNats,
          originality,
        });
      });
      const best = judged.reduce((a, b, i) => (b.score > judged[a]!.score ? i : a), 0);
      tokens = candidates[best]!.tokens;
      judgement = judged[best]!;
    }
    written.push({ marks, tokens, notes: decodeNotes(tokens, startOf) });
    phrases.push({ ...phrase, firstBar: bar, judgement });
    bar += phrase.bars;
    onWritten(soFar());
  }
  const notes = soFar();
  const bars = Array.from({ length: bar }, (_, i) => ({
    start: i * width,
    length: width,
    metre: plan.metre,
  }));
  return { score: { bars, notes: inOrder(notes) }, phrases, spent };
}

/** What is told of a phrase's bars, as tokens: of all, of the first, or of none, which is so where no note begins in them. */
function toldOf(theme: Told, firstBar: number, bars: number, width: number): number[] {
  const last = Math.min(firstBar + bars, theme.bars);
  const tokens: number[] = [];
  const here = inBars(theme.notes, last, width).slice(firstBar);
  if (here.every((inside) => inside.length === 0)) return tokens;
  for (const [i, inside] of here.entries()) {
    const start = (firstBar + i) * width;
    if (inside.length === 0) tokens.push(EMPTY_BAR, NO_PITCH, NO_LENGTH);
    for (const [n, note] of inside.entries())
      tokens.push(...noteTriple((n === 0 ? NEXT : HERE) + note.onset - start, note));
  }
  return tokens;
}

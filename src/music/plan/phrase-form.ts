/**
 * The form of a movement, in phrases: where it goes and comes back to, what each phrase recalls, and how it rests. Keys
 * leave home and return; the last phrase ends where the first began. (Caplin, Classical Form, 1998: periods of a half
 * and a full cadence, small ternary, rondo, theme and variations.)
 */
import type { Key } from '../key.ts';
import { type Cadence, FARTHEST_RECALL, type Phrase, RECALLS_OPENING } from '../score/phrases.ts';

export type PhrasePlan = Omit<Phrase, 'firstBar'> & {
  /** Notes a quarter, relative to the movement's own. */
  readonly fullness: number;
  /** The part of the form that it belongs to. */
  readonly section: string;
};

export const FORMS = ['ternary', 'rondo', 'variations'] as const;
export type Form = (typeof FORMS)[number];

/** Bars of a phrase, and of a period: two phrases, of which the second answers the first. */
const PHRASE_BARS = 4;
export const PERIOD_BARS = 2 * PHRASE_BARS;
const FEWEST_PERIODS = 1;

/** A period in a key. @param theme what its phrases are called; periods of one name recall one another */
type Period = {
  readonly theme: string;
  readonly key: Key;
  readonly section: string;
  readonly fullness: number;
  /** A period that leads back to a theme rests on the dominant at its end. */
  readonly leads?: boolean;
};

const relative = ({ tonic, major }: Key): Key =>
  major ? { tonic: (tonic + 9) % 12, major: false } : { tonic: (tonic + 3) % 12, major: true };
const parallel = ({ tonic, major }: Key): Key => ({ tonic, major: !major });
const subdominant = ({ tonic, major }: Key): Key => ({ tonic: (tonic + 5) % 12, major });
const dominant = ({ tonic, major }: Key): Key => ({ tonic: (tonic + 7) % 12, major });

/**
 * Plans so many bars, in whole periods, one at the least. @param random uniform in [0, 1)
 */
export function planPhrases(form: Form, bars: number, home: Key, random: () => number): PhrasePlan[] {
  const periods = Math.max(FEWEST_PERIODS, Math.round(bars / PERIOD_BARS));
  const plan =
    form === 'variations'
      ? variations(periods, home)
      : form === 'rondo'
        ? rondo(periods, home, random)
        : ternary(periods, home, random);
  return inPhrases(plan);
}

const period = (theme: string, key: Key, section: string, fullness = 1, leads = false): Period => ({
  theme,
  key,
  section,
  fullness,
  ...(leads ? { leads } : {}),
});

/** A, something else in another key, and A again: at the least a period of each, or A twice. */
function ternary(periods: number, home: Key, random: () => number): Period[] {
  if (periods < 3) return Array.from({ length: periods }, () => period('a', home, 'A'));
  const away = random() < 0.5 ? relative(home) : home.major ? subdominant(home) : parallel(home);
  const outer = Math.max(1, Math.round(periods * 0.37));
  const middle = Math.max(1, periods - 2 * outer);
  const last = periods - outer - middle;
  const fuller = random() < 0.5 ? 1.3 : 0.8;
  const themes = (count: number, names: string): string[] =>
    Array.from({ length: count }, (_, i) => names[[0, 1, 0, 0][i % 4]!]!);
  return [
    ...themes(outer, 'ab').map((theme) => period(theme, home, 'A')),
    ...themes(middle, 'cd').map((theme, i) => period(theme, away, 'B', fuller, i === middle - 1)),
    ...themes(last, 'ab').map((theme) => period(theme, home, "A'")),
  ];
}

/** The theme comes back between episodes, each in a key of its own. */
function rondo(periods: number, home: Key, random: () => number): Period[] {
  const keys = random() < 0.5 ? [relative(home), subdominant(home)] : [dominant(home), relative(home)];
  const plan: Period[] = [];
  /** The theme's last return; of four periods it has but one, or there were no episode. */
  const back = periods - (periods < 5 ? 1 : 2);
  for (let i = 0; i < periods; i++) {
    const episode = Math.floor((i - 2) / 4);
    const inEpisode = i >= 2 && (i - 2) % 4 < 2 && i < back;
    const leads = inEpisode && ((i - 2) % 4 === 1 || i + 1 === back);
    plan.push(
      inEpisode
        ? period(`e${episode}`, keys[episode % keys.length]!, `episode ${episode + 1}`, 1.2, leads)
        : period('a', home, i < 2 ? 'theme' : 'theme again'),
    );
  }
  return plan;
}

/** A theme of two periods, and the same again, ever fuller; one of them in the other mode, where there are four and more. */
function variations(periods: number, home: Key): Period[] {
  const rounds = Math.ceil(periods / 2);
  return Array.from({ length: periods }, (_, i) => {
    const round = Math.floor(i / 2);
    const other = rounds >= 4 && round === rounds - 2;
    const fullness = other ? 0.9 : Math.min(1.8, 1 + 0.25 * round);
    return period(
      i % 2 === 0 ? 'a' : 'b',
      other ? parallel(home) : home,
      round === 0 ? 'theme' : `variation ${round}`,
      fullness,
    );
  });
}

/** Each period as a phrase that asks and one that answers. */
function inPhrases(periods: readonly Period[]): PhrasePlan[] {
  const phrases: PhrasePlan[] = [];
  /** Where each theme was heard last, as an index of phrases. */
  const lastOf = new Map<string, number>();
  for (const [i, { theme, key, section, fullness, leads }] of periods.entries()) {
    const at = phrases.length;
    const known = lastOf.get(theme);
    lastOf.set(theme, at);
    const back = known === undefined ? 0 : at - known;
    const farAway = theme === periods[0]!.theme ? RECALLS_OPENING : 0;
    const recalls = [back <= FARTHEST_RECALL ? back : farAway, back <= FARTHEST_RECALL ? back : 1];
    const last = i === periods.length - 1;
    const rests: readonly [Cadence, Cadence] = ['half', last ? 'final' : leads ? 'half' : 'full'];
    rests.forEach((cadence, j) => {
      phrases.push({
        bars: PHRASE_BARS,
        key: leads && j === 1 ? periods[i + 1]!.key : key,
        cadence,
        // The answer takes up the question, unless it leads on to something else.
        recalls: known !== undefined ? recalls[j]! : j === 1 && !leads ? 1 : 0,
        fullness,
        section,
      });
    });
  }
  return phrases;
}

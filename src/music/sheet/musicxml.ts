/**
 * A score as MusicXML 4.0 (W3C, 2021, partwise): the right hand and a voice above, the left hand below, spelled by key,
 * with tempo and dynamics as they are played. Engravers and notation programs read it.
 */
import type { Key } from '../key.ts';
import { type Bar, beatOf, type Score, STEPS_PER_QUARTER } from '../score/score.ts';
import { beamsOf, type Timed } from './beams.ts';
import { notations, placeOf, type Slur, timed, typed } from './notations.ts';
import { fifthsOf, signed, spell } from './spelling.ts';
import { type BarVoice, type Staff, stavesOf, voicesIn } from './staves.ts';
import { type Value, valuesOf } from './values.ts';

export type Sheet = {
  readonly title: string;
  /** E.g. "Composed by Pianola, 28 November 2026". */
  readonly colophon: string;
  readonly movements: readonly SheetMovement[];
};
export type SheetMovement = {
  readonly title: string;
  /** Tidy; see tidy.ts. */
  readonly score: Score;
  readonly home: Key;
  readonly quartersPerMinute: number;
  /** For its tempo, e.g. "Andante". */
  readonly word?: string;
  /** What stands at the beginning of bars: dynamics and words. */
  readonly marks?: readonly SheetMark[];
  /** From the first to the last of the notes that each joins, none over another; both on one staff. */
  readonly slurs?: readonly Slur[];
};
export type SheetMark = { readonly bar: number; readonly dynamic?: string; readonly words?: string };

const ACCIDENTALS: Readonly<Record<number, string>> = {
  [-2]: 'flat-flat',
  [-1]: 'flat',
  0: 'natural',
  1: 'sharp',
  2: 'double-sharp',
};

/** Movements follow one another as one part; each begins with its title, key, metre and tempo. */
export function musicXml({ title, colophon, movements }: Sheet): string {
  let number = 0;
  const measures = movements.flatMap((movement, i) => {
    const staves = stavesOf(movement.score.notes, movement.slurs);
    return movement.score.bars.map((bar, index) => {
      number++;
      const first = index === 0;
      const last = index === movement.score.bars.length - 1;
      return [
        `<measure number="${number}">`,
        first && i > 0 ? '<print new-system="yes"/>' : '',
        first ? attributes(movement) : metreChange(movement.score, index),
        first ? heading(movement, movements.length === 1) : '',
        marksOf(movement, index),
        content(movement, staves, bar),
        last ? '<barline location="right"><bar-style>light-heavy</bar-style></barline>' : '',
        '</measure>',
      ].join('');
    });
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">',
    `<score-partwise version="4.0"><work><work-title>${escaped(title)}</work-title></work>`,
    `<identification><creator type="composer">${escaped(colophon)}</creator><encoding><software>Pianola</software></encoding></identification>`,
    '<part-list><score-part id="P1"><part-name></part-name></score-part></part-list>',
    `<part id="P1">${measures.join('\n')}</part></score-partwise>\n`,
  ].join('\n');
}

function attributes({ score, home }: SheetMovement): string {
  const { beats, unit } = score.bars[0]!.metre;
  const mode = home.major ? 'major' : 'minor';
  return [
    `<attributes><divisions>${STEPS_PER_QUARTER}</divisions>`,
    `<key><fifths>${fifthsOf(home)}</fifths><mode>${mode}</mode></key>`,
    `<time><beats>${beats}</beats><beat-type>${unit}</beat-type></time><staves>2</staves>`,
    '<clef number="1"><sign>G</sign><line>2</line></clef><clef number="2"><sign>F</sign><line>4</line></clef></attributes>',
  ].join('');
}

function metreChange({ bars }: Score, index: number): string {
  const [{ metre }, before] = [bars[index]!, bars[index - 1]!.metre];
  if (metre.beats === before.beats && metre.unit === before.unit) return '';
  return `<attributes><time><beats>${metre.beats}</beats><beat-type>${metre.unit}</beat-type></time></attributes>`;
}

/**
 * What the movement is called, the word for its tempo, and the tempo, by the beat that its metre counts. A piece of one
 * movement has its title at the head of the page.
 */
function heading({ title, word, quartersPerMinute, score }: SheetMovement, alone: boolean): string {
  const beat = beatOf(score.bars[0]!.metre);
  const [{ type, dots }] = valuesOf(0, beat, new Set()) as [Value];
  const words = word === undefined ? title : alone ? word : `${title}: ${word}`;
  const perMinute = Math.round((quartersPerMinute * STEPS_PER_QUARTER) / beat);
  const unit = `<beat-unit>${type}</beat-unit>${'<beat-unit-dot/>'.repeat(dots)}`;
  return (
    `<direction placement="above"><direction-type><words font-weight="bold">${escaped(words)}</words></direction-type><staff>1</staff></direction>` +
    `<direction placement="above"><direction-type><metronome>${unit}<per-minute>${perMinute}</per-minute></metronome></direction-type>` +
    `<staff>1</staff><sound tempo="${Math.round(quartersPerMinute)}"/></direction>`
  );
}

function marksOf({ marks = [] }: SheetMovement, index: number): string {
  return marks
    .filter(({ bar }) => bar === index)
    .map(({ dynamic, words }) => {
      const what = dynamic
        ? `<dynamics><${dynamic}/></dynamics>`
        : `<words font-style="italic">${escaped(words ?? '')}</words>`;
      return `<direction placement="below"><direction-type>${what}</direction-type><staff>1</staff></direction>`;
    })
    .join('');
}

/** All voices of a bar, with the time going back between them; a staff without any has a rest. */
function content({ home }: SheetMovement, staves: readonly Staff[], bar: Bar): string {
  const written: string[] = [];
  for (const staff of staves) {
    const altered = new Map<string, number>();
    for (const voice of voicesIn(staff, bar)) written.push(barOf(voice, staff.number, home, bar, altered));
  }
  return written.join(`<backup><duration>${bar.length}</duration></backup>`);
}

function barOf(
  { number, voice, ternary, slurs, stem, hidden }: BarVoice,
  staff: number,
  home: Key,
  { start, length, metre }: Bar,
  altered: Map<string, number>,
): string {
  const end = start + length;
  const thirds = new Set([...ternary].map((quarter) => quarter - start / STEPS_PER_QUARTER));
  const row: Timed[] = [];
  /** Each with its beams, which are known when the whole bar is. */
  const out: ((beams: string) => string)[] = [];
  const tail = `<voice>${number}</voice>`;
  const rest = (from: number, to: number): void => {
    if (from === start && to === end) {
      row.push({ at: 0, type: 'whole', rest: true });
      out.push(
        () =>
          `<note><rest measure="yes"/><duration>${length}</duration>${tail}<staff>${staff}</staff></note>`,
      );
      return;
    }
    let at = from;
    for (const value of valuesOf(from - start, to - start, thirds)) {
      const shape = notations(value, at - start);
      const seen = hidden(at) ? ' print-object="no"' : '';
      row.push({ at: at - start, type: value.type, rest: true });
      out.push(
        () =>
          `<note${seen}><rest/>${timed(value)}${tail}${typed(value)}<staff>${staff}</staff>${shape}</note>`,
      );
      at += value.length;
    }
  };
  let at = start;
  for (const chord of voice) {
    const [from, to] = [Math.max(start, chord.onset), Math.min(end, chord.end)];
    if (to <= start || from >= end) continue;
    if (from > at) rest(at, from);
    let when = from;
    for (const value of valuesOf(from - start, to - start, thirds)) {
      const [tiedBefore, tiedAfter] = [when > chord.onset, when + value.length < chord.end];
      row.push({ at: when - start, type: value.type, rest: false });
      const struck = chord.notes.map(({ pitch }, i) => {
        const { step, alter, octave } = spell(pitch, home);
        const place = `${step}${octave}`;
        const shown = altered.get(place) ?? signed(step, fifthsOf(home));
        const accidental =
          !tiedBefore && alter !== shown ? `<accidental>${ACCIDENTALS[alter]}</accidental>` : '';
        if (!tiedBefore) altered.set(place, alter);
        const ties = [...(tiedBefore ? ['stop'] : []), ...(tiedAfter ? ['start'] : [])];
        const slur = slurs.get(placeOf({ onset: chord.onset, pitch }));
        const slurred = slur && !(slur.type === 'start' ? tiedBefore : tiedAfter) ? [slur] : [];
        const before =
          `<note>${i > 0 ? '<chord/>' : ''}<pitch><step>${step}</step>${alter === 0 ? '' : `<alter>${alter}</alter>`}<octave>${octave}</octave></pitch>` +
          `${timed(value)}${ties.map((type) => `<tie type="${type}"/>`).join('')}${tail}${typed(value, accidental)}` +
          `${stem ? `<stem>${stem}</stem>` : ''}<staff>${staff}</staff>`;
        return {
          before,
          after: `${notations(value, when - start, ties, slurred, stem !== null, i === 0)}</note>`,
        };
      });
      // The first of a chord's notes has its beams.
      out.push((beams) =>
        struck.map(({ before, after }, i) => before + (i === 0 ? beams : '') + after).join(''),
      );
      when += value.length;
    }
    at = to;
  }
  if (at < end) rest(at, end);
  const beams = beamsOf(row, metre);
  return out.map((write, i) => write(beams[i]!)).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);

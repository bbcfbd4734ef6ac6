/**
 * All that the page's scripts say, in English. The other languages say the same, word by word (`Words`); what stands
 * printed in the pages themselves is in theirs alone (printed/).
 */
import { minutesText } from '../../src/words.ts';
import { ENGLISH } from './choose.ts';

/** When a day is, seen from now; its name is given with it, and needed for the last two. */
export type Near = 'tonight' | 'today' | 'tomorrow' | 'lastNight' | 'yesterday' | 'weekday' | 'date';
/** How music is: 0 little of it, 1 in between, 2 much. */
export type Degree = 0 | 1 | 2;

const others = (count: number): string => (count === 1 ? 'one other' : `${count} others`);
const holes = (count: number): string => (count === 1 ? 'one hole' : `${count} holes`);

const within = (ms: number): string => (ms < 1 ? 'a millisecond' : `${Math.ceil(ms)} ms`);

export const english = {
  /** BCP 47: `lang` of the document, and what dates and numbers are written in. */
  code: 'en',
  locale: ENGLISH,
  /** Between the parts of a list. */
  comma: ', ',
  /** Two sentences. */
  together: (one: string, other: string): string => `${one} ${other}`,

  // Days and hours, which Intl has written.
  dayAndTime: (near: Near, day: string, time: string): string =>
    `${near === 'tonight' ? 'Tonight' : near === 'today' ? 'Today' : near === 'tomorrow' ? 'Tomorrow' : day} ${time}`,
  extraOf: (date: string): string => `an extra of ${date}`,
  yourTimeUtc: 'your time (UTC)',
  yourTimeToo: 'your time and the station’s',
  yourTime: (there: string): string => `your time (${there})`,
  inPlace: (time: string, place: string): string => `${time} in ${place}`,
  inDays: (days: number, hours: number): string => `in ${days} days ${hours} h`,
  inHours: (hours: number, minutes: number): string => `in ${hours} h ${minutes} min`,

  // Buttons.
  join: 'Join',
  beThere: (near: Near, day: string, time: string): string =>
    `Be there ${near === 'tomorrow' ? 'tomorrow ' : near === 'weekday' || near === 'date' ? `on ${day} ` : ''}at ${time}`,
  beThereAnyway: 'Be there when it begins',
  hear(near: Near, day: string): string {
    if (near === 'tonight') return 'Hear tonight’s';
    if (near === 'today') return 'Hear today’s';
    if (near === 'lastNight') return 'Hear last night’s';
    return near === 'yesterday' ? 'Hear yesterday’s' : `Hear ${day}’s`;
  },
  play: 'Play',
  pause: 'Pause',
  mute: 'Mute',
  muted: 'Muted',
  light: 'Light',
  dark: 'Dark',
  toLight: 'Change to the light theme',
  toDark: 'Change to the dark theme',

  // The label.
  edition: 'A new edition',
  editionWhy: 'This page has become older than the station.',
  encore: 'Encore',
  encoreOf: (date: string): string => `Encore of ${date}`,
  encoreWhy: 'Played before; there is no new piece today.',
  doors: 'Doors are open',
  tonight: 'Tonight',
  forToday: 'Composed for today.',
  todaysRoll: 'Today’s roll',
  hungIn: 'Hung in; it begins by itself.',
  moment: 'In a moment',
  live: 'Live',
  end: 'End',
  nothingYet: 'Nothing played yet',
  stillBlank: 'The first roll is still blank.',
  stopped: 'Stopped',
  silentDay: 'A silent day',
  outOfReach: 'Out of reach',
  playedLast: 'Played last',
  first: 'The first piece',
  composed: 'Being composed',
  soon: 'It begins as soon as its first movement is there.',
  percent: (part: number): string => `${Math.floor(part * 100)} %`,

  // The tab's title.
  tabComposed: (percent: string): string => `${percent} composed`,
  tabUntil: (countdown: string): string => `${countdown} until it begins`,
  tabLive: (title: string): string => `Live: ${title}`,
  tabEncore: (title: string): string => `Encore: ${title}`,
  tabPlaying: (title: string): string => `Playing: ${title}`,
  theEnd: 'The end',

  // The status line.
  connecting: 'Connecting.',
  reload: 'Reload the page to go on.',
  lostPlaying: 'Connection lost. Playing on from what has arrived; trying to reconnect.',
  lost: 'Connection lost. Trying to reconnect.',
  restartsPlaying: 'The station restarts and will be back. Playing on from what has arrived.',
  restarts: 'The station restarts and will be back.',
  noAudio: 'This browser has no Web Audio: you can watch the roll, but not hear it.',
  noAudioDay: 'This browser has no Web Audio; the MIDI file is below.',
  noMusic: 'The music cannot be loaded. Reload the page to try again.',
  willBeThere: 'You will be there: sound is on, and this page waits. Keep it open.',
  youAreIn: 'You are in. It begins by itself.',
  sameNote: 'Everyone hears the same note at the same moment.',
  noAnswer: 'The station does not answer. Still trying.',
  silent: 'A silent day: no piece was composed, and none is passed off as new.',
  endedEarly: 'The performance was ended early.',
  noneComing: 'The station has no coming performance.',
  /** @param tenths 0 to 10 */
  composing: (tenths: number): string =>
    `Today’s piece is being composed, ${tenths} tenths so far. It begins as soon as its first movement is there.`,
  hearing: (count: number): string =>
    count > 0 ? `You are hearing it live, with ${others(count)}.` : 'You are hearing it live.',
  playing: (count: number): string =>
    count > 0 ? `It is playing now, to ${others(count)}.` : 'It is playing now.',
  pressJoin: 'Press Join to hear it.',
  pressSpace: 'Press Space or Join to hear it.',
  replayPlaying: (speed: string): string => (speed ? `Playing at ${speed}.` : 'Playing.'),
  replayPaused: (time: string): string => `Paused at ${time}.`,
  replayEnded: 'The end.',

  // What plays, for those who do not hear it.
  silence: 'Silence.',
  caption: (pace: Degree, register: Degree, loudness: Degree, voices: number): string =>
    [
      ['Sparse', 'Flowing', 'Dense'][pace],
      ['low', 'in the middle', 'high'][register],
      ['soft', 'moderate', 'loud'][loudness],
      `${['one voice', 'two voices', 'three voices', 'four voices'][voices - 1] ?? 'many voices'}.`,
    ].join(', '),

  // The foot: how the connection is.
  lineLost: 'Connection lost',
  lineRestarts: 'The station restarts',
  lineConnecting: 'Connecting',
  /**
   * @param ms null: not in time yet
   * @param siteMs by the site's own clock; null: it was not asked
   * @param count others who are here
   */
  lineOpen: (ms: number | null, siteMs: number | null, count: number): string =>
    `Connected${ms === null ? ', not in time yet' : `, in time to ${within(ms)}${siteMs === null ? '' : ` (by the site’s clock to ${within(siteMs)})`}`}${count > 0 ? `; ${others(count)} here` : ''}`,

  // The margin.
  firstHole: 'The first hole in this margin is yours.',
  punched: (count: number): string => `Yours is in: ${holes(count)} in the margin.`,
  punchedAlready: (count: number): string => `Yours is in already: ${holes(count)} in the margin.`,
  full: (count: number): string => `The margin is full: ${holes(count)}.`,
  early: 'Once the last note has sounded.',
  late: 'This margin is closed; the next is open after the next piece.',
  tooMany: 'Too many from your network for now.',
  noMargin: 'This roll has no margin.',

  // Sound that comes late, and instruments.
  delayUntold: 'This browser does not say how long its sound takes.',
  delayTold: (ms: number): string =>
    `This device says that its sound takes ${Math.round(ms)} ms: that is counted in.`,
  bluetooth: 'Bluetooth often takes longer than it says: set it so that you hear what the playhead punches.',
  instrumentDelay:
    'Your instrument says nothing of its own delay: set it so that you hear what the playhead punches.',
  milliseconds: (ms: number): string => `${ms} milliseconds`,
  ownPiano: 'This page’s piano',
  byMidi: 'An instrument, by MIDI',
  midiInstrument: (number: number): string => `MIDI instrument ${number}`,
  noInstrument: 'No MIDI instrument is connected. Plug one in, and choose it here.',
  /** @param name '' where it has none */
  disconnected: (name: string): string =>
    `${name || 'The instrument'} was disconnected. The page’s piano plays on.`,
  noMidi: 'This browser has no Web MIDI. Chrome, Edge and Firefox have.',
  midiRefused: 'The browser does not let this page use MIDI. You can allow it in its settings for this site.',
  /** @param why the browser's own words; '' where it has none */
  midiFailed: (why: string): string => `MIDI does not work here${why ? `: ${why}` : ''}.`,

  // A notification, as the doors open.
  doorsNote: 'Pianola: doors are open',
  beginsIn: (countdown: string): string => `It begins in ${countdown}.`,

  // Days and the week.
  theWeek: 'The week, on one roll',
  playOn: 'Play on',
  playWeek: 'Play the week',
  backToLast: 'Back to the last roll',
  notPunched: 'not yet punched',
  nothingPlayed: 'Nothing was played',
  untitled: 'untitled',
  notes: (count: number, written: string): string => `${written} ${count === 1 ? 'note' : 'notes'}`,
  /** @param count 0: nobody */
  heardBy: (count: number, written: string): string => `heard by ${count === 0 ? 'nobody' : written}`,
  /** Of a time that is shown as "0:10 / 4:00", to be read out. */
  timeOf: (time: string): string => time.replace('/', 'of'),
  page: (page: number, pages: number, bar: number): string => `Page ${page} of ${pages}, bar ${bar}`,
  /** What a piece or a movement is called: titles are stored in English. */
  title: (stored: string): string => stored,

  // Printed on the paper.
  movement: (numeral: string): string => `Movement ${numeral}`,
  turn: (turn: 'leaves' | 'returns' | 'varies', numeral: string, bar: number): string =>
    `${{ leaves: 'something else', returns: 'the opening returns', varies: 'varied' }[turn]}: ${numeral}, bar ${bar}`,
  /** @param here with oneself; 0: nobody has counted */
  presence: (here: number): string =>
    here < 1 ? 'I was there' : here === 1 ? 'I was the only one' : `I was one of ${here}`,
  fromTo: (fromMs: number, toMs: number): string => `${minutesText(fromMs)} to ${minutesText(toMs)}`,
};

export type Words = typeof english;

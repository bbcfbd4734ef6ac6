/** German. */
import { minutesText } from '../../src/words.ts';
import type { Near } from './english.ts';
import { printed } from './printed/de.ts';
import type { Tongue } from './reader.ts';
import { titled } from './titles.ts';

const others = (count: number): string => (count === 1 ? 'einem anderen' : `${count} anderen`);
const holes = (count: number): string => (count === 1 ? 'ein Loch' : `${count} Löcher`);
const KEYS: Readonly<Record<string, string>> = {
  'D flat': 'Des',
  'E flat': 'Es',
  'G flat': 'Ges',
  'A flat': 'As',
  'B flat': 'B',
  'C sharp': 'Cis',
  'F sharp': 'Fis',
  'G sharp': 'Gis',
  B: 'H',
};
const daysName = (near: Near, day: string): string =>
  ({
    tonight: 'heute Abend',
    today: 'heute',
    tomorrow: 'morgen',
    lastNight: 'gestern Abend',
    yesterday: 'gestern',
  })[near as string] ?? day;
const raised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const within = (ms: number): string => (ms < 1 ? 'eine Millisekunde' : `${Math.ceil(ms)} ms`);

export const de: Tongue = {
  code: 'de',
  locale: 'de',
  comma: ', ',
  together: (one, other) => `${one} ${other}`,
  dayAndTime: (near, day, time) => `${raised(daysName(near, day))} ${time}`,
  extraOf: (date) => `eine Zugabe vom ${date}`,
  yourTimeUtc: 'deine Zeit (UTC)',
  yourTimeToo: 'bei dir wie am Ort der Station',
  yourTime: (there) => `deine Zeit (${there})`,
  inPlace: (time, place) => `${time} in ${place}`,
  inDays: (days, hours) => `in ${days} Tagen ${hours} Std.`,
  inHours: (hours, minutes) => `in ${hours} Std. ${minutes} Min.`,

  join: 'Mithören',
  beThere(near, day, time) {
    const when = near === 'tomorrow' ? 'morgen ' : near === 'weekday' || near === 'date' ? `am ${day} ` : '';
    return raised(`${when}um ${time} dabei sein`);
  },
  beThereAnyway: 'Dabei sein, wenn es beginnt',
  hear: (near, day) => `Nachhören: ${daysName(near, day)}`,
  play: 'Abspielen',
  pause: 'Anhalten',
  mute: 'Ton aus',
  muted: 'Ton ist aus',
  light: 'Hell',
  dark: 'Dunkel',
  toLight: 'Hell: zu hellen Farben wechseln',
  toDark: 'Dunkel: zu dunklen Farben wechseln',

  edition: 'Eine neue Ausgabe',
  editionWhy: 'Diese Seite ist älter geworden als die Station.',
  encore: 'Noch einmal',
  encoreOf: (date) => `Noch einmal: ${date}`,
  encoreWhy: 'Schon einmal gespielt; heute gibt es kein neues Stück.',
  doors: 'Die Türen sind offen',
  tonight: 'Heute Abend',
  forToday: 'Für heute komponiert.',
  todaysRoll: 'Die Rolle von heute',
  hungIn: 'Eingehängt; sie beginnt von selbst.',
  moment: 'Gleich',
  live: 'Live',
  end: 'Ende',
  nothingYet: 'Noch nichts gespielt',
  stillBlank: 'Die erste Rolle ist noch leer.',
  stopped: 'Abgebrochen',
  silentDay: 'Ein stiller Tag',
  outOfReach: 'Nicht zu erreichen',
  playedLast: 'Zuletzt gespielt',
  first: 'Das erste Stück',
  composed: 'Es entsteht gerade',
  soon: 'Es beginnt, sobald sein erster Satz da ist.',
  percent: (part) => `${Math.floor(part * 100)} %`,

  tabComposed: (percent) => `${percent} komponiert`,
  tabUntil: (countdown) => `Noch ${countdown}`,
  tabLive: (title) => `Live: ${title}`,
  tabEncore: (title) => `Noch einmal: ${title}`,
  tabPlaying: (title) => `Es spielt: ${title}`,
  theEnd: 'Ende',

  connecting: 'Verbindung wird aufgenommen.',
  reload: 'Lade die Seite neu, dann geht es weiter.',
  lostPlaying: 'Verbindung verloren. Es spielt weiter, was schon da ist; die Verbindung wird wieder gesucht.',
  lost: 'Verbindung verloren. Sie wird wieder gesucht.',
  restartsPlaying: 'Die Station startet neu und ist gleich zurück. Es spielt weiter, was schon da ist.',
  restarts: 'Die Station startet neu und ist gleich zurück.',
  noAudio: 'Dieser Browser hat kein Web Audio: Du kannst der Rolle zusehen, sie aber nicht hören.',
  noAudioDay: 'Dieser Browser hat kein Web Audio; die MIDI-Datei steht unten.',
  noMusic: 'Die Musik lässt sich nicht laden. Lade die Seite neu, um es noch einmal zu versuchen.',
  willBeThere: 'Du wirst dabei sein: Der Ton ist an, und diese Seite wartet. Lass sie offen.',
  youAreIn: 'Du bist dabei. Es beginnt von selbst.',
  sameNote: 'Alle hören denselben Ton im selben Augenblick.',
  noAnswer: 'Die Station antwortet nicht. Sie wird weiter gesucht.',
  silent: 'Ein stiller Tag: Es wurde kein Stück komponiert, und keines wird als neu ausgegeben.',
  endedEarly: 'Die Aufführung wurde vorzeitig beendet.',
  noneComing: 'Die Station hat keine kommende Aufführung.',
  composing: (tenths) =>
    `Das Stück von heute entsteht, ${tenths} von zehn Teilen sind da. Es beginnt, sobald sein erster Satz da ist.`,
  hearing: (count) => (count > 0 ? `Du hörst es live, mit ${others(count)}.` : 'Du hörst es live.'),
  playing: (count) => (count > 0 ? `Es spielt jetzt, vor ${others(count)}.` : 'Es spielt jetzt.'),
  pressJoin: 'Drück auf „Mithören“, um es zu hören.',
  pressSpace: 'Drück die Leertaste oder „Mithören“, um es zu hören.',
  replayPlaying: (speed) => (speed ? `Es spielt, ${speed}.` : 'Es spielt.'),
  replayPaused: (time) => `Angehalten bei ${time}.`,
  replayEnded: 'Ende.',

  silence: 'Stille.',
  caption: (pace, register, loudness, voices) =>
    [
      ['Karg', 'Fließend', 'Dicht'][pace],
      ['tief', 'in der Mitte', 'hoch'][register],
      ['leise', 'mäßig laut', 'laut'][loudness],
      `${['eine Stimme', 'zwei Stimmen', 'drei Stimmen', 'vier Stimmen'][voices - 1] ?? 'viele Stimmen'}.`,
    ].join(', '),

  lineLost: 'Verbindung verloren',
  lineRestarts: 'Die Station startet neu',
  lineConnecting: 'Verbindung wird aufgenommen',
  lineOpen(ms, siteMs, count) {
    const site = siteMs === null ? '' : ` (nach der Uhr der Seite auf ${within(siteMs)})`;
    const time = ms === null ? ', noch nicht im Takt' : `, auf ${within(ms)} genau${site}`;
    const here = count === 1 ? 'noch jemand ist da' : `${count} andere sind da`;
    return `Verbunden${time}${count > 0 ? `; ${here}` : ''}`;
  },

  firstHole: 'Das erste Loch in diesem Rand ist deines.',
  punched: (count) => `Deines ist drin: ${holes(count)} im Rand.`,
  punchedAlready: (count) => `Deines ist schon drin: ${holes(count)} im Rand.`,
  full: (count) => `Der Rand ist voll: ${holes(count)}.`,
  early: 'Wenn der letzte Ton verklungen ist.',
  late: 'Dieser Rand ist geschlossen; der nächste öffnet nach dem nächsten Stück.',
  tooMany: 'Zu viele aus deinem Netz, fürs Erste.',
  noMargin: 'Diese Rolle hat keinen Rand.',

  delayUntold: 'Dieser Browser sagt nicht, wie lange sein Ton braucht.',
  delayTold: (ms) => `Dieses Gerät sagt, dass sein Ton ${Math.round(ms)} ms braucht: Das ist eingerechnet.`,
  bluetooth:
    'Bluetooth braucht oft länger, als es sagt: Stell es so ein, dass du hörst, was an der Linie gestanzt wird.',
  instrumentDelay:
    'Dein Instrument sagt nichts über seine Verzögerung: Stell es so ein, dass du hörst, was an der Linie gestanzt wird.',
  milliseconds: (ms) => `${ms} Millisekunden`,
  ownPiano: 'Das Klavier der Seite',
  byMidi: 'Ein Instrument, über MIDI',
  midiInstrument: (number) => `MIDI-Instrument ${number}`,
  noInstrument: 'Es ist kein MIDI-Instrument angeschlossen. Schließ eines an und wähl es hier.',
  disconnected: (name) =>
    `${name || 'Das Instrument'} ist nicht mehr verbunden. Das Klavier der Seite spielt weiter.`,
  noMidi: 'Dieser Browser hat kein Web MIDI. Chrome, Edge und Firefox haben es.',
  midiRefused:
    'Der Browser lässt diese Seite MIDI nicht benutzen. In seinen Einstellungen kannst du es ihr erlauben.',
  midiFailed: (why) => `MIDI geht hier nicht${why ? `: ${why}` : ''}.`,

  doorsNote: 'Pianola: Die Türen sind offen',
  beginsIn: (countdown) => `Es beginnt in ${countdown}.`,

  theWeek: 'Die Woche, auf einer Rolle',
  playOn: 'Weiterspielen',
  playWeek: 'Die Woche abspielen',
  backToLast: 'Zurück zur letzten Rolle',
  notPunched: 'noch nicht gestanzt',
  nothingPlayed: 'Nichts gespielt',
  untitled: 'ohne Titel',
  notes: (count, written) => `${written} ${count === 1 ? 'Ton' : 'Töne'}`,
  heardBy: (count, written) => (count === 0 ? 'von niemandem gehört' : `von ${written} gehört`),
  timeOf: (time) => time.replace('/', 'von'),
  page: (page, pages, bar) => `Seite ${page} von ${pages}, Takt ${bar}`,
  title: titled({
    names: {
      Song: 'Lied',
      'Cradle song': 'Wiegenlied',
      'Song without words': 'Lied ohne Worte',
      Waltz: 'Walzer',
      Minuet: 'Menuett',
      Prelude: 'Präludium',
      Fantasia: 'Fantasie',
      'Two pieces': 'Zwei Stücke',
      Continuation: 'Fortsetzung',
    },
    inKey(name, key, major) {
      const tonic = KEYS[key] ?? key;
      return `${name} in ${major ? `${tonic}-Dur` : `${tonic.toLowerCase()}-Moll`}`;
    },
  }),

  movement: (numeral) => `${numeral}. Satz`,
  turn: (turn, numeral, bar) =>
    `${{ leaves: 'etwas anderes', returns: 'der Anfang kehrt wieder', varies: 'verändert' }[turn]}: ${numeral}, Takt ${bar}`,
  presence: (here) =>
    here < 1 ? 'Ich war dabei' : here === 1 ? 'Ich war ganz allein da' : `Ich war dabei, wir waren ${here}`,
  fromTo: (fromMs, toMs) => `${minutesText(fromMs)} bis ${minutesText(toMs)}`,

  printed,
};

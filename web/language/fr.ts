/** French. */
import { minutesText } from '../../src/words.ts';
import type { Near } from './english.ts';
import { printed } from './printed/fr.ts';
import type { Tongue } from './reader.ts';
import { titled } from './titles.ts';

const others = (count: number): string => (count === 1 ? 'une autre personne' : `${count} autres personnes`);
const holes = (count: number): string =>
  count === 1 ? 'un trou' : `${count} ${count < 2 ? 'trou' : 'trous'}`;
const NOTES: Readonly<Record<string, string>> = {
  C: 'do',
  D: 'ré',
  E: 'mi',
  F: 'fa',
  G: 'sol',
  A: 'la',
  B: 'si',
};
const daysName = (near: Near, day: string): string =>
  ({
    tonight: 'ce soir',
    today: 'aujourd’hui',
    tomorrow: 'demain',
    lastNight: 'hier soir',
    yesterday: 'hier',
  })[near as string] ?? day;
const raised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** "d’hier soir", "de vendredi", "du 14 novembre". */
const ofDay = (near: Near, day: string): string => {
  const name = daysName(near, day);
  if (near === 'date') return `du ${name}`;
  return /^[aeiouhé]/.test(name) ? `d’${name}` : `de ${name}`;
};

const within = (ms: number): string => (ms < 1 ? 'une milliseconde' : `${Math.ceil(ms)} ms`);

export const fr: Tongue = {
  code: 'fr',
  locale: 'fr',
  comma: ', ',
  together: (one, other) => `${one} ${other}`,
  dayAndTime: (near, day, time) => `${raised(daysName(near, day))} ${time}`,
  extraOf: (date) => `un supplément du ${date}`,
  yourTimeUtc: 'heure d’ici (UTC)',
  yourTimeToo: 'chez vous comme à la station',
  yourTime: (there) => `heure d’ici (${there})`,
  inPlace: (time, place) => `${time} à ${place}`,
  inDays: (days, hours) => `dans ${days} jours ${hours} h`,
  inHours: (hours, minutes) => `dans ${hours} h ${minutes} min`,

  join: 'Écouter avec les autres',
  beThere(near, day, time) {
    const when = { tomorrow: 'demain ', weekday: `${day} `, date: `le ${day} ` }[near as string] ?? '';
    return `Être là ${when}à ${time}`;
  },
  beThereAnyway: 'Être là quand cela commence',
  hear: (near, day) =>
    near === 'tonight' ? 'Réécouter celui de ce soir' : `Réécouter celui ${ofDay(near, day)}`,
  play: 'Jouer',
  pause: 'Pause',
  mute: 'Couper le son',
  muted: 'Son coupé',
  light: 'Clair',
  dark: 'Sombre',
  toLight: 'Clair : passer aux couleurs claires',
  toDark: 'Sombre : passer aux couleurs sombres',

  edition: 'Une nouvelle édition',
  editionWhy: 'Cette page est devenue plus vieille que la station.',
  encore: 'Bis',
  encoreOf: (date) => `Bis du ${date}`,
  encoreWhy: 'Déjà joué ; il n’y a pas de nouveau morceau aujourd’hui.',
  doors: 'Les portes sont ouvertes',
  tonight: 'Ce soir',
  forToday: 'Composé pour aujourd’hui.',
  todaysRoll: 'Le rouleau du jour',
  hungIn: 'Il est en place ; il commence tout seul.',
  moment: 'Dans un instant',
  live: 'En direct',
  end: 'Fin',
  nothingYet: 'Rien encore n’a été joué',
  stillBlank: 'Le premier rouleau est encore vierge.',
  stopped: 'Interrompu',
  silentDay: 'Un jour de silence',
  outOfReach: 'Hors d’atteinte',
  playedLast: 'Joué en dernier',
  first: 'Le premier morceau',
  composed: 'En train de naître',
  soon: 'Il commence dès que son premier mouvement est là.',
  percent: (part) => `${Math.floor(part * 100)} %`,

  tabComposed: (percent) => `${percent} composés`,
  tabUntil: (countdown) => `Encore ${countdown}`,
  tabLive: (title) => `En direct : ${title}`,
  tabEncore: (title) => `Bis : ${title}`,
  tabPlaying: (title) => `On entend : ${title}`,
  theEnd: 'Fin',

  connecting: 'Connexion en cours.',
  reload: 'Rechargez la page pour continuer.',
  lostPlaying: 'Connexion perdue. Ce qui est arrivé continue de jouer ; on essaie de renouer.',
  lost: 'Connexion perdue. On essaie de renouer.',
  restartsPlaying: 'La station redémarre et va revenir. Ce qui est arrivé continue de jouer.',
  restarts: 'La station redémarre et va revenir.',
  noAudio: 'Ce navigateur n’a pas Web Audio : vous pouvez regarder le rouleau, mais pas l’entendre.',
  noAudioDay: 'Ce navigateur n’a pas Web Audio ; le fichier MIDI est plus bas.',
  noMusic: 'La musique n’a pas pu être chargée. Rechargez la page pour réessayer.',
  willBeThere: 'Vous serez là : le son est prêt, et cette page attend. Laissez-la ouverte.',
  youAreIn: 'Vous y êtes. Cela commence tout seul.',
  sameNote: 'Tout le monde entend la même note au même instant.',
  noAnswer: 'La station ne répond pas. On essaie encore.',
  silent: 'Un jour de silence : aucun morceau n’a été composé, et aucun n’est donné pour neuf.',
  endedEarly: 'Le concert a été interrompu avant la fin.',
  noneComing: 'La station n’a pas de concert à venir.',
  composing: (tenths) =>
    `Le morceau du jour se compose, ${tenths} dixièmes sont là. Il commence dès que son premier mouvement est prêt.`,
  hearing: (count) =>
    count > 0 ? `Vous l’entendez en direct, avec ${others(count)}.` : 'Vous l’entendez en direct.',
  playing: (count) =>
    count > 0 ? `Cela joue en ce moment, pour ${others(count)}.` : 'Cela joue en ce moment.',
  pressJoin: 'Appuyez sur « Écouter avec les autres » pour l’entendre.',
  pressSpace: 'Appuyez sur la barre d’espace ou sur le bouton pour l’entendre.',
  replayPlaying: (speed) => (speed ? `Lecture à ${speed}.` : 'Lecture.'),
  replayPaused: (time) => `En pause à ${time}.`,
  replayEnded: 'Fin.',

  silence: 'Silence.',
  caption: (pace, register, loudness, voices) =>
    [
      ['Clairsemé', 'Coulant', 'Dense'][pace],
      ['grave', 'au milieu du clavier', 'aigu'][register],
      ['doux', 'modéré', 'fort'][loudness],
      `${['une voix', 'deux voix', 'trois voix', 'quatre voix'][voices - 1] ?? 'beaucoup de voix'}.`,
    ].join(', '),

  lineLost: 'Connexion perdue',
  lineRestarts: 'La station redémarre',
  lineConnecting: 'Connexion en cours',
  lineOpen(ms, siteMs, count) {
    const site = siteMs === null ? '' : ` (à ${within(siteMs)} près par l’horloge du site)`;
    const time = ms === null ? ', pas encore à l’heure' : `, à l’heure à ${within(ms)} près${site}`;
    return `Connecté${time}${count > 0 ? ` ; ${others(count)} ici` : ''}`;
  },

  firstHole: 'Le premier trou de cette marge est le vôtre.',
  punched: (count) => `Le vôtre y est : ${holes(count)} dans la marge.`,
  punchedAlready: (count) => `Le vôtre y est déjà : ${holes(count)} dans la marge.`,
  full: (count) => `La marge est pleine : ${holes(count)}.`,
  early: 'Quand la dernière note aura sonné.',
  late: 'Cette marge est close ; la prochaine s’ouvre après le prochain morceau.',
  tooMany: 'Trop de trous de votre réseau pour l’instant.',
  noMargin: 'Ce rouleau n’a pas de marge.',

  delayUntold: 'Ce navigateur ne dit pas combien de temps met son son.',
  delayTold: (ms) => `Cet appareil dit que son son met ${Math.round(ms)} ms : on en tient compte.`,
  bluetooth:
    'Le Bluetooth met souvent plus de temps qu’il ne le dit : réglez jusqu’à entendre ce que le trait perfore.',
  instrumentDelay:
    'Votre instrument ne dit rien de son propre retard : réglez jusqu’à entendre ce que le trait perfore.',
  milliseconds: (ms) => `${ms} ${ms < 2 ? 'milliseconde' : 'millisecondes'}`,
  ownPiano: 'Le piano de la page',
  byMidi: 'Un instrument, par MIDI',
  midiInstrument: (number) => `Instrument MIDI ${number}`,
  noInstrument: 'Aucun instrument MIDI n’est branché. Branchez-en un, puis choisissez-le ici.',
  disconnected: (name) => `${name || 'L’instrument'} n’est plus branché. Le piano de la page continue.`,
  noMidi: 'Ce navigateur n’a pas Web MIDI. Chrome, Edge et Firefox l’ont.',
  midiRefused:
    'Le navigateur ne laisse pas cette page se servir du MIDI. Ses réglages pour ce site le permettent.',
  midiFailed: (why) => `Le MIDI ne marche pas ici${why ? ` : ${why}` : ''}.`,

  doorsNote: 'Pianola : les portes sont ouvertes',
  beginsIn: (countdown) => `Cela commence dans ${countdown}.`,

  theWeek: 'La semaine, sur un seul rouleau',
  playOn: 'Continuer',
  playWeek: 'Jouer la semaine',
  backToLast: 'Revenir au dernier rouleau',
  notPunched: 'pas encore perforé',
  nothingPlayed: 'Rien n’a été joué',
  untitled: 'sans titre',
  notes: (count, written) => `${written} ${count < 2 ? 'note' : 'notes'}`,
  heardBy: (count, written) =>
    count === 0 ? 'entendu par personne' : `entendu par ${written} ${count < 2 ? 'personne' : 'personnes'}`,
  timeOf: (time) => time.replace('/', 'sur'),
  page: (page, pages, bar) => `Page ${page} sur ${pages}, mesure ${bar}`,
  title: titled({
    names: {
      Song: 'Mélodie',
      'Cradle song': 'Berceuse',
      'Song without words': 'Romance sans paroles',
      Waltz: 'Valse',
      Siciliano: 'Sicilienne',
      Minuet: 'Menuet',
      Prelude: 'Prélude',
      Fantasia: 'Fantaisie',
      'Two pieces': 'Deux pièces',
      Continuation: 'Suite et fin',
    },
    inKey(name, key, major) {
      const [letter = '', sign] = key.split(' ');
      const accidental = sign === 'flat' ? ' bémol' : sign === 'sharp' ? ' dièse' : '';
      return `${name} en ${NOTES[letter]}${accidental} ${major ? 'majeur' : 'mineur'}`;
    },
  }),

  movement: (numeral) => `Mouvement ${numeral}`,
  turn: (turn, numeral, bar) =>
    `${{ leaves: 'autre chose', returns: 'le début revient', varies: 'varié' }[turn]} : ${numeral}, mesure ${bar}`,
  presence: (here) =>
    here < 1
      ? 'J’y étais'
      : here === 1
        ? 'J’étais là, et personne d’autre'
        : `J’y étais, nous étions ${here}`,
  fromTo: (fromMs, toMs) => `de ${minutesText(fromMs)} à ${minutesText(toMs)}`,

  printed,
};

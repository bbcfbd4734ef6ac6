/** Spanish. */
import { minutesText } from '../../src/words.ts';
import type { Near } from './english.ts';
import { printed } from './printed/es.ts';
import type { Tongue } from './reader.ts';
import { titled } from './titles.ts';

const others = (count: number): string => (count === 1 ? 'otra persona' : `otras ${count} personas`);
const holes = (count: number): string => (count === 1 ? 'un agujero' : `${count} agujeros`);
const NOTES: Readonly<Record<string, string>> = {
  C: 'do',
  D: 're',
  E: 'mi',
  F: 'fa',
  G: 'sol',
  A: 'la',
  B: 'si',
};
const daysName = (near: Near, day: string): string =>
  ({ tonight: 'esta noche', today: 'hoy', tomorrow: 'mañana', lastNight: 'anoche', yesterday: 'ayer' })[
    near as string
  ] ?? day;
const raised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** "a las 21:00"; one o'clock is the only hour that is one. */
const atTime = (time: string): string => `a la${/^0?1:/.test(time) ? '' : 's'} ${time}`;

const within = (ms: number): string => (ms < 1 ? 'un milisegundo' : `${Math.ceil(ms)} ms`);

export const es: Tongue = {
  code: 'es',
  locale: 'es',
  comma: ', ',
  together: (one, other) => `${one} ${other}`,
  dayAndTime: (near, day, time) => `${raised(daysName(near, day))} ${time}`,
  extraOf: (date) => `una propina del ${date}`,
  yourTimeUtc: 'tu hora (UTC)',
  yourTimeToo: 'tu hora y la de la estación',
  yourTime: (there) => `tu hora (${there})`,
  inPlace: (time, place) => `${time} en ${place}`,
  inDays: (days, hours) => `en ${days} días ${hours} h`,
  inHours: (hours, minutes) => `en ${hours} h ${minutes} min`,

  join: 'Escuchar con los demás',
  beThere(near, day, time) {
    const when = { tomorrow: 'mañana ', weekday: `el ${day} `, date: `el ${day} ` }[near as string] ?? '';
    return `Estar ahí ${when}${atTime(time)}`;
  },
  beThereAnyway: 'Estar ahí cuando empiece',
  hear: (near, day) =>
    `Escuchar la ${near === 'weekday' || near === 'date' ? 'del' : 'de'} ${daysName(near, day)}`,
  play: 'Tocar',
  pause: 'Pausa',
  mute: 'Quitar el sonido',
  muted: 'Sin sonido',
  light: 'Claro',
  dark: 'Oscuro',
  toLight: 'Claro: cambiar a colores claros',
  toDark: 'Oscuro: cambiar a colores oscuros',

  edition: 'Una edición nueva',
  editionWhy: 'Esta página se ha quedado más vieja que la estación.',
  encore: 'Otra vez',
  encoreOf: (date) => `Otra vez: ${date}`,
  encoreWhy: 'Ya se tocó; hoy no hay pieza nueva.',
  doors: 'Las puertas están abiertas',
  tonight: 'Esta noche',
  forToday: 'Compuesta para hoy.',
  todaysRoll: 'El rollo de hoy',
  hungIn: 'Ya está colocado; empieza solo.',
  moment: 'En un momento',
  live: 'En directo',
  end: 'Fin',
  nothingYet: 'Todavía no se ha tocado nada',
  stillBlank: 'El primer rollo sigue en blanco.',
  stopped: 'Interrumpida',
  silentDay: 'Un día en silencio',
  outOfReach: 'Fuera de alcance',
  playedLast: 'Lo último que sonó',
  first: 'La primera pieza',
  composed: 'Se está componiendo',
  soon: 'Empieza en cuanto esté su primer movimiento.',
  percent: (part) => `${Math.floor(part * 100)} %`,

  tabComposed: (percent) => `${percent} compuesto`,
  tabUntil: (countdown) => `Faltan ${countdown}`,
  tabLive: (title) => `En directo: ${title}`,
  tabEncore: (title) => `Otra vez: ${title}`,
  tabPlaying: (title) => `Suena: ${title}`,
  theEnd: 'Fin',

  connecting: 'Conectando.',
  reload: 'Vuelve a cargar la página para seguir.',
  lostPlaying: 'Se perdió la conexión. Sigue sonando lo que ya llegó; se intenta volver a conectar.',
  lost: 'Se perdió la conexión. Se intenta volver a conectar.',
  restartsPlaying: 'La estación se reinicia y volverá. Sigue sonando lo que ya llegó.',
  restarts: 'La estación se reinicia y volverá.',
  noAudio: 'Este navegador no tiene Web Audio: puedes ver el rollo, pero no oírlo.',
  noAudioDay: 'Este navegador no tiene Web Audio; el archivo MIDI está más abajo.',
  noMusic: 'No se puede cargar la música. Vuelve a cargar la página para intentarlo otra vez.',
  willBeThere: 'Estarás ahí: el sonido está listo y esta página espera. Déjala abierta.',
  youAreIn: 'Ya estás dentro. Empieza solo.',
  sameNote: 'Todo el mundo oye la misma nota en el mismo instante.',
  noAnswer: 'La estación no responde. Se sigue intentando.',
  silent: 'Un día en silencio: no se compuso ninguna pieza, y ninguna se hace pasar por nueva.',
  endedEarly: 'El concierto se interrumpió antes de acabar.',
  noneComing: 'La estación no tiene ningún concierto próximo.',
  composing: (tenths) =>
    `La pieza de hoy se está componiendo: van ${tenths} de diez partes. Empieza en cuanto esté su primer movimiento.`,
  hearing: (count) =>
    count > 0 ? `La estás oyendo en directo, con ${others(count)}.` : 'La estás oyendo en directo.',
  playing: (count) => (count > 0 ? `Está sonando ahora, para ${others(count)}.` : 'Está sonando ahora.'),
  pressJoin: 'Pulsa «Escuchar con los demás» para oírla.',
  pressSpace: 'Pulsa la barra espaciadora o el botón para oírla.',
  replayPlaying: (speed) => (speed ? `Suena a ${speed}.` : 'Suena.'),
  replayPaused: (time) => `En pausa en ${time}.`,
  replayEnded: 'Fin.',

  silence: 'Silencio.',
  caption: (pace, register, loudness, voices) =>
    [
      ['Escaso', 'Fluido', 'Denso'][pace],
      ['grave', 'en el medio', 'agudo'][register],
      ['suave', 'moderado', 'fuerte'][loudness],
      `${['una voz', 'dos voces', 'tres voces', 'cuatro voces'][voices - 1] ?? 'muchas voces'}.`,
    ].join(', '),

  lineLost: 'Conexión perdida',
  lineRestarts: 'La estación se reinicia',
  lineConnecting: 'Conectando',
  lineOpen(ms, siteMs, count) {
    const site = siteMs === null ? '' : ` (de ${within(siteMs)} por el reloj del sitio)`;
    const time =
      ms === null ? ', todavía sin la hora justa' : `, en hora con un margen de ${within(ms)}${site}`;
    return `Conectado${time}${count > 0 ? `; aquí hay ${others(count)}` : ''}`;
  },

  firstHole: 'El primer agujero de este margen es tuyo.',
  punched: (count) => `El tuyo ya está: ${holes(count)} en el margen.`,
  punchedAlready: (count) => `El tuyo ya estaba: ${holes(count)} en el margen.`,
  full: (count) => `El margen está lleno: ${holes(count)}.`,
  early: 'Cuando haya sonado la última nota.',
  late: 'Este margen está cerrado; el próximo se abre después de la próxima pieza.',
  tooMany: 'Demasiados desde tu red por ahora.',
  noMargin: 'Este rollo no tiene margen.',

  delayUntold: 'Este navegador no dice cuánto tarda su sonido.',
  delayTold: (ms) => `Este dispositivo dice que su sonido tarda ${Math.round(ms)} ms: ya se tiene en cuenta.`,
  bluetooth: 'El Bluetooth suele tardar más de lo que dice: ajústalo hasta oír lo que perfora la línea.',
  instrumentDelay: 'Tu instrumento no dice nada de su retardo: ajústalo hasta oír lo que perfora la línea.',
  milliseconds: (ms) => `${ms} ${ms === 1 ? 'milisegundo' : 'milisegundos'}`,
  ownPiano: 'El piano de la página',
  byMidi: 'Un instrumento, por MIDI',
  midiInstrument: (number) => `Instrumento MIDI ${number}`,
  noInstrument: 'No hay ningún instrumento MIDI conectado. Conecta uno y elígelo aquí.',
  disconnected: (name) =>
    `${name || 'El instrumento'} se ha desconectado. El piano de la página sigue tocando.`,
  noMidi: 'Este navegador no tiene Web MIDI. Chrome, Edge y Firefox lo tienen.',
  midiRefused:
    'El navegador no deja que esta página use MIDI. Puedes permitirlo en sus ajustes para este sitio.',
  midiFailed: (why) => `El MIDI no funciona aquí${why ? `: ${why}` : ''}.`,

  doorsNote: 'Pianola: las puertas están abiertas',
  beginsIn: (countdown) => `Empieza en ${countdown}.`,

  theWeek: 'La semana, en un solo rollo',
  playOn: 'Seguir',
  playWeek: 'Tocar la semana',
  backToLast: 'Volver al último rollo',
  notPunched: 'aún sin perforar',
  nothingPlayed: 'No se tocó nada',
  untitled: 'sin título',
  notes: (count, written) => `${written} ${count === 1 ? 'nota' : 'notas'}`,
  heardBy: (count, written) =>
    count === 0 ? 'no la oyó nadie' : `oída por ${written} ${count === 1 ? 'persona' : 'personas'}`,
  timeOf: (time) => time.replace('/', 'de'),
  page: (page, pages, bar) => `Página ${page} de ${pages}, compás ${bar}`,
  title: titled({
    names: {
      Song: 'Canción',
      'Cradle song': 'Canción de cuna',
      Nocturne: 'Nocturno',
      'Song without words': 'Canción sin palabras',
      Waltz: 'Vals',
      Siciliano: 'Siciliana',
      Minuet: 'Minué',
      Prelude: 'Preludio',
      Fantasia: 'Fantasía',
      'Two pieces': 'Dos piezas',
      Continuation: 'Continuación',
    },
    inKey(name, key, major) {
      const [letter = '', sign] = key.split(' ');
      const accidental = sign === 'flat' ? ' bemol' : sign === 'sharp' ? ' sostenido' : '';
      return `${name} en ${NOTES[letter]}${accidental} ${major ? 'mayor' : 'menor'}`;
    },
  }),

  movement: (numeral) => `Movimiento ${numeral}`,
  turn: (turn, numeral, bar) =>
    `${{ leaves: 'otra cosa', returns: 'vuelve el comienzo', varies: 'variado' }[turn]}: ${numeral}, compás ${bar}`,
  presence: (here) =>
    here < 1 ? 'Yo estuve ahí' : here === 1 ? 'Yo estuve ahí, y nadie más' : `Yo estuve ahí, éramos ${here}`,
  fromTo: (fromMs, toMs) => `de ${minutesText(fromMs)} a ${minutesText(toMs)}`,

  printed,
};

/** What /play/ says, and what stands printed there, in Spanish. */
import { midi } from '../midi/es.ts';
import type { Room } from '../room.ts';
import type { PlayWords } from './english.ts';

export const room: Room<PlayWords> = {
  said: {
    nothing: 'Todavía no se ha tocado nada.',
    goOn: 'Sigue.',
    enough: 'Cuando hayas tocado bastante, deja que continúe a partir de ahí.',
    yours: 'Lo que has tocado',
    midiKeyboard: 'un teclado MIDI',
    noKeyboard: 'No hay ningún teclado MIDI; conecta uno.',
    listening: (names) => `Se escucha: ${names}.`,
    noMidi: 'Este navegador no deja que la página escuche teclados MIDI.',
    you: 'Tú',

    sent: (name) => `Enviando ${name}.`,
    tooLong: (name, bytes, most) => `${name} tiene ${bytes} bytes, y se admiten ${most} como máximo`,
    notTaken: (name, status) => `${name} no se ha aceptado (${status}); inténtalo de nuevo`,
    cannot: (why) => `No se puede continuar a partir de esto: ${why}.`,
    unanswered: 'La estación no responde. Tu música sigue aquí: inténtalo de nuevo.',
    piece: 'pieza',
    fetched: 'La pieza llega de la estantería.',
    notOnShelf: 'La pieza ya no está en la estantería.',

    looking: 'Buscándola.',
    next: 'Te toca a ti.',
    before: (count) => `Antes que tú: ${count}.`,
    composing: (percent) => `Componiendo: ${percent}.`,
    askedAgain: 'La estación no responde; se le vuelve a preguntar.',
    silent: 'La estación ya no responde. Inténtalo más tarde.',
    gone: 'Aquí ya no hay nada: se ha olvidado.',
    failed: 'No se ha podido componer. Inténtalo de nuevo.',
    notLoaded: 'No se puede cargar la música. Inténtalo de nuevo.',
    done: (movement, from, notes) => `Listo: ${movement} desde ${from}, ${notes}.`,

    notKept: 'No se puede guardar. Inténtalo de nuevo.',
    shared: 'Quien tenga el enlace puede escucharlo.',
    copied: 'El enlace está copiado. Quien lo tenga puede escucharlo.',
    forgotten: 'Está olvidado.',
    notForgotten: 'La estación no responde: todavía no se ha olvidado.',
  },
  printed: {
    ...midi,
    'Play me something, I’ll go on: Pianola': 'Tócame algo y yo sigo: Pianola',
    'A few bars on the keys below, or a MIDI file dropped anywhere here.':
      'Unos compases en las teclas de abajo, o un archivo MIDI soltado en cualquier lugar de la página.',
    'What becomes of it': 'Qué sale de ello',
    'Nothing is played yet.': 'Todavía no se ha tocado nada.',
    'Composed so far': 'Compuesto hasta ahora',
    'Position in the music': 'Posición en la música',
    'Download MIDI': 'Descargar MIDI',
    'Sheet (MusicXML)': 'Partitura (MusicXML)',
    'Share a link': 'Compartir un enlace',
    'Forget it': 'Olvidarlo',
    Link: 'Enlace',
    'Go on from this': 'Sigue a partir de aquí',
    'Start anew': 'Empezar de nuevo',
    'Choose a MIDI file': 'Elegir un archivo MIDI',
    'How much': 'Cuánto',
    'half a minute': 'medio minuto',
    'a minute': 'un minuto',
    'two minutes': 'dos minutos',
    'Listen to my MIDI keyboard': 'Escuchar mi teclado MIDI',
    'The keys': 'Las teclas',
    '88 piano keys': '88 teclas de piano',
    'Mouse and fingers play; lower down on a key is louder. So do the computer’s keys: Z to M is an octave, Q to P the next one up, and the keys above them are the black ones. With the focus on the piano, up and down change the octave.':
      'Se toca con el ratón o con los dedos; más abajo en la tecla suena más fuerte. También con el teclado del ordenador: la fila de letras de abajo es una octava, la de arriba la siguiente, y las teclas que quedan sobre ellas son las negras. Con el foco en el piano, las flechas arriba y abajo cambian de octava.',
    'What you give goes to this station alone, is shown to nobody, and is forgotten half an hour after it is done, unless you ask for a link: then it is kept until you have it forgotten.':
      'Lo que das va solo a esta estación, no se enseña a nadie y se olvida media hora después, a no ser que pidas un enlace: entonces se guarda hasta que mandes olvidarlo.',
    'What you give goes to this station alone, is shown to nobody, and can be seen by nobody half an hour after it is done, and is deleted within two days, unless you ask for a link: then it is kept until you have it forgotten.':
      'Lo que das va solo a esta estación, no se enseña a nadie, media hora después ya no puede verlo nadie y se borra antes de dos días, a no ser que pidas un enlace: entonces se guarda hasta que mandes olvidarlo.',
    'What plays today': 'Lo que suena hoy',

    '{=} is no music that can be read: {}': '{} no es música que se pueda leer: {}',
    '{=} has bars of over eight quarters: give it in shorter ones':
      '{} tiene compases de más de ocho negras: dalos más cortos',
    '{=} holds a key more than {} times at once, which cannot be written: give other music':
      '{} mantiene una tecla más de {} veces a la vez, y eso no se puede escribir: da otra música',
    '{=} holds every key: nothing can be added': '{} mantiene todas las teclas: no se puede añadir nada',
    '{=} leaves no room to go on: {}; give less': '{} no deja sitio para continuar: {}; da menos',
    '{} others are waiting already: come again in a few minutes':
      'ya hay otros {} esperando: vuelve dentro de unos minutos',
    'that was a lot of music: the next can be given in {} seconds':
      'eso ha sido mucha música: podrás dar más dentro de {} segundos',
  },
};

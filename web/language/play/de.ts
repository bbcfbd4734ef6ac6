/** What /play/ says, and what stands printed there, in German. */
import { midi } from '../midi/de.ts';
import type { Room } from '../room.ts';
import type { PlayWords } from './english.ts';

export const room: Room<PlayWords> = {
  said: {
    nothing: 'Noch ist nichts gespielt.',
    goOn: 'Weiter.',
    enough: 'Wenn du genug gespielt hast, lass es von dort weitergehen.',
    yours: 'Was du gespielt hast',
    midiKeyboard: 'ein MIDI-Keyboard',
    noKeyboard: 'Es ist kein MIDI-Keyboard da; schließ eines an.',
    listening: (names) => `Angeschlossen: ${names}.`,
    noMidi: 'Dieser Browser lässt die Seite kein MIDI-Keyboard hören.',
    you: 'Du',

    sent: (name) => `Wird gesendet: ${name}.`,
    tooLong: (name, bytes, most) => `${name} hat ${bytes} Bytes, höchstens ${most} werden genommen`,
    notTaken: (name, status) => `${name} wurde nicht angenommen (${status}); versuch es noch einmal`,
    cannot: (why) => `Damit geht es nicht weiter: ${why}.`,
    unanswered: 'Die Station antwortet nicht. Deine Musik ist noch da: Versuch es noch einmal.',
    piece: 'Stück',
    fetched: 'Das Stück wird aus dem Regal geholt.',
    notOnShelf: 'Das Stück steht nicht mehr im Regal.',

    looking: 'Es wird gesucht.',
    next: 'Du bist als Nächstes dran.',
    before: (count) => `Vor dir: ${count}.`,
    composing: (percent) => `Wird komponiert: ${percent}.`,
    askedAgain: 'Die Station antwortet nicht; sie wird weiter gefragt.',
    silent: 'Die Station antwortet nicht mehr. Versuch es später noch einmal.',
    gone: 'Hier ist nichts mehr: Es wurde vergessen.',
    failed: 'Das Komponieren ist misslungen. Versuch es noch einmal.',
    notLoaded: 'Die Musik lässt sich nicht laden. Versuch es noch einmal.',
    done: (movement, from, notes) => `Fertig: ${movement} ab ${from}, ${notes}.`,

    notKept: 'Es lässt sich nicht aufheben. Versuch es noch einmal.',
    shared: 'Wer den Link hat, kann es hören.',
    copied: 'Der Link ist kopiert. Wer ihn hat, kann es hören.',
    forgotten: 'Es ist vergessen.',
    notForgotten: 'Die Station antwortet nicht: Es ist noch nicht vergessen.',
  },
  printed: {
    ...midi,
    'Play me something, I’ll go on: Pianola': 'Spiel mir etwas vor, ich spiele weiter: Pianola',
    'A few bars on the keys below, or a MIDI file dropped anywhere here.':
      'Ein paar Takte auf den Tasten hier unten, oder eine MIDI-Datei, irgendwo auf diese Seite gezogen.',
    'What becomes of it': 'Was daraus wird',
    'Nothing is played yet.': 'Noch ist nichts gespielt.',
    'Composed so far': 'So weit komponiert',
    'Position in the music': 'Stelle in der Musik',
    'Download MIDI': 'MIDI herunterladen',
    'Sheet (MusicXML)': 'Noten (MusicXML)',
    'Share a link': 'Link teilen',
    'Forget it': 'Vergessen',
    Link: 'Link',
    'Go on from this': 'Spiel von hier weiter',
    'Start anew': 'Von vorn',
    'Choose a MIDI file': 'MIDI-Datei auswählen',
    'How much': 'Wie viel',
    'half a minute': 'eine halbe Minute',
    'a minute': 'eine Minute',
    'two minutes': 'zwei Minuten',
    'Listen to my MIDI keyboard': 'Mein MIDI-Keyboard benutzen',
    'The keys': 'Die Tasten',
    '88 piano keys': '88 Klaviertasten',
    'Mouse and fingers play; lower down on a key is louder. So do the computer’s keys: Z to M is an octave, Q to P the next one up, and the keys above them are the black ones. With the focus on the piano, up and down change the octave.':
      'Maus und Finger spielen; weiter unten auf der Taste klingt es lauter. Auch die Tasten des Computers spielen: Die unterste Buchstabenreihe ist eine Oktave, die oberste die nächste darüber, und die Tasten über ihnen sind die schwarzen. Liegt der Fokus auf dem Klavier, wechseln die Pfeiltasten auf und ab die Oktave.',
    'What you give goes to this station alone, is shown to nobody, and is forgotten half an hour after it is done, unless you ask for a link: then it is kept until you have it forgotten.':
      'Was du gibst, geht nur an diese Station, wird niemandem gezeigt und eine halbe Stunde danach vergessen, es sei denn, du möchtest einen Link: Dann wird es aufgehoben, bis du es vergessen lässt.',
    'What you give goes to this station alone, is shown to nobody, and can be seen by nobody half an hour after it is done, and is deleted within two days, unless you ask for a link: then it is kept until you have it forgotten.':
      'Was du gibst, geht nur an diese Station, wird niemandem gezeigt, ist eine halbe Stunde danach für niemanden mehr zu sehen und wird innerhalb von zwei Tagen gelöscht, es sei denn, du möchtest einen Link: Dann wird es aufgehoben, bis du es vergessen lässt.',
    'What plays today': 'Was heute gespielt wird',

    '{=} is no music that can be read: {}': '{} ist keine Musik, die sich lesen lässt: {}',
    '{=} has bars of over eight quarters: give it in shorter ones':
      '{} hat Takte von mehr als acht Vierteln: Gib sie in kürzeren',
    '{=} holds a key more than {} times at once, which cannot be written: give other music':
      '{} hält eine Taste mehr als {} Mal zugleich, was sich nicht schreiben lässt: Gib andere Musik',
    '{=} holds every key: nothing can be added': '{} hält alle Tasten: Es lässt sich nichts hinzufügen',
    '{=} leaves no room to go on: {}; give less': '{} lässt keinen Platz zum Weiterspielen: {}; gib weniger',
    '{} others are waiting already: come again in a few minutes':
      'es warten schon {} andere: Komm in ein paar Minuten wieder',
    'that was a lot of music: the next can be given in {} seconds':
      'das war viel Musik: Die nächste kannst du in {} Sekunden geben',
  },
};

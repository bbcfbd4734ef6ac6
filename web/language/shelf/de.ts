/** What the shelf says, and what stands printed there, in German. */
import { midi } from '../midi/de.ts';
import type { Room } from '../room.ts';
import type { ShelfWords } from './english.ts';

export const room: Room<ShelfWords> = {
  said: {
    loading: (percent) => `Die Klänge werden geladen: ${percent}`,
    noSounds: 'Die Klänge sind nicht zu bekommen. Versuch es noch einmal.',
    notLoaded: 'Das Stück lässt sich nicht laden. Versuch es noch einmal.',
    unreadable: (why) => `Das Stück lässt sich nicht lesen: ${why}.`,
    noChoice: 'Es gibt nichts, woraus zu wählen wäre.',
    copied: 'Der Link ist kopiert.',
    found: (count, written) => (count === 0 ? 'nichts gefunden' : `${written} gefunden`),
    foundMore: (written, shown) => `${written} gefunden, die ersten ${shown} sind zu sehen`,
    noList: 'Die Liste lässt sich nicht laden. Versuch es noch einmal.',
  },
  printed: {
    ...midi,
    'What people left on the web': 'Was Leute im Netz liegen ließen',
    'Nothing is on the shelf yet: whoever runs this station has not published a collection. The archive has what was composed here.':
      'Noch steht nichts im Regal: Wer diese Station betreibt, hat keine Sammlung veröffentlicht. Was hier komponiert wurde, steht im Archiv.',
    '{} MIDI files from {} places, as people left them there.':
      '{} MIDI-Dateien von {} Orten, so wie Leute sie dort liegen ließen.',
    '{} MIDI files from 1 place, as people left them there.':
      '{} MIDI-Dateien von einem Ort, so wie Leute sie dort liegen ließen.',
    '1 MIDI file from 1 place, as people left them there.':
      'Eine MIDI-Datei von einem Ort, so wie jemand sie dort liegen ließ.',
    'To the archive': 'Zum Archiv',
    'Search all of them': 'Alle durchsuchen',
    Filter: 'Filtern',
    'Filter this page': 'Diese Seite filtern',
    Player: 'Wiedergabe',
    'Press a name to hear it.': 'Drück auf einen Namen, um das Stück zu hören.',
    'Any one': 'Irgendeins',
    'Position in the piece': 'Stelle im Stück',
    Download: 'Herunterladen',
    'Share a link': 'Link teilen',
    'Let the model go on from this': 'Das Modell hiervon weiterspielen lassen',
    '1 file': '1 Datei',
    '{} files': '{} Dateien',
    '1 file.': '1 Datei.',
    '{} files.': '{} Dateien.',
    '1 file, collected {}.': '1 Datei, gesammelt am {}.',
    '{} files, collected {}.': '{} Dateien, gesammelt am {}.',
    '{} files, collected {} to {}.': '{} Dateien, gesammelt vom {} bis zum {}.',
    'The site itself': 'Die Website selbst',
    'Where they are from was not written down.': 'Woher sie sind, wurde nicht aufgeschrieben.',
    '{=}, page {} of {}': '{}, Seite {} von {}',
    Pages: 'Seiten',
    '1 instrument': '1 Instrument',
    '{} instruments': '{} Instrumente',
    drums: 'Schlagzeug',
    words: 'Text',
    original: 'Original',
    'MIDI file of {=}': 'MIDI-Datei: {}',
    'original of {=}': 'Original: {}',
    'What the site says of rights': 'Was die Website über Rechte sagt',
    'Nothing that was found.': 'Nichts, was sich finden ließ.',
    'If something should not be here': 'Falls etwas nicht hierher gehört',
    'Write to': 'Schreib an',
    'with the link of the file: it is taken away.': 'und nenne den Link der Datei: Sie wird entfernt.',
    'Sounds: FluidR3Mono by Frank Wen and Michael Cowgill,':
      'Klänge: FluidR3Mono von Frank Wen und Michael Cowgill,',
    ', played by': ', gespielt von',
  },
};

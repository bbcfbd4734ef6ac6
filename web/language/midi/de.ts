/** Why a MIDI file cannot be read, and what was repaired in it, in German: the sentences of src/music/midi/. */
import type { Printed } from '../printed/sentences.ts';

export const midi: Printed = {
  'the file has {} bytes; the most we take is {}': 'die Datei hat {} Bytes; höchstens {} werden genommen',
  'the file is empty': 'die Datei ist leer',
  'not a MIDI file: it does not begin with "MThd"': 'keine MIDI-Datei: sie beginnt nicht mit „MThd“',
  'the file ends inside its header': 'die Datei endet mitten in ihrem Kopf',
  "the header's length is {}, not 6": 'der Kopf ist {} Bytes lang, nicht 6',
  'format {} does not exist; 0 and 1 are read': 'Format {} gibt es nicht; 0 und 1 werden gelesen',
  'format 2 (several songs in one file) is not supported: save it as format 0 or 1':
    'Format 2 (mehrere Stücke in einer Datei) wird nicht gelesen: speichere sie als Format 0 oder 1',
  'SMPTE time division is not supported: save it with ticks per quarter note':
    'SMPTE-Zeit wird nicht gelesen: speichere sie mit Ticks pro Viertel',
  '0 ticks per quarter note (PPQ 0): the file has no time':
    '0 Ticks pro Viertel (PPQ 0): die Datei hat keine Zeit',
  'the file has no tracks': 'die Datei hat keine Spuren',
  'a track declares {} bytes; a whole file has {} at most':
    'eine Spur kündigt {} Bytes an; eine ganze Datei hat höchstens {}',
  'running status before any status': 'Running Status vor jedem Status',
  'a variable-length quantity is longer than 4 bytes': 'eine Länge ist in mehr als 4 Bytes geschrieben',
  'status {} has no place in a file': 'Status {} hat in einer Datei nichts zu suchen',
  'a tempo has {} bytes, not 3': 'ein Tempo hat {} Bytes, nicht 3',
  'more than {} events': 'mehr als {} Ereignisse',
  'more than {} tempo changes': 'mehr als {} Tempowechsel',
  'the file has no notes': 'die Datei hat keine Töne',
  'the file has no notes but percussion ({})': 'die Datei hat keine Töne außer Schlagzeug ({})',
  'it lasts {} s; the longest we take is {} s': 'sie dauert {} s; höchstens {} s werden genommen',
  'percussion (channel 10) was left out ({} notes)': 'das Schlagzeug (Kanal 10) blieb weg ({} Töne)',
  'an RMID or MacBinary wrapper was taken off ({})': 'eine Hülle (RMID oder MacBinary) wurde abgenommen ({})',
  'several tracks were read though the format is 0, or one track though it is 2 ({})':
    'mehrere Spuren wurden gelesen, obwohl das Format 0 ist, oder eine, obwohl es 2 ist ({})',
  'the tracks that are there were read, whatever number the header declares ({})':
    'die Spuren, die da sind, wurden gelesen, gleich wie viele der Kopf ankündigt ({})',
  'chunks that are no tracks were skipped ({})':
    'Abschnitte, die keine Spuren sind, wurden übersprungen ({})',
  'bytes between tracks that belong to neither were skipped ({})':
    'Bytes zwischen Spuren, die zu keiner gehören, wurden übersprungen ({})',
  'bytes after the last track were ignored ({})': 'Bytes nach der letzten Spur wurden übergangen ({})',
  'tracks that end before they say were read up to the cut ({})':
    'Spuren, die früher enden als angekündigt, wurden bis dorthin gelesen ({})',
  'tracks without an end-of-track event were ended ({})': 'Spuren ohne Endzeichen wurden beendet ({})',
  'what a track has after its end was ignored ({})':
    'was eine Spur nach ihrem Ende hat, wurde übergangen ({})',
  'time and key signatures of a wrong length or value were left out ({})':
    'Takt- und Tonartangaben mit falscher Länge oder falschem Wert blieben weg ({})',
  'data bytes over 127 were taken for 127 ({})': 'Datenbytes über 127 wurden als 127 gelesen ({})',
  'tempi were brought into {} to {} bpm ({})': 'Tempi wurden auf {} bis {} Viertel pro Minute gebracht ({})',
  'real-time bytes, which have no place in a file, were skipped ({})':
    'Echtzeit-Bytes, die in einer Datei nichts zu suchen haben, wurden übersprungen ({})',
  'releases that end nothing were dropped ({})': 'Loslassen ohne Anschlag wurde weggelassen ({})',
  'notes without a release were ended at the next strike of their key, or with their track ({})':
    'Töne ohne Loslassen enden beim nächsten Anschlag ihrer Taste oder mit ihrer Spur ({})',
  'strikes of a key that was held: the first release was given to the first strike ({})':
    'Anschläge einer gehaltenen Taste: das erste Loslassen gehört zum ersten Anschlag ({})',
};

/** Why a MIDI file cannot be read, and what was repaired in it, in Spanish: the sentences of src/music/midi/. */
import type { Printed } from '../printed/sentences.ts';

export const midi: Printed = {
  'the file has {} bytes; the most we take is {}': 'el archivo tiene {} bytes; se admiten {} como máximo',
  'the file is empty': 'el archivo está vacío',
  'not a MIDI file: it does not begin with "MThd"': 'no es un archivo MIDI: no empieza por «MThd»',
  'the file ends inside its header': 'el archivo termina dentro de su cabecera',
  "the header's length is {}, not 6": 'la cabecera mide {} bytes, no 6',
  'format {} does not exist; 0 and 1 are read': 'el formato {} no existe; se leen el 0 y el 1',
  'format 2 (several songs in one file) is not supported: save it as format 0 or 1':
    'el formato 2 (varias piezas en un archivo) no se lee: guárdalo en formato 0 o 1',
  'SMPTE time division is not supported: save it with ticks per quarter note':
    'el tiempo SMPTE no se lee: guárdalo con pulsos por negra',
  '0 ticks per quarter note (PPQ 0): the file has no time':
    '0 pulsos por negra (PPQ 0): el archivo no tiene tiempo',
  'the file has no tracks': 'el archivo no tiene pistas',
  'a track declares {} bytes; a whole file has {} at most':
    'una pista anuncia {} bytes; un archivo entero tiene {} como máximo',
  'running status before any status': 'un «running status» antes de cualquier estado',
  'a variable-length quantity is longer than 4 bytes': 'una longitud está escrita en más de 4 bytes',
  'status {} has no place in a file': 'el estado {} no tiene sitio en un archivo',
  'a tempo has {} bytes, not 3': 'un tempo tiene {} bytes, no 3',
  'more than {} events': 'más de {} eventos',
  'more than {} tempo changes': 'más de {} cambios de tempo',
  'the file has no notes': 'el archivo no tiene notas',
  'the file has no notes but percussion ({})': 'el archivo no tiene notas, salvo percusión ({})',
  'it lasts {} s; the longest we take is {} s': 'dura {} s; se admiten {} s como máximo',
  'percussion (channel 10) was left out ({} notes)': 'la percusión (canal 10) se dejó fuera ({} notas)',
  'an RMID or MacBinary wrapper was taken off ({})': 'se quitó un envoltorio RMID o MacBinary ({})',
  'several tracks were read though the format is 0, or one track though it is 2 ({})':
    'se leyeron varias pistas aunque el formato es 0, o una aunque es 2 ({})',
  'the tracks that are there were read, whatever number the header declares ({})':
    'se leyeron las pistas que hay, diga lo que diga la cabecera ({})',
  'chunks that are no tracks were skipped ({})': 'se saltaron bloques que no son pistas ({})',
  'bytes between tracks that belong to neither were skipped ({})':
    'se saltaron bytes entre pistas que no son de ninguna ({})',
  'bytes after the last track were ignored ({})': 'se pasaron por alto bytes después de la última pista ({})',
  'tracks that end before they say were read up to the cut ({})':
    'las pistas más cortas de lo que anuncian se leyeron hasta el corte ({})',
  'tracks without an end-of-track event were ended ({})': 'se cerraron pistas sin fin de pista ({})',
  'what a track has after its end was ignored ({})':
    'se pasó por alto lo que una pista tiene después de su fin ({})',
  'time and key signatures of a wrong length or value were left out ({})':
    'se dejaron fuera compases y armaduras de longitud o valor incorrectos ({})',
  'data bytes over 127 were taken for 127 ({})': 'los bytes de datos mayores de 127 se tomaron por 127 ({})',
  'tempi were brought into {} to {} bpm ({})':
    'los tempos se llevaron a entre {} y {} negras por minuto ({})',
  'real-time bytes, which have no place in a file, were skipped ({})':
    'se saltaron bytes de tiempo real, que no tienen sitio en un archivo ({})',
  'releases that end nothing were dropped ({})':
    'se pasaron por alto teclas soltadas sin haberse pulsado ({})',
  'notes without a release were ended at the next strike of their key, or with their track ({})':
    'las notas que nadie suelta acaban al volver a pulsarse su tecla, o con su pista ({})',
  'strikes of a key that was held: the first release was given to the first strike ({})':
    'una tecla pulsada mientras sonaba: la primera vez que se suelta es de la primera pulsación ({})',
};

/** What the shelf says, and what stands printed there, in Spanish. */
import { midi } from '../midi/es.ts';
import type { Room } from '../room.ts';
import type { ShelfWords } from './english.ts';

export const room: Room<ShelfWords> = {
  said: {
    loading: (percent) => `Se cargan los sonidos: ${percent}`,
    noSounds: 'No se pueden cargar los sonidos. Inténtalo de nuevo.',
    notLoaded: 'No se puede cargar la pieza. Inténtalo de nuevo.',
    unreadable: (why) => `No se puede leer la pieza: ${why}.`,
    noChoice: 'No hay nada que elegir.',
    copied: 'El enlace está copiado.',
    found: (count, written) =>
      count === 0 ? 'nada encontrado' : `${written} ${count === 1 ? 'encontrado' : 'encontrados'}`,
    foundMore: (written, shown) => `${written} encontrados, se ven los ${shown} primeros`,
    noList: 'No se puede cargar la lista. Inténtalo de nuevo.',
  },
  printed: {
    ...midi,
    'What people left on the web': 'Lo que la gente dejó en la red',
    'Nothing is on the shelf yet: whoever runs this station has not published a collection. The archive has what was composed here.':
      'Todavía no hay nada en la estantería: quien lleva esta estación no ha publicado ninguna colección. En el archivo está lo que se compuso aquí.',
    '{} MIDI files from {} places, as people left them there.':
      '{} archivos MIDI de {} sitios, tal como la gente los dejó allí.',
    '{} MIDI files from 1 place, as people left them there.':
      '{} archivos MIDI de un solo sitio, tal como la gente los dejó allí.',
    '1 MIDI file from 1 place, as people left them there.':
      'Un archivo MIDI de un solo sitio, tal como alguien lo dejó allí.',
    'To the archive': 'Al archivo',
    'Search all of them': 'Buscar en todo',
    Filter: 'Filtrar',
    'Filter this page': 'Filtrar esta página',
    Player: 'Reproductor',
    'Press a name to hear it.': 'Pulsa un nombre para escucharlo.',
    'Any one': 'Al azar',
    'Position in the piece': 'Posición en la pieza',
    Download: 'Descargar',
    'Share a link': 'Compartir un enlace',
    'Let the model go on from this': 'Dejar que el modelo siga a partir de esto',
    '1 file': '1 archivo',
    '{} files': '{} archivos',
    '1 file.': '1 archivo.',
    '{} files.': '{} archivos.',
    '1 file, collected {}.': '1 archivo, recogido el {}.',
    '{} files, collected {}.': '{} archivos, recogidos el {}.',
    '{} files, collected {} to {}.': '{} archivos, recogidos del {} al {}.',
    'The site itself': 'El sitio original',
    'Where they are from was not written down.': 'Nadie anotó de dónde son.',
    '{=}, page {} of {}': '{}, página {} de {}',
    Pages: 'Páginas',
    '1 instrument': '1 instrumento',
    '{} instruments': '{} instrumentos',
    drums: 'percusión',
    words: 'letra',
    original: 'original',
    'MIDI file of {=}': 'Archivo MIDI: {}',
    'original of {=}': 'Original: {}',
    'What the site says of rights': 'Lo que el sitio dice de los derechos',
    'Nothing that was found.': 'Nada que se haya encontrado.',
    'If something should not be here': 'Si algo no debería estar aquí',
    'Write to': 'Escribe a',
    'with the link of the file: it is taken away.': 'con el enlace del archivo: se retirará.',
    'Sounds: FluidR3Mono by Frank Wen and Michael Cowgill,':
      'Sonidos: FluidR3Mono de Frank Wen y Michael Cowgill,',
    ', played by': ', tocados por',
  },
};

/** What the shelf says, and what stands printed there, in French. */
import { midi } from '../midi/fr.ts';
import type { Room } from '../room.ts';
import type { ShelfWords } from './english.ts';

export const room: Room<ShelfWords> = {
  said: {
    loading: (percent) => `Les sons se chargent : ${percent}`,
    noSounds: 'Les sons n’ont pas pu être chargés. Réessayez.',
    notLoaded: 'Le morceau n’a pas pu être chargé. Réessayez.',
    unreadable: (why) => `Le morceau ne peut être lu : ${why}.`,
    noChoice: 'Il n’y a rien à choisir.',
    copied: 'Le lien est copié.',
    found: (count, written) =>
      count === 0 ? 'rien trouvé' : `${written} ${count < 2 ? 'trouvé' : 'trouvés'}`,
    foundMore: (written, shown) => `${written} trouvés, dont les ${shown} premiers`,
    noList: 'La liste n’a pas pu être chargée. Réessayez.',
  },
  printed: {
    ...midi,
    'What people left on the web': 'Ce que des gens ont laissé sur le web',
    'Nothing is on the shelf yet: whoever runs this station has not published a collection. The archive has what was composed here.':
      'Rien n’est encore sur l’étagère : qui tient cette station n’a pas publié de collection. Les archives ont ce qui a été composé ici.',
    '{} MIDI files from {} places, as people left them there.':
      '{} fichiers MIDI de {} endroits, tels que des gens les y ont laissés.',
    '{} MIDI files from 1 place, as people left them there.':
      '{} fichiers MIDI d’un seul endroit, tels que des gens les y ont laissés.',
    '1 MIDI file from 1 place, as people left them there.':
      'Un fichier MIDI d’un seul endroit, tel que quelqu’un l’y a laissé.',
    'To the archive': 'Vers les archives',
    'Search all of them': 'Chercher partout',
    Filter: 'Filtrer',
    'Filter this page': 'Filtrer cette page',
    Player: 'Lecteur',
    'Press a name to hear it.': 'Appuyez sur un nom pour l’entendre.',
    'Any one': 'Au hasard',
    'Position in the piece': 'Position dans le morceau',
    Download: 'Télécharger',
    'Share a link': 'Partager un lien',
    'Let the model go on from this': 'Laisser le modèle continuer',
    '1 file': '1 fichier',
    '{} files': '{} fichiers',
    '1 file.': '1 fichier.',
    '{} files.': '{} fichiers.',
    '1 file, collected {}.': '1 fichier, recueilli le {}.',
    '{} files, collected {}.': '{} fichiers, recueillis le {}.',
    '{} files, collected {} to {}.': '{} fichiers, recueillis du {} au {}.',
    'The site itself': 'Le site lui-même',
    'Where they are from was not written down.': 'Personne n’a noté d’où ils viennent.',
    '{=}, page {} of {}': '{}, page {} sur {}',
    Pages: 'Pages',
    '1 instrument': '1 instrument',
    '{} instruments': '{} instruments',
    drums: 'percussions',
    words: 'paroles',
    original: 'original',
    'MIDI file of {=}': 'Fichier MIDI : {}',
    'original of {=}': 'Original : {}',
    'What the site says of rights': 'Ce que le site dit des droits',
    'Nothing that was found.': 'Rien qu’on ait trouvé.',
    'If something should not be here': 'Si quelque chose ne devrait pas être ici',
    'Write to': 'Écrivez à',
    'with the link of the file: it is taken away.': 'avec le lien du fichier : il sera retiré.',
    'Sounds: FluidR3Mono by Frank Wen and Michael Cowgill,':
      'Sons : FluidR3Mono de Frank Wen et Michael Cowgill,',
    ', played by': ', joués par',
  },
};

/** What /play/ says, and what stands printed there, in French. */
import { midi } from '../midi/fr.ts';
import type { Room } from '../room.ts';
import type { PlayWords } from './english.ts';

export const room: Room<PlayWords> = {
  said: {
    nothing: 'Rien n’est encore joué.',
    goOn: 'Continuez.',
    enough: 'Quand vous aurez assez joué, demandez la suite.',
    yours: 'Ce que vous avez joué',
    midiKeyboard: 'un clavier MIDI',
    noKeyboard: 'Aucun clavier MIDI n’est là ; branchez-en un.',
    listening: (names) => `À l’écoute de : ${names}.`,
    noMidi: 'Ce navigateur ne laisse pas la page écouter les claviers MIDI.',
    you: 'Vous',

    sent: (name) => `Envoi de ${name}.`,
    tooLong: (name, bytes, most) => `${name} a ${bytes} octets, et on en prend au plus ${most}`,
    notTaken: (name, status) => `${name} n’a pas été accepté (${status}) ; réessayez`,
    cannot: (why) => `Impossible de continuer à partir de cela : ${why}.`,
    unanswered: 'La station ne répond pas. Votre musique est toujours là : réessayez.',
    piece: 'morceau',
    fetched: 'Le morceau arrive de l’étagère.',
    notOnShelf: 'Le morceau n’est plus sur l’étagère.',

    looking: 'On le cherche.',
    next: 'C’est votre tour.',
    before: (count) => `Avant vous : ${count}.`,
    composing: (percent) => `La suite se compose : ${percent}.`,
    askedAgain: 'La station ne répond pas ; on lui redemande.',
    silent: 'La station ne répond plus. Réessayez plus tard.',
    gone: 'Il n’y a plus rien ici : cela a été oublié.',
    failed: 'La composition a échoué. Réessayez.',
    notLoaded: 'La musique n’a pas pu être chargée. Réessayez.',
    done: (movement, from, notes) => `C’est fait : ${movement} à partir de ${from}, ${notes}.`,

    notKept: 'Impossible de le garder. Réessayez.',
    shared: 'Qui a le lien peut l’entendre.',
    copied: 'Le lien est copié. Qui a le lien peut l’entendre.',
    forgotten: 'C’est oublié.',
    notForgotten: 'La station ne répond pas : ce n’est pas encore oublié.',
  },
  printed: {
    ...midi,
    'Play me something, I’ll go on: Pianola': 'Jouez-moi quelque chose, je continue : Pianola',
    'A few bars on the keys below, or a MIDI file dropped anywhere here.':
      'Quelques mesures sur les touches ci-dessous, ou un fichier MIDI déposé n’importe où sur la page.',
    'What becomes of it': 'Ce que cela devient',
    'Nothing is played yet.': 'Rien n’est encore joué.',
    'Composed so far': 'Composé jusqu’ici',
    'Position in the music': 'Position dans la musique',
    'Download MIDI': 'Télécharger le MIDI',
    'Sheet (MusicXML)': 'Partition (MusicXML)',
    'Share a link': 'Partager un lien',
    'Forget it': 'L’oublier',
    Link: 'Lien',
    'Go on from this': 'Continuer à partir de là',
    'Start anew': 'Recommencer',
    'Choose a MIDI file': 'Choisir un fichier MIDI',
    'How much': 'Durée',
    'half a minute': 'une demi-minute',
    'a minute': 'une minute',
    'two minutes': 'deux minutes',
    'Listen to my MIDI keyboard': 'Écouter mon clavier MIDI',
    'The keys': 'Les touches',
    '88 piano keys': '88 touches de piano',
    'Mouse and fingers play; lower down on a key is louder. So do the computer’s keys: Z to M is an octave, Q to P the next one up, and the keys above them are the black ones. With the focus on the piano, up and down change the octave.':
      'On joue à la souris ou du doigt ; plus bas sur la touche, plus fort. Les touches de l’ordinateur jouent aussi : la rangée de lettres du bas est une octave, celle du haut l’octave suivante, et les touches au-dessus d’elles sont les noires. Quand le piano a le focus, les flèches haut et bas changent d’octave.',
    'What you give goes to this station alone, is shown to nobody, and is forgotten half an hour after it is done, unless you ask for a link: then it is kept until you have it forgotten.':
      'Ce que vous donnez va à cette station seule, n’est montré à personne, et est oublié une demi-heure après, à moins que vous ne demandiez un lien : c’est alors gardé jusqu’à ce que vous le fassiez oublier.',
    'What you give goes to this station alone, is shown to nobody, and can be seen by nobody half an hour after it is done, and is deleted within two days, unless you ask for a link: then it is kept until you have it forgotten.':
      'Ce que vous donnez va à cette station seule, n’est montré à personne, n’est plus visible pour personne une demi-heure après, et est effacé dans les deux jours, à moins que vous ne demandiez un lien : c’est alors gardé jusqu’à ce que vous le fassiez oublier.',
    'What plays today': 'Ce qui se joue aujourd’hui',

    '{=} is no music that can be read: {}': '{} n’est pas une musique que l’on puisse lire : {}',
    '{=} has bars of over eight quarters: give it in shorter ones':
      '{} a des mesures de plus de huit noires : donnez-en de plus courtes',
    '{=} holds a key more than {} times at once, which cannot be written: give other music':
      '{} tient une touche plus de {} fois à la fois, ce qui ne peut s’écrire : donnez une autre musique',
    '{=} holds every key: nothing can be added': '{} tient toutes les touches : on ne peut rien ajouter',
    '{=} leaves no room to go on: {}; give less':
      '{} ne laisse pas de place pour continuer : {} ; donnez moins',
    '{} others are waiting already: come again in a few minutes':
      '{} autres attendent déjà : revenez dans quelques minutes',
    'that was a lot of music: the next can be given in {} seconds':
      'cela fait beaucoup de musique : vous pourrez en donner d’autre dans {} secondes',
  },
};

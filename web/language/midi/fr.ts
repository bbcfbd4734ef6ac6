/** Why a MIDI file cannot be read, and what was repaired in it, in French: the sentences of src/music/midi/. */
import type { Printed } from '../printed/sentences.ts';

export const midi: Printed = {
  'the file has {} bytes; the most we take is {}': 'le fichier a {} octets ; on en prend au plus {}',
  'the file is empty': 'le fichier est vide',
  'not a MIDI file: it does not begin with "MThd"': 'pas un fichier MIDI : il ne commence pas par « MThd »',
  'the file ends inside its header': 'le fichier s’arrête au milieu de son en-tête',
  "the header's length is {}, not 6": 'l’en-tête est long de {} octets, et non de 6',
  'format {} does not exist; 0 and 1 are read': 'le format {} n’existe pas ; 0 et 1 sont lus',
  'format 2 (several songs in one file) is not supported: save it as format 0 or 1':
    'le format 2 (plusieurs morceaux dans un fichier) n’est pas lu : enregistrez-le au format 0 ou 1',
  'SMPTE time division is not supported: save it with ticks per quarter note':
    'le temps SMPTE n’est pas lu : enregistrez-le en tics par noire',
  '0 ticks per quarter note (PPQ 0): the file has no time':
    '0 tic par noire (PPQ 0) : le fichier n’a pas de temps',
  'the file has no tracks': 'le fichier n’a pas de pistes',
  'a track declares {} bytes; a whole file has {} at most':
    'une piste annonce {} octets ; un fichier entier en a au plus {}',
  'running status before any status': 'un « running status » avant tout statut',
  'a variable-length quantity is longer than 4 bytes': 'une longueur est écrite sur plus de 4 octets',
  'status {} has no place in a file': 'le statut {} n’a pas sa place dans un fichier',
  'a tempo has {} bytes, not 3': 'un tempo a {} octets, et non 3',
  'more than {} events': 'plus de {} événements',
  'more than {} tempo changes': 'plus de {} changements de tempo',
  'the file has no notes': 'le fichier n’a pas de notes',
  'the file has no notes but percussion ({})': 'le fichier n’a pas de notes, hormis des percussions ({})',
  'it lasts {} s; the longest we take is {} s': 'il dure {} s ; on prend au plus {} s',
  'percussion (channel 10) was left out ({} notes)':
    'les percussions (canal 10) ont été laissées de côté ({} notes)',
  'an RMID or MacBinary wrapper was taken off ({})': 'une enveloppe RMID ou MacBinary a été retirée ({})',
  'several tracks were read though the format is 0, or one track though it is 2 ({})':
    'plusieurs pistes ont été lues bien que le format soit 0, ou une seule bien qu’il soit 2 ({})',
  'the tracks that are there were read, whatever number the header declares ({})':
    'les pistes présentes ont été lues, quel que soit le nombre annoncé ({})',
  'chunks that are no tracks were skipped ({})': 'des blocs qui ne sont pas des pistes ont été sautés ({})',
  'bytes between tracks that belong to neither were skipped ({})':
    'des octets entre les pistes, qui n’appartiennent à aucune, ont été sautés ({})',
  'bytes after the last track were ignored ({})': 'des octets après la dernière piste ont été ignorés ({})',
  'tracks that end before they say were read up to the cut ({})':
    'des pistes plus courtes qu’annoncé ont été lues jusqu’à la coupure ({})',
  'tracks without an end-of-track event were ended ({})':
    'des pistes sans fin de piste ont été terminées ({})',
  'what a track has after its end was ignored ({})': 'ce qui suit la fin d’une piste a été ignoré ({})',
  'time and key signatures of a wrong length or value were left out ({})':
    'des mesures et des armures de longueur ou de valeur fausse ont été laissées de côté ({})',
  'data bytes over 127 were taken for 127 ({})':
    'des octets de données au-delà de 127 ont été pris pour 127 ({})',
  'tempi were brought into {} to {} bpm ({})':
    'les tempos ont été ramenés entre {} et {} noires à la minute ({})',
  'real-time bytes, which have no place in a file, were skipped ({})':
    'des octets de temps réel, qui n’ont pas leur place dans un fichier, ont été sautés ({})',
  'releases that end nothing were dropped ({})':
    'des touches relâchées sans avoir été frappées ont été ignorées ({})',
  'notes without a release were ended at the next strike of their key, or with their track ({})':
    'des notes jamais relâchées finissent quand leur touche est frappée de nouveau, ou avec leur piste ({})',
  'strikes of a key that was held: the first release was given to the first strike ({})':
    'une touche frappée alors qu’elle est tenue : le premier relâchement va à la première frappe ({})',
};

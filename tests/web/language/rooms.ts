/** The languages as pages of each room have them: what all pages say, and what is said there alone. */
import { de } from '../../../web/language/de.ts';
import { es } from '../../../web/language/es.ts';
import { fr } from '../../../web/language/fr.ts';
import { ja } from '../../../web/language/ja.ts';
import { room as playDe } from '../../../web/language/play/de.ts';
import { type PlayWords, english as play } from '../../../web/language/play/english.ts';
import { room as playEs } from '../../../web/language/play/es.ts';
import { room as playFr } from '../../../web/language/play/fr.ts';
import { room as playJa } from '../../../web/language/play/ja.ts';
import type { Tongue } from '../../../web/language/reader.ts';
import type { Room } from '../../../web/language/room.ts';
import { room as shelfDe } from '../../../web/language/shelf/de.ts';
import { type ShelfWords, english as shelf } from '../../../web/language/shelf/english.ts';
import { room as shelfEs } from '../../../web/language/shelf/es.ts';
import { room as shelfFr } from '../../../web/language/shelf/fr.ts';
import { room as shelfJa } from '../../../web/language/shelf/ja.ts';

export const TONGUES: readonly Tongue[] = [de, fr, es, ja];
export const PLAY: readonly Room<PlayWords>[] = [playDe, playFr, playEs, playJa];
export const SHELF: readonly Room<ShelfWords>[] = [shelfDe, shelfFr, shelfEs, shelfJa];
export const ENGLISH = { play, shelf } as const;

/** Each language with what is printed in a room beside. */
export const within = (rooms: readonly Room<unknown>[]): readonly Tongue[] =>
  TONGUES.map((tongue, i) => ({ ...tongue, printed: { ...tongue.printed, ...rooms[i]!.printed } }));

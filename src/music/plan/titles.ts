/** What movements and performances are called. */
import type { Key } from '../key.ts';

const TONICS = ['C', 'D flat', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'A flat', 'A', 'B flat', 'B'];

export const keyName = ({ tonic, major }: Key): string => `${TONICS[tonic]} ${major ? 'major' : 'minor'}`;
/** @param name of the character, such as Mazurka */
export const movementTitle = (name: string, home: Key): string => `${name} in ${keyName(home)}`;
/** A performance of one movement has that one's title. */
export const performanceTitle = (
  movements: readonly { readonly name: string; readonly home: Key }[],
): string =>
  movements.length === 1
    ? movementTitle(movements[0]!.name, movements[0]!.home)
    : `Suite in ${keyName(movements[0]!.home)}`;

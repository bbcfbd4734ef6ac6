/** All that may befall an evening, a table of names and functions; a seed chooses among them, and when. */
import type { Fault } from './fault.ts';
import { LISTENER_FAULTS } from './listeners.ts';
import { STATION_FAULTS } from './station.ts';

export type { Fault } from './fault.ts';
export const FAULTS: readonly Fault[] = [...STATION_FAULTS, ...LISTENER_FAULTS];

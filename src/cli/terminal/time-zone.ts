/** The time zone of whoever calls a command. */
import { machineTimeZone } from '../../schedule/index.ts';

/** @throws NoTimeZoneError where TZ names no zone, and exit 2 */
export const localTimeZone = (): string => machineTimeZone(process.env.TZ);

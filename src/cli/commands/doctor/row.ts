/** A row of what doctor says. */
import type { Finding } from './local-checks.ts';

export type Row = Omit<Finding, 'check'>;
export const ok = (detail: string): Row => ({ state: 'ok', detail });
export const warning = (detail: string, remedy: string): Row => ({ state: 'warning', detail, remedy });
export const failed = (detail: string, remedy: string): Row => ({ state: 'failed', detail, remedy });

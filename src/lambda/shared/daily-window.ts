import { virtualWindow, type Window } from '../../schedule/index.ts';
import { variable } from './variables.ts';

/** The daily window from the stack's parameters, in force until an operator stores one. */
export const dailyWindow = (): Window => virtualWindow(variable('DAILY_TIME'), timeZone());
export const timeZone = (): string => variable('TIME_ZONE');

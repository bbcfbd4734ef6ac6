/**
 * `npm run soak:load -- --minutes 30 --listeners 2000 --json`: a crowd that comes and goes at random, a fifth of it
 * stalled, and downloads that are broken off, against a station in a process of its own. Needs all of 127.0.0.0/8
 * (Linux). Exit 1 where the station died, or kept what it should have let go.
 */
import { parseArgs } from 'node:util';
import { soakEvening } from './soak/evening.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    listeners: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
/** Connections that are being taken or let go in the last look. */
const SPARE_DESCRIPTORS = 5;

const figures = await soakEvening(Number(values.minutes) * 60, Number(values.listeners), Number(values.seed));
const { alive, faults, descriptors } = figures;
const held = descriptors.after - descriptors.before > SPARE_DESCRIPTORS;
console.log(values.json ? JSON.stringify(figures) : figures);
process.exitCode = alive && faults.length === 0 && !held ? 0 : 1;

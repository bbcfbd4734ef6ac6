import { constants, existsSync } from 'node:fs';
import { access, mkdir, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { type MidiMusic, readMidiFile } from '../../music/midi/file.ts';
import { type Refusal, refusedBySize } from '../../music/midi/limits.ts';
import type { PerformanceRecord, Performances } from '../../ports.ts';
import { CliError, say } from './output.ts';

export const PACKAGED_MODEL = fileURLToPath(new URL('../../../model', import.meta.url));
export const DEFAULT_DATA = process.env.PIANOLA_DATA || '.pianola';
const LONGEST_MINUTES = 60;

/** Parsers of option values: what is wrong, and what instead; commander names the option and exits with 2. */
export function minutesOption(text: string): number {
  const minutes = Number(text);
  if (text.trim() === '' || !(minutes >= 0.5 && minutes <= LONGEST_MINUTES)) {
    throw new InvalidArgumentError(`Give minutes from 0.5 to ${LONGEST_MINUTES}.`);
  }
  return minutes;
}

export function seedOption(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed) || seed >= 2 ** 32) {
    throw new InvalidArgumentError('Give a whole number from 0 to 4294967295.');
  }
  return seed;
}

const wholeOption =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return value;
  };
export const candidatesOption = wholeOption(1, 32);
export const tokensOption = wholeOption(1, 10_000_000);
/** Of a hundred pieces: what is learnt from must be more than what is held back twice. */
export const heldOutOption = wholeOption(1, 40);
/** Of lines or instants in a list. */
export const countOption = wholeOption(1, 100_000);

export function secondsOption(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds > 0 && seconds <= 86_400)) {
    throw new InvalidArgumentError('Give seconds, up to 86400.');
  }
  return seconds;
}

const E_MAIL = /^[\x21-\x3f\x41-\x7e]+@[\w-]+(\.[\w-]+)+$/;
/** Where somebody can be written to: e-mail, or a page. Plain characters, since it goes into headers and links. */
export function addressOption(text: string): string {
  const isWeb = /^https?:\/\/[\x21-\x7e]+$/i.test(text) && URL.canParse(text);
  if (text.length > 200 || !(isWeb || E_MAIL.test(text)))
    throw new InvalidArgumentError('Give an e-mail address, or a web address that begins with https://.');
  return text;
}

/** Of requests to somebody else's site, a second. */
export function rateOption(text: string): number {
  const rate = Number(text);
  if (text.trim() === '' || !(rate >= 0.01 && rate <= 20)) {
    throw new InvalidArgumentError('Give requests a second, from 0.01 to 20.');
  }
  return rate;
}

export function portOption(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535)
    throw new InvalidArgumentError('Give a port from 0 (any) to 65535.');
  return port;
}

export function speedOption(text: string): number {
  const speed = Number(text);
  if (text.trim() === '' || !(speed >= 0.1 && speed <= 10_000)) {
    throw new InvalidArgumentError('Give a factor from 0.1 to 10000.');
  }
  return speed;
}

export function positionOption(text: string): number {
  const match = /^(\d{1,3}):([0-5]\d)$/.exec(text);
  if (!match) throw new InvalidArgumentError('Give minutes and seconds as M:SS, like 1:30.');
  return (Number(match[1]) * 60 + Number(match[2])) * 1000;
}

export function dateOption(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError('Give a date as YYYY-MM-DD, like 2026-11-21.');
  return text;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

/** Creates the data directory, or says that it cannot be written, before any long work begins. */
export async function openData(directory: string): Promise<string> {
  const path = resolve(directory);
  const found = existsSync(path);
  try {
    await mkdir(resolve(path, 'performances'), { recursive: true });
    await access(resolve(path, 'performances'), constants.W_OK);
    // Whoever stands in another place than they think is told of it.
    if (!found) say(`Made the data directory ${path}.`);
    return path;
  } catch (cause) {
    throw new CliError(
      'denied',
      'not_writable',
      `the data directory ${path} cannot be written: take another with --data`,
      {
        cause,
      },
    );
  }
}

/** A performance of the archive by its date, or any MIDI file by its path. */
export async function loadMusic(
  dateOrFile: string,
  dataDir: string,
  performances: Performances,
): Promise<{
  name: string;
  file: MidiMusic;
  bytes: Uint8Array;
  record: PerformanceRecord | null;
}> {
  if (DATE.test(dateOrFile)) {
    if (!isDate(dateOrFile))
      throw new CliError('usage', 'bad_date', `${dateOrFile} is not a date of the calendar`);
    const stored = await performances.get(dateOrFile);
    if (!stored) {
      const newest = (await performances.list())[0];
      const instead = newest
        ? `the newest is ${newest}`
        : `compose it with: pianola compose --date ${dateOrFile}`;
      throw new CliError(
        'notFound',
        'no_performance',
        `there is no performance of ${dateOrFile} in ${dataDir}; ${instead}`,
      );
    }
    const { midi: bytes, record } = stored;
    return { name: dateOrFile, file: usable(dateOrFile, bytes), bytes, record };
  }
  const bytes = await readInput(dateOrFile);
  return { name: dateOrFile, file: usable(dateOrFile, bytes), bytes, record: null };
}

async function readInput(path: string): Promise<Uint8Array> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    throw missing
      ? new CliError('notFound', 'no_file', `there is no file ${path}`, { cause })
      : new CliError('denied', 'not_readable', `${path} cannot be read: ${cause.message}`, { cause });
  });
  if (!info.isFile()) throw new CliError('usage', 'not_a_file', `${path} is not a file`);
  const tooLarge = refusedBySize(info.size);
  if (tooLarge) throw refused(path, tooLarge);
  return readFile(path);
}

/** @throws CliError with exit code 2 and the reader's reason where the bytes are refused */
export function usable(name: string, bytes: Uint8Array): MidiMusic {
  const file = readMidiFile(bytes);
  if ('problem' in file) throw refused(name, file);
  return file;
}

const refused = (name: string, { at, problem, reason }: Refusal): CliError =>
  new CliError('usage', 'bad_midi', `${name}, byte ${at}: ${problem} (${reason})`, { reason });

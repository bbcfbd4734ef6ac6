import { causesOf } from '../../errors.ts';
import { escaped, shown } from './clean.ts';

/**
 * Exit codes of every command (sysexits has more; scripts want few).
 * 0 done; 1 a fault, a bad model among them; 2 usage or an unusable input file; 3 not found;
 * 4 not allowed or not writable; 5 conflict, a port in use among them.
 */
export const EXIT = { ok: 0, fault: 1, usage: 2, notFound: 3, denied: 4, conflict: 5 } as const;
export type ExitName = Exclude<keyof typeof EXIT, 'ok'>;

/** An outcome that ends a command: what was wrong, where, and what to do. */
export class CliError extends Error {
  readonly exit: ExitName;
  readonly code: string;
  /** Of a refused MIDI file: one of the codes in docs/midi.md. */
  readonly reason: string | undefined;
  constructor(
    exit: ExitName,
    code: string,
    message: string,
    options: ErrorOptions & { readonly reason?: string } = {},
  ) {
    super(message, options);
    this.exit = exit;
    this.code = code;
    this.reason = options.reason;
  }
}

/** Data goes to stdout, one JSON value a line. */
export const printJson = (value: unknown): void => printJsonText(JSON.stringify(value));
/** JSON that is text already, on one line. */
export const printJsonText = (json: string): void => {
  process.stdout.write(`${escaped(json)}\n`);
};
export const printLine = (text: string): void => {
  process.stdout.write(`${shown(text)}\n`);
};
/** Messages for people go to stderr, so that a pipe carries data alone. */
export const say = (text: string): void => {
  process.stderr.write(`${shown(text)}\n`);
};

/** Turns what a command threw into one clear message, and an exit code. */
export function report(error: unknown, json: boolean): number {
  const known = error instanceof CliError ? error : translate(error);
  const message = oneLine(known.message);
  const { code, reason } = known;
  if (json) process.stderr.write(`${escaped(JSON.stringify({ error: { code, reason, message } }))}\n`);
  else say(`pianola: ${message}`);
  if (known.code === 'fault' && process.env.PIANOLA_DEBUG) console.error(error);
  return EXIT[known.exit];
}

/** What the system refused, as an outcome of ours: every message names the file or the port, and what to do. */
function translate(error: unknown): CliError {
  const { code, path, dest, port, message } = error as NodeJS.ErrnoException & {
    dest?: string;
    port?: number;
  };
  const where = dest ?? path;
  switch (code) {
    case 'EADDRINUSE':
      return new CliError(
        'conflict',
        'port_in_use',
        `port ${port} is in use: stop what uses it, or take another with --port`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      if (port !== undefined)
        return new CliError(
          'denied',
          'port_refused',
          `port ${port} may not be used: take another with --port`,
        );
      return new CliError(
        'denied',
        'not_writable',
        `${where ?? 'a file'} cannot be written or read: check its permissions, or take another directory with --data`,
      );
    case 'EISDIR':
    case 'EEXIST':
    case 'ENOTDIR': {
      const what =
        code === 'EISDIR' ? 'is a directory, where a file belongs' : 'lies below what is no directory';
      return new CliError('denied', 'not_writable', `${where ?? 'a file'} ${what}: move it away`);
    }
    case 'ENAMETOOLONG':
      return new CliError(
        'denied',
        'not_writable',
        `${where ?? 'a file'} has too long a name: give a shorter one`,
      );
    case 'EIO':
      return new CliError(
        'denied',
        'disk_fault',
        `the disk does not take or give ${where ?? 'a file'}: look at the limits of this user (ulimit -f) and the system's log; it was not written`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new CliError(
        'denied',
        'disk_full',
        `no space left on the disk for ${where ?? 'a file'}: make room; it was not written`,
      );
    case 'bad_model':
      return new CliError('fault', 'bad_model', message);
    case 'ERR_DLOPEN_FAILED':
    case 'MODULE_NOT_FOUND':
    case 'ERR_MODULE_NOT_FOUND':
      return new CliError('fault', 'no_package', lineOf(error));
    case 'no_time_zone':
      return new CliError('usage', 'no_time_zone', message);
    default:
      return new CliError('fault', 'fault', lineOf(error));
  }
}

/** What was thrown, in one line. */
export function lineOf(error: unknown): string {
  // A thread that has ended tells of its own end first, and of what it died of as the cause.
  for (let at = error; at instanceof Error; at = at.cause)
    if (PACKAGE_CODES.has(codeOf(at))) return oneLine(packageProblem(at));
  return oneLine(causesOf(error));
}

/** Files that are quoted in a message may hold anything; a message is one line, and moves no cursor. */
const oneLine = (text: string): string =>
  text.replace(/\s*[\n\r\u2028\u2029]\s*/g, ' ').replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd');

const codeOf = (error: Error): string => String((error as NodeJS.ErrnoException).code ?? '');
/** What Node says where a package, or the native library in it, is missing or not for this machine. */
const PACKAGE_CODES: ReadonlySet<string> = new Set([
  'ERR_DLOPEN_FAILED',
  'MODULE_NOT_FOUND',
  'ERR_MODULE_NOT_FOUND',
]);

/** Of Node's many lines the first says what is missing. */
const packageProblem = ({ message }: Error): string =>
  `${message.split('\n')[0]}: a package is missing, or is not for this machine; run npm ci again, on a system with glibc 2.28 or newer (not musl) and on x64 or arm64`;

import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { directoryBlobs } from '../../../adapters/disk/directory-blobs.ts';
import { askStation, readControlFile } from '../../../adapters/net/control.ts';
import { listenOn } from '../../../adapters/net/listen-on.ts';
import { clockOffset } from '../../../adapters/net/sntp.ts';
import { site as publicFiles } from '../../../adapters/stores/site.ts';
import { systemClock } from '../../../adapters/system-clock.ts';
import { readIndex } from '../../../publish/index-file.ts';
import { bothClocks, findConflict, upcoming } from '../../../schedule/index.ts';
import { modelDirectory } from '../../place/model-directory.ts';
import { openBackend } from '../../place/place.ts';
import { lineOf } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/time-zone.ts';

/** One row of the doctor's report. `remedy` says what to do where it is not ok. */
export type Finding = {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  readonly remedy?: string;
};

type DoctorOptions = {
  readonly data: string;
  readonly port: number;
  readonly model?: string;
  /** A time server, or `none`. */
  readonly ntp: string;
};

type Check = (options: DoctorOptions) => Promise<Omit<Finding, 'check'>>;
const ok = (detail: string) => ({ state: 'ok' as const, detail });
const warning = (detail: string, remedy: string) => ({ state: 'warning' as const, detail, remedy });
const failed = (detail: string, remedy: string) => ({ state: 'failed' as const, detail, remedy });

const OLDEST_NODE = [20, 20] as const;
/** The AWS SDK asks for this one from January 2027 on. */
const NODE_FOR_AWS = 22;
const LEAST_FREE_BYTES = 200 * 1024 * 1024;
/** Two pages that rely on clocks this far apart would be heard apart. */
const CLOCK_MS = 100;
/** A broadcast that began later than this says that the machine is overloaded. */
const LATE_MS = 1000;
/** No load does this: nobody was there to begin it. */
const DOWN_MS = 10_000;

const CHECKS: Readonly<Record<string, Check>> = {
  async node() {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
    if (old) return failed(process.version, `install Node ${OLDEST_NODE.join('.')} or newer`);
    if (major < NODE_FOR_AWS) {
      return warning(
        process.version,
        `fine for local use; for deploying to AWS install Node ${NODE_FOR_AWS} or newer`,
      );
    }
    return ok(process.version);
  },

  async 'time zone'() {
    try {
      return ok(`${localTimeZone()}, time zone data ${process.versions.tz ?? 'of unknown version'}`);
    } catch (error) {
      return failed(lineOf(error), 'set TZ to an IANA zone like Europe/Berlin');
    }
  },

  async 'data directory'({ data }) {
    const path = resolve(data);
    const existing = await nearestExisting(path);
    const writable = await access(existing, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!writable)
      return failed(`${existing} cannot be written`, 'change its permissions, or give another with --data');
    const { bavail, bsize } = await statfs(existing);
    const free = `${Math.round((bavail * bsize) / 1e6)} MB free`;
    if (bavail * bsize < LEAST_FREE_BYTES) return warning(`${path}, ${free}`, 'make room on this disk');
    return ok(`${path}, ${free}`);
  },

  async model(options) {
    const directory = await modelDirectory(options);
    try {
      const { openModel } = await import('../../../sampling/onnx.ts');
      const model = await openModel(directory);
      await model.release();
      return ok(`${model.sha256.slice(0, 16)} in ${directory}`);
    } catch (error) {
      const bad = (error as { code?: unknown }).code === 'bad_model';
      return failed(
        lineOf(error),
        bad
          ? 'restore it, or take the last promotion back with: pianola models rollback'
          : 'until then nothing is composed here; what is in the archive can be played',
      );
    }
  },

  async station({ data }) {
    try {
      await readControlFile(resolve(data));
    } catch (error) {
      return failed(lineOf(error), 'ask as the user whose data directory it is, or give another with --data');
    }
    const file = await readControlFile(resolve(data));
    const answer = await askStation(resolve(data), 'status').catch(() => undefined);
    if (answer === undefined)
      return failed('runs, but does not answer', `end process ${file?.pid} and start it again`);
    if (answer) return ok(`runs on ${file?.url}`);
    return file
      ? warning('does not run, and did not end properly', 'start it with: pianola start')
      : ok('does not run; pianola start runs it');
  },

  async port({ data, port }) {
    const ours = await readControlFile(resolve(data)).catch(() => null);
    const busy = await portIsBusy(port);
    if (!busy) return ok(`${port} is free`);
    const answer =
      (ours?.here ?? ours?.url)?.endsWith(`:${port}`) &&
      (await askStation(resolve(data), 'status').catch(() => null));
    return answer
      ? ok(`${port} is our own station's`)
      : warning(`${port} is in use`, 'stop what uses it, or give another with --port');
  },

  async windows({ data }) {
    try {
      const { windows, otherwise } = await openBackend({ data });
      const stored = (await windows.list()).map(({ window }) => window);
      const now = systemClock.now();
      for (const window of stored) {
        const conflict = findConflict(window, stored, now);
        if (!conflict) continue;
        const { earlier, later } = conflict;
        const when = bothClocks(later.timeZone, later.startsAt);
        return failed(
          `${earlier.window} and ${later.window} overlap at ${when}`,
          'edit or cancel one of them',
        );
      }
      const inForce = stored.length > 0 ? stored : otherwise ? [otherwise] : [];
      const next = upcoming(inForce, now).next().value;
      if (!next)
        return warning(`${stored.length} stored, none will play again`, 'add one with: pianola schedule add');
      const count = stored.length === 0 ? 'none stored, the daily default' : `${stored.length} stored`;
      return ok(`${count}; next ${bothClocks(next.timeZone, next.startsAt)}`);
    } catch (error) {
      return failed(lineOf(error), 'mend or remove that file');
    }
  },

  async archive({ data }) {
    const { performances } = await openBackend({ data });
    let newest: string | undefined;
    try {
      const days = await performances.list();
      newest = days[0];
      if (newest === undefined) return ok('empty; the first performance is composed at the first start');
      await performances.get(newest);
      return ok(`${days.length} performances, the newest ${newest}, as its record says`);
    } catch (error) {
      return failed(
        lineOf(error),
        newest === undefined
          ? 'mend that directory'
          : `restore it, or compose that day anew with: pianola compose --force --date ${newest}`,
      );
    }
  },

  async published({ data }) {
    const { records } = await openBackend({ data });
    const heard = (await records.list()).find(({ state, performance }) => state === 'ended' && performance);
    if (!heard?.performance) return ok('nothing was played to its end yet');
    const site = publicFiles(directoryBlobs(resolve(data, 'site')));
    const index = await readIndex(site).catch(() => null);
    return index?.performances.some(({ id }) => id === heard.performance)
      ? ok(`${heard.performance} has its page`)
      : warning(
          `${heard.performance} was played and is not public`,
          'make room on this disk, and see pianola logs; the station tries again by itself',
        );
  },

  async 'last broadcast'({ data }) {
    const { records } = await openBackend({ data });
    const last = (await records.list())[0];
    if (!last) return ok('none yet');
    const when = bothClocks(localTimeZone(), last.startsAt);
    if (last.performance === null) return warning(`${when}: silent`, 'see why with: pianola logs');
    const late = last.startLatenessMs ?? 0;
    if (late > DOWN_MS) {
      return warning(
        `${when}: began ${Math.round(late / 1000)} s late`,
        'the station was not running, or its machine slept, at its time: see pianola logs',
      );
    }
    if (late > LATE_MS)
      return warning(`${when}: began ${late} ms late`, 'this machine is busy: give it less to do');
    if (last.encore)
      return warning(`${when}: an encore of ${last.performance}`, 'see why with: pianola logs');
    return ok(`${when}: ${last.performance}, ${last.state}`);
  },

  async clock({ ntp }) {
    if (ntp === 'none') return ok('not compared with a time server (--ntp none)');
    const found = await clockOffset(ntp);
    if (!found) {
      return warning(
        `could not be compared: ${ntp} does not answer`,
        'give another server with --ntp, or --ntp none',
      );
    }
    const detail = `${found.offsetMs >= 0 ? '+' : ''}${found.offsetMs} ms to ${ntp}, there and back in ${found.roundTripMs} ms`;
    return Math.abs(found.offsetMs) > CLOCK_MS + found.roundTripMs / 2
      ? warning(detail, "switch this machine's automatic time on")
      : ok(detail);
  },
};

/** What a local station needs, in the order in which it needs it. */
export const localChecks = (
  options: DoctorOptions,
): readonly (readonly [string, () => ReturnType<Check>])[] =>
  Object.entries(CHECKS).map(([check, run]) => [check, () => run(options)] as const);

async function nearestExisting(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    if (
      at === dirname(at) ||
      (await access(at).then(
        () => true,
        () => false,
      ))
    )
      return at;
  }
}

async function portIsBusy(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listenOn(server, port, '127.0.0.1');
    await new Promise((closed) => server.close(closed));
    return false;
  } catch {
    return true;
  }
}

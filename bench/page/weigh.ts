import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Asset } from '../../src/adapters/net/http.ts';

/** Kilobytes of 1,000, megabytes of 1,000,000. */
export const BUDGET = { firstLoadKB: 80, pianoMB: 2, synthesiserKB: 140, soundsMB: 7 } as const;

/** What the live page asks for at once, in all of its states: nothing is loaded later but the piano and small JSON. */
export const FIRST_LOAD = [
  '/',
  '/theme.js',
  '/style.css',
  '/live.css',
  '/page.js',
  '/timer-worker.js',
  '/favicon.svg',
];

export type Weight = {
  /** Gzip, as the larger of what CloudFront may send. */
  readonly firstLoadKB: number;
  readonly firstLoadBrotliKB: number;
  readonly pianoMB: number;
  /** What /shelf/ loads when somebody presses play, gzipped; and all of its sounds, of which a piece asks for a few. */
  readonly synthesiserKB: number;
  readonly soundsMB: number;
  /** Bytes of each file of the first load, gzipped. */
  readonly files: Readonly<Record<string, number>>;
};

/** @throws Error where a file of the first load is missing, so that a renamed one is not forgotten */
export function weigh(assets: ReadonlyMap<string, Asset>): Weight {
  const type = [...assets.keys()].filter((path) => path.startsWith('/type/'));
  const first = [...FIRST_LOAD, ...type].map((path): [string, Uint8Array] => {
    const asset = assets.get(path);
    if (!asset) throw new Error(`the page has no ${path}`);
    return [path, asset.body];
  });
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const below = (folder: string) =>
    sum([...assets].filter(([path]) => path.startsWith(folder)).map(([, { body }]) => body.byteLength));
  const worklet = assets.get('/shelf-worklet.js')?.body ?? new Uint8Array(0);
  return {
    firstLoadKB: round(sum(first.map(([, body]) => gzipSync(body).byteLength)) / 1e3),
    firstLoadBrotliKB: round(sum(first.map(([, body]) => brotliCompressSync(body).byteLength)) / 1e3),
    pianoMB: round(below('/piano/') / 1e6),
    synthesiserKB: round(gzipSync(worklet).byteLength / 1e3),
    soundsMB: round(below('/sounds/') / 1e6),
    files: Object.fromEntries(first.map(([path, body]) => [path, gzipSync(body).byteLength])),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

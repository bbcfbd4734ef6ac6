import { brotliCompressSync, gzipSync } from 'node:zlib';
import { buildPage } from '../src/adapters/page.ts';

/** What a visitor's browser loads: `npm run bench -- page --json`. Kilobytes of 1,000, megabytes of 1,000,000. */
const TARGETS = { firstLoadKB: 60, pianoMB: 1.5 };
const round = (value: number): number => Math.round(value * 100) / 100;

/** The document, its style, scripts and icon come at once; the piano when they are there. */
export async function run(): Promise<object> {
  const assets = [...(await buildPage())];
  const first = assets.filter(([path]) => !path.startsWith('/piano/'));
  const bytes = (of: typeof assets, pack: (body: Uint8Array) => Uint8Array) =>
    of.reduce((sum, [, { body }]) => sum + pack(body).byteLength, 0);
  const piano = assets.filter(([path]) => path.startsWith('/piano/'));
  const figures = {
    // Gzip, as the larger of what CloudFront may send.
    firstLoadKB: round(bytes(first, gzipSync) / 1_000),
    pianoMB: round(bytes(piano, (body) => body) / 1e6),
  };
  return {
    bench: 'page',
    ...figures,
    firstLoadBrotliKB: round(bytes(first, brotliCompressSync) / 1_000),
    files: Object.fromEntries(first.map(([path, { body }]) => [path, gzipSync(body).byteLength])),
    targets: TARGETS,
    met: Object.entries(TARGETS).every(([name, most]) => figures[name as keyof typeof TARGETS] <= most),
  };
}

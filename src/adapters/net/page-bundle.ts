import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, transform } from 'esbuild';
import type { Asset } from './http.ts';

const WEB = fileURLToPath(new URL('../../../web/', import.meta.url));

/** Rooms of the site that say things which no other page says: `web/language/` has a folder for each. */
const ROOMS = ['play', 'shelf'] as const;
/** Scripts are bundled, each into one file. */
const SCRIPTS = [
  { path: '/page.js', entry: 'live-page.ts', format: 'esm' },
  { path: '/replay.js', entry: 'day-page.ts', format: 'esm' },
  { path: '/archive.js', entry: 'archive-page.ts', format: 'esm' },
  { path: '/play.js', entry: 'play-page.ts', format: 'esm' },
  { path: '/shelf.js', entry: 'shelf/shelf-page.ts', format: 'esm' },
  { path: '/shelf-worklet.js', entry: 'shelf/worklet.ts', format: 'iife' },
  { path: '/theme.js', entry: 'theme-first.ts', format: 'iife' },
  { path: '/site-clock.js', entry: 'listener/site-clock-chunk.ts', format: 'esm' },
  { path: '/fetcher.js', entry: 'listener/fetcher-chunk.ts', format: 'esm' },
  // For looking at states of the page, and for tests.
  { path: '/fixtures.js', entry: 'page/fixtures.ts', format: 'esm' },
  { path: '/timer-worker.js', entry: 'timer-worker.ts', format: 'iife' },
  // At the root: it serves what lies below itself.
  { path: '/service-worker.js', entry: 'offline/service-worker.ts', format: 'iife' },
] as const;
const FILES = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/embed/', file: 'embed.html', type: 'text/html; charset=utf-8' },
  { path: '/play/', file: 'play/index.html', type: 'text/html; charset=utf-8' },
  { path: '/play.css', file: 'style/play.css', type: 'text/css; charset=utf-8' },
  { path: '/shelf.css', file: 'style/shelf.css', type: 'text/css; charset=utf-8' },
  { path: '/sounds/LICENSE.md', file: 'sounds/LICENSE.md', type: 'text/plain; charset=utf-8' },
  { path: '/embed.css', file: 'style/embed.css', type: 'text/css; charset=utf-8' },
  // Pages of days that were published earlier ask for it by this name.
  { path: '/style.css', file: 'style/base.css', type: 'text/css; charset=utf-8' },
  { path: '/live.css', file: 'style/live.css', type: 'text/css; charset=utf-8' },
  { path: '/pages.css', file: 'style/pages.css', type: 'text/css; charset=utf-8' },
  { path: '/404.html', file: '404.html', type: 'text/html; charset=utf-8' },
  { path: '/manifest.webmanifest', file: 'manifest.webmanifest', type: 'application/manifest+json' },
  { path: '/favicon.svg', file: 'favicon.svg', type: 'image/svg+xml' },
] as const;

/**
 * Everything that the page consists of, by URL path: bundled in memory, so that a clone needs no build step.
 * @param options for the bundler, over our own; tests swap modules by them
 * @param root path that the site lies below, like `/piano`; '': it lies at the top
 */
export async function buildPage(options: BuildOptions = {}, root = ''): Promise<ReadonlyMap<string, Asset>> {
  const scripts = SCRIPTS.map(
    async ({ path, entry, format }): Promise<[string, Asset]> => [
      path,
      {
        body: await bundle(join(WEB, entry), format, { define: definesOf(root), ...options }),
        type: 'text/javascript; charset=utf-8',
      },
    ],
  );
  // Words of other languages than English, a script each for the rooms of the site that have words of their own, and one for
  // all other pages; the one in the page's head asks for its own.
  const codes = (await readdir(join(WEB, 'language')))
    .map((file) => /^([a-z]{2})\.ts$/.exec(file)?.[1])
    .filter((code) => code !== undefined);
  const languages = codes.flatMap((code) =>
    ['', ...ROOMS].map(
      async (room): Promise<[string, Asset]> => [
        `/words-${room && `${room}-`}${code}.js`,
        {
          body: await bundle(wordsOf(code, room), 'iife', { define: definesOf(root), ...options }),
          type: 'text/javascript; charset=utf-8',
        },
      ],
    ),
  );
  const files = FILES.map(
    async ({ path, file, type }): Promise<[string, Asset]> => [
      path,
      { body: await served(join(WEB, file)), type },
    ],
  );
  return new Map([
    ...(await Promise.all([...files, ...scripts, ...languages])),
    ...(await folder('piano', '.mp3', 'audio/mpeg')),
    ...(await folder('type', '.woff2', 'font/woff2')),
    ...(await folder('icons', '.png', 'image/png')),
    ...(await folder('sounds', '.sf3', 'audio/x-soundfont')),
  ]);
}

/** @param room '' for the pages that have no words of their own */
const wordsOf = (code: string, room: string) => ({
  contents: [
    `import { arrive } ${from('arrive')};`,
    `import { ${code} } ${from(code)};`,
    room ? `import { room } ${from(`${room}/${code}`)};` : 'const room = undefined;',
    `arrive(${code}, room);`,
  ].join('\n'),
  resolveDir: join(WEB, 'language'),
});
const from = (name: string): string => `from ${JSON.stringify(`./${name}.ts`)}`;

const definesOf = (root: string) => ({ 'globalThis.SITE_ROOT': JSON.stringify(root) });

/** The page of a station that does not go on from visitors' music: nothing leads there, and nothing is there. */
export function withoutPlay(assets: ReadonlyMap<string, Asset>): ReadonlyMap<string, Asset> {
  const left = [...assets].filter(([path]) => !/^\/(play(\/|\.)|words-play-)/.test(path));
  return new Map(
    left.map(([path, asset]) =>
      path === '/' ? [path, { ...asset, body: unlinked(asset.body) }] : [path, asset],
    ),
  );
}

/** What /play/ says of how long music is there, where it is kept in memory, and where it lies in a bucket that expires. */
const FORGOTTEN = 'is forgotten half an hour after it is done';
const EXPIRES = 'can be seen by nobody half an hour after it is done, and is deleted within two days';

/** The page of a stage that goes on from visitors' music. @throws where the page has other words by now */
export function playOnStage(assets: ReadonlyMap<string, Asset>): ReadonlyMap<string, Asset> {
  const page = assets.get('/play/')!;
  const text = new TextDecoder().decode(page.body);
  const said = text.replace(/\s+/g, ' ').includes(FORGOTTEN);
  if (!said) throw new Error(`/play/ does not say that music ${FORGOTTEN}`);
  const pattern = new RegExp(FORGOTTEN.replaceAll(' ', '\\s+'));
  return new Map([
    ...assets,
    ['/play/', { ...page, body: new TextEncoder().encode(text.replace(pattern, EXPIRES)) }],
  ]);
}

const unlinked = (body: Uint8Array): Uint8Array =>
  new TextEncoder().encode(
    new TextDecoder().decode(body).replace(/ *<!-- play -->.*?<!-- \/play -->\n/s, ''),
  );

/** A style sheet without what only its readers need; anything else as it is. */
async function served(file: string): Promise<Uint8Array> {
  const body = await readFile(file);
  if (!file.endsWith('.css')) return body;
  const { code } = await transform(body, { loader: 'css', minify: true });
  return new TextEncoder().encode(code);
}

/** @param entry a file, or what stands in one */
async function bundle(
  entry: string | { readonly contents: string; readonly resolveDir: string },
  format: 'esm' | 'iife',
  options: BuildOptions,
): Promise<Uint8Array> {
  const result = await build({
    ...(typeof entry === 'string' ? { entryPoints: [entry] } : { stdin: entry }),
    bundle: true,
    format,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
    ...options,
    write: false,
  });
  return result.outputFiles[0]!.contents;
}

/** Recordings, and the type: files whose names change with their content. */
async function folder(name: string, extension: string, type: string): Promise<[string, Asset][]> {
  const directory = join(WEB, name);
  const all = await readdir(directory, { recursive: true });
  const files = all.filter((file) => file.endsWith(extension)).map((file) => file.split(sep).join('/'));
  const read: [string, Asset][] = [];
  // One after the other: there are more of them than a small machine lets a process open at once.
  for (const file of files)
    read.push([`/${name}/${file}`, { body: await readFile(join(directory, file)), type }]);
  return read;
}

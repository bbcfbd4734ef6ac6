/** A site of the early web on loopback, with everything that a collector meets there. */
import { createServer, type ServerResponse } from 'node:http';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { type Music, toMusic } from '../../src/music/note.ts';
import { note, scale } from './music.ts';

const midi = (music: Music, title = 'x'): Uint8Array => writeMidiFile({ title, music, markers: [] });
/** Pieces by what they are called below. */
const MUSIC = {
  a: midi(scale(10_000)),
  b: midi(scale(11_000)),
  // The same notes with another title, and a pedal.
  copy: midi(toMusic(scale(10_000).notes, [{ ms: 0, value: 127 }]), 'another'),
  moved: midi(scale(12_000)),
  umlaut: midi(scale(13_000)),
  karaoke: midi(scale(14_000)),
  deep: midi(scale(15_000)),
  busy: midi(toMusic([note(0, 500)])),
} as const;

const INDEX = `<HTML><HEAD><TITLE>Anna&#39;s  MIDI page</TITLE></HEAD>
<BODY><A HREF=a.mid>A</A> <a href="b.mid#top">B</a> <a href='copy.mid'>again</a>
<a href="page.mid">page</a> <a href="gone.mid">gone</a> <a href="moved.mid">moved</a>
<a href="loop.mid">loop</a> <a href="far.mid">far</a> <a href="many/1.mid">many</a>
<a href="slow.mid">slow</a> <a href="huge.mid">huge</a> <a href="endless.mid">endless</a>
<a href="private/x.mid">private</a> <a href="sneaky.mid">sneaky</a> <a href="broken.mid">broken</a>
<a href="cut.mid">cut</a> <a href="busy.mid">busy</a> <a href="full.mid">full</a>
<bgsound src="%FCber.mid"> <embed src="m%C3%BCller.kar">
<!-- <a href="hidden.mid">not any more</a> -->
<a href="more.html">more</a> <a href="picture.gif">no music</a> <a href="archive.zip">nor this</a>
<a href="../elsewhere/c.mid">above</a> <a href="ftp://ftp.example/d.mid">ftp</a>
<a href="mailto:anna@example.org">write</a> <a href="javascript:open('e.mid')">open</a>
<a href="http://other.example/f.mid">a friend's</a> <a href="http://">nothing</a></BODY></HTML>`;
/** In the encoding that Windows had, which it names nowhere. */
const MORE = Buffer.from(
  `<title>More</title><p>\xa9 1997 Anna B\xf6ll. You may <b>download</b> these files, not sell them.
<p>Sequences are free to use at home.<p>Last changed in May. <a href="./">back</a> <a href="sub/deep.htm">deep</a>
<script>var copyright = 'no word of hers';</script>`,
  'latin1',
);
const ROBOTS = 'User-agent: *\r\nDisallow: /~anna/private/ # mine\r\nAllow: /\r\n';

export type EarlyWeb = {
  /** Of Anna's page. */
  readonly url: string;
  /** Paths in the order in which they were asked for, with the time by the clock that was given. */
  readonly asked: { readonly path: string; readonly at: number; readonly agent: string }[];
  end(): Promise<void>;
};

/** @param robots what robots.txt says; a status: it answers that */
export async function earlyWeb(now: () => number, robots: string | number = ROBOTS): Promise<EarlyWeb> {
  const asked: { path: string; at: number; agent: string }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ path, at: now(), agent: request.headers['user-agent'] ?? '' });
    if (path === '/robots.txt') {
      response.writeHead(typeof robots === 'number' ? robots : 200, { 'content-type': 'text/plain' });
      response.end(typeof robots === 'number' ? '' : robots);
    } else answer(path.replace('/~anna/', ''), response, asked.filter((each) => each.path === path).length);
  });
  const port = await listenOn(server, 0, '127.0.0.1');
  return {
    url: `http://127.0.0.1:${port}/~anna/`,
    asked,
    async end() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(path: string, response: ServerResponse, times: number): void {
  const music = (body: Uint8Array) => response.writeHead(200, { 'content-type': 'audio/midi' }).end(body);
  const page = (body: string | Uint8Array) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(body);
  const to = (location: string) => response.writeHead(302, { location }).end();
  const answers: Readonly<Record<string, () => unknown>> = {
    '': () => page(INDEX),
    'more.html': () => page(MORE),
    'sub/deep.htm': () => page('<a href="../more.html">up</a><a href="f.rmi">f</a>'),
    'sub/f.rmi': () => music(MUSIC.deep),
    'a.mid': () => music(MUSIC.a),
    'b.mid': () => music(MUSIC.b),
    'copy.mid': () => music(MUSIC.copy),
    'page.mid': () => page('<!DOCTYPE html><title>Not found</title>'),
    'moved.mid': () => to('new/moved.mid'),
    'new/moved.mid': () => music(MUSIC.moved),
    'loop.mid': () => to('loop2.mid'),
    'loop2.mid': () => to('/~anna/loop.mid'),
    'far.mid': () => to('http://other.example/far.mid'),
    'sneaky.mid': () => to('private/x.mid'),
    'slow.mid': () => response.writeHead(200).write('MThd'),
    'huge.mid': () => response.writeHead(200, { 'content-length': 5_000_000 }).write('MThd'),
    'endless.mid': () => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(new Uint8Array(65_536)));
      };
      response.on('drain', more);
      more();
    },
    'broken.mid': () => music(new TextEncoder().encode('MThd\0\0')),
    'cut.mid': () => response.destroy(),
    'busy.mid': () =>
      times === 1 ? response.writeHead(503, { 'retry-after': '7' }).end() : music(MUSIC.busy),
    'full.mid': () => response.writeHead(429).end(),
    '%FCber.mid': () => music(MUSIC.umlaut),
    'm%C3%BCller.kar': () => music(MUSIC.karaoke),
  };
  const [, step] = /^many\/(\d)\.mid$/.exec(path) ?? [];
  if (step) to(`${Number(step) + 1}.mid`);
  else if (answers[path]) answers[path]();
  else response.writeHead(404).end();
}

/** A broadcaster with its helpers, and pages of the product's own code that fetch what they are told to: all on one clock. */
import { memoryBlobs } from '../../src/adapters/memory/blobs.ts';
import { liveFiles } from '../../src/adapters/stores/live-files.ts';
import { listen } from '../../src/broadcast/listen.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { Note } from '../../src/music/note.ts';
import type { LiveFiles } from '../../src/ports.ts';
import { type Chunk, parseFrame } from '../../src/wire.ts';
import type { SocketEvents } from '../../web/listener/connection.ts';
import { fetcher } from '../../web/listener/fetcher.ts';
import { type Listener, listener } from '../../web/listener/listener.ts';
import { crowdStation, T0 } from './crowd-station.ts';
import { fakeClock } from './fake-clock.ts';

const WAY_MS = 20;
const LOOK_MS = 500;

export type Page = {
  readonly name: string;
  readonly listener: Listener;
  /** Notes in the order in which they were handed out to be played. */
  readonly played: Note[];
  /** What it had to be told instead, because the music before was not there in time. */
  readonly jumps: number[];
  /** Chunks that were posted to it. */
  readonly posted: Pick<Chunk, 'seq' | 'count'>[];
  readonly fetched: { readonly path: string; readonly atMs: number; readonly found: boolean }[];
  /** Joins and resumes. */
  readonly asked: string[];
  leave(): void;
};

type Options = {
  readonly durationMs: number;
  /** From T0. */
  readonly beginsMs?: number;
  readonly above: number;
  /** What stands between the broadcaster and the site. */
  readonly writing?: (files: LiveFiles) => LiveFiles;
  /** Whether a file can be had, at an instant from T0; all can where not given. */
  readonly serves?: (path: string, atMs: number) => boolean;
  readonly limits?: { listenersEach: number; partsAtMost: number; postsPerSecond: number };
};

export async function fetchingCrowd(options: Options) {
  const { durationMs, beginsMs = -300_000, serves = () => true, writing = (files) => files } = options;
  const clock = fakeClock(T0 + beginsMs);
  const blobs = memoryBlobs(clock.now);
  const sockets = new Map<string, SocketEvents>();
  const pages: Page[] = [];
  const fromT0 = () => clock.now() - T0;
  const after = (ms: number, task: () => void) => void clock.sleepUntil(clock.now() + ms).then(task);
  const station = await crowdStation({
    ...{ durationMs, clock, names: [] },
    limits: options.limits ?? { listenersEach: 2, partsAtMost: 4, postsPerSecond: 1_000 },
    fetching: { files: writing(liveFiles(blobs)), above: options.above },
    deliver(name, frame) {
      const chunk = parseFrame(frame);
      if (chunk?.type === 'chunk')
        pages.find((page) => page.name === name)?.posted.push({ seq: chunk.seq, count: chunk.count });
      after(WAY_MS, () => sockets.get(name)?.message(frame));
    },
  });
  const { broadcasts, connections, performances } = station.ports;
  const answers = {
    ...{ broadcasts, connections, clock, timelines: timelines(performances) },
    nextStart: async () => null,
    manners: async () => 'bear' as const,
    punches: { punch: async () => ({ outcome: 'full' as const, holes: 0 }) },
    wake: () => {},
  };

  /** @param draw what its random numbers are, 0 to below 1 */
  function come(name: string, draw: number): Page {
    let nextId = 0;
    let left = false;
    const timers = new Set<number>();
    const page: Page = {
      name,
      ...{ played: [], jumps: [], posted: [], fetched: [], asked: [] },
      listener: listener({
        now: () => clock.now() - T0 + 1e6,
        random: () => draw,
        onChange() {},
        timers: {
          set(task, ms) {
            const id = nextId++;
            timers.add(id);
            after(ms, () => !left && timers.delete(id) && task());
            return id;
          },
          clear: (id) => void timers.delete(id),
        },
        open(events) {
          sockets.set(name, events);
          after(WAY_MS, events.opened);
          return {
            close() {},
            send(text) {
              if (!text.includes('"ping"')) page.asked.push(text);
              void listen(name, text, clock.now(), answers).then(({ frames }) => {
                for (const frame of frames) after(WAY_MS, () => sockets.get(name)?.message(frame));
              });
            },
          };
        },
        bringFetcher: (use) =>
          use(fetcher, async (path) => {
            const body = serves(path, fromT0()) ? blobs.files.get(path) : undefined;
            page.fetched.push({ path, atMs: fromT0(), found: body !== undefined });
            await clock.sleepUntil(clock.now() + WAY_MS);
            return body ? JSON.parse(new TextDecoder().decode(body)) : null;
          }),
      }),
      leave() {
        left = true;
        sockets.delete(name);
        pages.splice(pages.indexOf(page), 1);
        void connections.remove(name);
      },
    };
    pages.push(page);
    return page;
  }

  function look({ listener: { check, position, score }, played, jumps }: Page): void {
    check();
    const at = position();
    if (at === null) return;
    for (const event of score.eventsUntil(at)) {
      if (event.kind === 'on') played.push(event.note);
      if (event.kind === 'state' && event.ms > 0) jumps.push(event.ms);
    }
  }
  let over = false;
  void (async () => {
    while (!over) {
      for (const page of [...pages]) look(page);
      await clock.sleepUntil(clock.now() + LOOK_MS);
    }
  })();

  return {
    ...station,
    pages,
    files: blobs.files,
    come,
    /** Milliseconds from T0. */
    runTo: (ms: number) => clock.runTo(T0 + ms),
    finish() {
      over = true;
    },
  };
}
export type FetchingCrowd = Awaited<ReturnType<typeof fetchingCrowd>>;

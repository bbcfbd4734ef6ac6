/** Somebody out there: knows the station by its public name and trusts its certificate, and has an address of their own. */
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Note } from '../../../src/music/note.ts';
import { encodeRequest, parseFrame } from '../../../src/wire.ts';
import { aListener } from '../../support/a-listener.ts';

/** The public site, and who signs for it. */
export type Site = { readonly base: string; readonly certificate: string };
export type Answer = { readonly status: number; readonly type: string; readonly body: Buffer };

/** Every name is this machine: no name server knows the station's. */
const here: LookupFunction = (_name, { all }, done) =>
  all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

/** Each of many visitors has an address: 127.0.1.1 to 127.0.1.250, 127.0.2.1, … */
export const addressOf = (i: number): string => `127.0.${1 + Math.floor(i / 250)}.${1 + (i % 250)}`;

const QUIET_MS = 60_000;

/** @param target an address, or a path from the site's own on */
export const get = ({ base, certificate }: Site, target: string): Promise<Answer> =>
  new Promise((done, failed) => {
    const asked = request(
      new URL(target, base),
      { ca: certificate, lookup: here, agent: false },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part)).on('error', failed);
        answer.on('end', () =>
          done({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    asked.setTimeout(QUIET_MS, () => asked.destroy(new Error(`${target} is not answered`)));
    asked.on('error', failed).end();
  });

/** @param forged what it says of itself in X-Forwarded-For; the proxy adds where it really comes from */
function dial({ base, certificate }: Site, localAddress: string, forged?: string): WebSocket {
  const url = new URL('ws', base);
  url.protocol = 'wss:';
  return new WebSocket(url, {
    ca: certificate,
    lookup: here,
    localAddress,
    origin: new URL(base).origin,
    perMessageDeflate: false,
    ...(forged !== undefined && { headers: { 'X-Forwarded-For': forged } }),
  });
}

export type Heard = {
  readonly notes: readonly Note[];
  readonly ended: boolean;
  /** Two chunks of one number that say different things. */
  readonly contradictions: number;
};
export type Visitor = {
  /** Resolves when the piece that it hears has ended. */
  readonly ended: Promise<void>;
  heard(): Heard;
  leave(): void;
};

/** As pages do: whoever is refused tries again, this often, after 1, 2, 3, … seconds. */
const ATTEMPTS = 8;

/** Joins, and resolves with the first hello. @throws with the proxy's or the station's reason where it is refused again and again */
export async function visit(site: Site, localAddress: string): Promise<Visitor> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await join(site, localAddress);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(attempt * 1_000);
    }
  }
}

const join = (site: Site, localAddress: string): Promise<Visitor> =>
  new Promise((done, failed) => {
    const socket = dial(site, localAddress);
    const listener = aListener(Date.now, Number.POSITIVE_INFINITY);
    let over = () => {};
    let lost: (error: Error) => void = () => {};
    const ended = new Promise<void>((resolve, reject) => {
      over = resolve;
      lost = reject;
    });
    ended.catch(() => {});
    socket.once('error', failed);
    socket.once('open', () => socket.send(encodeRequest({ action: 'join' })));
    socket.on('close', (code) => lost(new Error(`${localAddress} was hung up on (${code})`)));
    socket.on('message', (data) => {
      const frame = parseFrame(String(data));
      if (frame === null) return failed(new Error(`no frame: ${String(data)}`));
      listener.receive(frame);
      if (frame.type === 'end') over();
      if (frame.type !== 'hello') return;
      done({
        ended,
        heard: () => ({
          notes: listener.notes(),
          ended: listener.state.ended,
          contradictions: listener.state.contradictions,
        }),
        leave: () => socket.terminate(),
      });
    });
  });

/** One who makes up an address for each of its connections. @returns how many of them were taken, and how many refused with 429 */
export async function crowdOfOne(
  site: Site,
  localAddress: string,
  connections: number,
): Promise<{ taken: number; refused: number }> {
  const sockets = Array.from({ length: connections }, (_, i) =>
    dial(site, localAddress, `198.51.100.${i + 1}`),
  );
  const outcomes = await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<string>((done) => {
          socket.once('open', () => done('taken'));
          socket.once('unexpected-response', (_request, { statusCode }) => done(String(statusCode)));
          socket.on('error', ({ message }) => done(message));
        }),
    ),
  );
  for (const socket of sockets) socket.terminate();
  const count = (what: string) => outcomes.filter((outcome) => outcome === what).length;
  return { taken: count('taken'), refused: count('429') };
}

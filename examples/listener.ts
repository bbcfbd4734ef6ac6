/** A listener in thirty lines, after docs/protocol.md: prints each note of a station as it sounds, a JSON line each. */
import { WebSocket } from 'ws';
// From another project: '@pianola-org/pianola/wire'.
import { encodeRequest, type Hello, noteOf, parseFrame } from '../src/wire.ts';

const url = new URL(process.argv[2] ?? 'ws://localhost:8080/ws');
const socket = new WebSocket(url, { origin: `${url.protocol.replace('ws', 'http')}//${url.host}` });
const notes = new Set<NodeJS.Timeout>();
const taken = new Set<number>();
let [hello, aheadMs, pingedAt]: [Hello | null, number, number] = [null, 0, 0];
/** Runs it at a time of the music, by the server's clock; what is long past is left out. */
const at = (ms: number, run: () => void) => {
  const waitMs = (hello?.t0 ?? 0) + ms - aheadMs - Date.now();
  if (waitMs > -100) notes.add(setTimeout(run, waitMs));
};
socket.on('open', () => {
  pingedAt = Date.now();
  socket.send(encodeRequest({ action: 'ping', id: 1 }));
});
socket.on('message', (data) => {
  const frame = parseFrame(String(data));
  if (frame?.type === 'pong') {
    aheadMs = (frame.receivedAt - pingedAt + frame.sentAt - Date.now()) / 2;
    socket.send(encodeRequest({ action: 'join' }));
  } else if (frame?.type === 'hello') {
    if (frame.broadcast !== hello?.broadcast) taken.clear();
    hello = frame;
  } else if (frame?.type === 'chunk') {
    const fresh = frame.notes.map(noteOf).filter(({ onsetMs }) => !taken.has(Math.floor(onsetMs / 15_000)));
    for (let seq = frame.seq; seq < frame.seq + frame.count; seq++) taken.add(seq);
    for (const note of fresh) at(note.onsetMs, () => console.log(JSON.stringify(note)));
  } else if (frame?.type === 'stop') for (const note of notes) clearTimeout(note);
  else if (frame?.type === 'end') at(hello?.durationMs ?? 0, () => socket.close());
  else if (frame?.type === 'error') console.error(frame.message);
});
socket.on('error', ({ message }) => console.error(`${url}: ${message}`));

/** What else is tried at the end of an evening: routes that no page needs every evening, and doors that must be shut. */
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { Ears } from '../../tests/support/ears.ts';
import { until } from '../../tests/support/until.ts';
import type { Deployed } from './deploy.ts';
import { dial } from './edge/visit.ts';
import { LIMITS } from './gateway/limits.ts';

const ANSWER_MS = 20_000;

/** @param broadcast that is over @returns what was not as it should be */
export async function tries(
  { edge, gateway, stack }: Deployed,
  broadcast: string,
  listener: Ears,
): Promise<string[]> {
  const wrong: string[] = [];
  listener.page.punch(broadcast);
  if (
    !(await until(
      () => listener.page.margin,
      (margin) => margin !== null,
      ANSWER_MS,
    ))
  )
    wrong.push('a hole was asked for, and nobody answered');

  const stageUrl = `ws://127.0.0.1:${gateway.port}/${stack.ref('WebsocketStage')}`;
  const beside = new WebSocket(stageUrl, { origin: edge.origin, headers: { host: gateway.domainName } });
  if ((await handshakeOf(beside)) !== 403) wrong.push('who comes past CloudFront is let in');
  const stranger = dial(edge.port, 'https://elsewhere.example', { 'x-pianola-door': 'made up' }, edge.origin);
  if ((await handshakeOf(stranger)) !== 403) wrong.push('a page of another origin is let in');

  const line = dial(edge.port, edge.origin, { 'x-pianola-door': 'made up' });
  if ((await handshakeOf(line)) !== 101) return [...wrong, 'a page of our own is not let in'];
  const heard: string[] = [];
  line.on('message', (data) => heard.push(String(data)));
  const answered = async (text: string, holds: RegExp) => {
    heard.length = 0;
    line.send(text);
    await until(
      () => heard.length,
      (count) => count > 0,
      ANSWER_MS,
    );
    if (!heard.some((each) => holds.test(each)))
      wrong.push(`${text} is answered with ${heard.join(' ') || 'nothing'}`);
  };
  await answered('{"action":"nonsense"}', /"type":"error".*"code":"bad_request"/);
  await answered(JSON.stringify({ action: 'resume', broadcast, after: 0 }), /"type":"hello"/);
  const closed = new Promise<number>((resolve) => line.once('close', resolve));
  line.send('x'.repeat(LIMITS.frameBytes + 1));
  const code = await Promise.race([closed, sleep(ANSWER_MS, 0, { ref: false })]);
  if (code !== 1009) wrong.push(`a frame of more than 32 KB is closed with ${code}`);
  line.terminate();
  return wrong;
}

/** The status that a handshake is answered with; 101 where it is let in, 0 where it is not answered. */
const handshakeOf = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', () => resolve(0));
  });

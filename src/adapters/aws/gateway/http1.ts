/** HTTP/1.1 over one connection: a request, its answer, then the next (RFC 9112, without pipelining). */
import type { Conversation, Line } from './conversation.ts';
import { readAnswer } from './read-answer.ts';
import { type Field, type HttpRequest, type Job, late } from './request.ts';

export function http1(line: Line): Conversation {
  let job: Job | null = null;
  let until = 0;
  let text = '';

  function read(come: string, isEnd: boolean): void {
    text = come;
    let answer: ReturnType<typeof readAnswer>;
    try {
      answer = readAnswer(come, isEnd);
    } catch (error) {
      line.end(error as Error);
      return;
    }
    if (!answer) return;
    const { resolve } = job!;
    [job, text] = [null, ''];
    resolve(answer);
    if (answer.isKept && answer.length === come.length) line.free();
    else line.end();
  }

  return {
    room: () => (job ? 0 : 1),
    load: () => (job ? 1 : 0),
    send(next, answerUntil) {
      [until, job] = [answerUntil, next];
      line.write(written(next.request));
    },
    read(bytes) {
      if (!job) return line.end(new Error('the gateway says something that it was not asked for'));
      // Most answers come in one piece.
      const piece = bytes.toString('latin1');
      read(text === '' ? piece : text + piece, false);
    },
    look(now) {
      if (job && now >= until) line.end(late());
    },
    finish() {
      if (job) read(text, true);
      line.end();
    },
    broken(error) {
      job?.reject(error);
      job = null;
    },
  };
}

/** Of fields that many requests share, the lines, for as long as there are such requests. */
const lines = new WeakMap<readonly Field[], string>();

/** Head and body, a character a byte. */
export function written({ method, path, authority, shared, authorization, body }: HttpRequest): string {
  let common = lines.get(shared);
  if (common === undefined) {
    common = shared.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    lines.set(shared, common);
  }
  return `${method} ${path} HTTP/1.1\r\nhost: ${authority}\r\n${common}authorization: ${authorization}\r\n\r\n${body.text}`;
}

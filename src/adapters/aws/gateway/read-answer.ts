/**
 * An answer of HTTP/1.1, read strictly (RFC 9112): what could be read in two ways, or ends in a way that we do not know, is
 * a fault. The connection it came over is of no use then: where one answer ends is where the next begins.
 */
import { type HttpAnswer, MOST_BYTES, unreadable } from './request.ts';

export type ReadAnswer = HttpAnswer & {
  /** How many of the characters were its own; what follows was not asked for. */
  readonly length: number;
  /** Whether another request may be sent over the same connection. */
  readonly isKept: boolean;
};

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** What the characters of a name and of a value are, for each code: with every answer, a table is much faster than a pattern. */
const IN_NAME = codes(/[!#$%&'*+.^_`|~\w-]/);
const IN_VALUE = codes(/[\t\x20-\x7e\x80-\xff]/);
function codes(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}
/** The names that matter here, by their length. */
const MATTERS = new Set(
  ['date', 'connection', 'content-length', 'transfer-encoding'].map(({ length }) => length),
);
const DIGITS = /^\d{1,6}$/;
const CHUNK_SIZE = /^([\da-f]{1,6})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/i;

/**
 * @param text all that has come since the request was sent, a character a byte
 * @param isEnd nothing more will come
 * @returns null: more must come; throws an Error that says what is wrong
 */
export function readAnswer(text: string, isEnd: boolean): ReadAnswer | null {
  const answer = whole(text, isEnd);
  if (!answer && isEnd) throw unreadable(text === '' ? 'there is none' : 'it ends before its end');
  if ((answer?.length ?? text.length) > MOST_BYTES) throw unreadable(`it is longer than ${MOST_BYTES} bytes`);
  return answer;
}

function whole(text: string, isEnd: boolean): ReadAnswer | null {
  for (let from = 0; ; ) {
    const end = text.indexOf('\r\n\r\n', from);
    if (end < 0) return null;
    const head = readHead(text, from, end);
    from = end + 4;
    const { status, date } = head;
    if (status === 101) throw unreadable('it would speak another protocol');
    // What is said before an answer.
    if (status < 200) continue;
    const body = readBody(text, from, head, isEnd);
    return body && { status, date, body: body.text, length: body.end, isKept: head.isKept && !body.isToEnd };
  }
}

type Head = {
  readonly status: number;
  readonly date: string | null;
  readonly isKept: boolean;
  readonly length: number | null;
  readonly isChunked: boolean;
};

function readHead(text: string, from: number, end: number): Head {
  let at = text.indexOf('\r\n', from);
  const [, minor, status] = STATUS_LINE.exec(text.slice(from, at)) ?? [];
  if (!status) throw unreadable('its first line is no status of HTTP/1.1');
  let date: string | null = null;
  let length: string | null = null;
  let coding: string | null = null;
  let isKept = minor === '1';
  for (; at < end; at = text.indexOf('\r\n', at + 2)) {
    const colon = nameEnd(text, at + 2);
    if (!MATTERS.has(colon - at - 2)) continue;
    const name = text.slice(at + 2, colon).toLowerCase();
    const value = text.slice(colon + 1, text.indexOf('\r\n', colon)).trim();
    if (name === 'date') date = value;
    else if (name === 'connection') isKept &&= !/(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(value);
    else if (name === 'content-length') {
      if (length !== null || !DIGITS.test(value)) throw unreadable('its length is not one number');
      length = value;
    } else if (name === 'transfer-encoding') {
      if (coding !== null || value.toLowerCase() !== 'chunked') throw unreadable('its encoding is not known');
      coding = value;
    }
  }
  if (coding !== null && (length !== null || minor === '0'))
    throw unreadable('it says in two ways where it ends');
  return {
    ...{ status: Number(status), date, isKept },
    ...{ length: length === null ? null : Number(length), isChunked: coding !== null },
  };
}

/** Where the name of the field that begins here has its colon; throws where it is no field to the end of its line. */
function nameEnd(text: string, from: number): number {
  let at = from;
  while (IN_NAME[text.charCodeAt(at)]) at++;
  const colon = at;
  if (colon === from || text[colon] !== ':') throw unreadable('a line of its head or end is no field');
  do at++;
  while (IN_VALUE[text.charCodeAt(at)]);
  if (text[at] !== '\r' || text[at + 1] !== '\n') throw unreadable('a line of its head or end is no field');
  return colon;
}

type Content = { readonly text: string; readonly end: number; readonly isToEnd?: boolean };

function readBody(text: string, from: number, head: Head, isEnd: boolean): Content | null {
  if (head.status === 204 || head.status === 304) return { text: '', end: from };
  if (head.isChunked) return readChunks(text, from);
  if (head.length === null) return isEnd ? { text: text.slice(from), end: text.length, isToEnd: true } : null;
  const end = from + head.length;
  return text.length >= end ? { text: text.slice(from, end), end } : null;
}

function readChunks(text: string, from: number): Content | null {
  let at = from;
  let content = '';
  const line = (): string | null => {
    const end = text.indexOf('\r\n', at);
    if (end < 0) return null;
    const read = text.slice(at, end);
    at = end + 2;
    return read;
  };
  for (;;) {
    const first = line();
    if (first === null) return null;
    const [, digits] = CHUNK_SIZE.exec(first) ?? [];
    if (!digits) throw unreadable('the length of a part is no number');
    const size = Number.parseInt(digits, 16);
    if (size === 0) break;
    if (text.length < at + size + 2) return null;
    if (text.slice(at + size, at + size + 2) !== '\r\n')
      throw unreadable('a part does not end where it should');
    content += text.slice(at, at + size);
    at += size + 2;
  }
  for (;;) {
    const start = at;
    const trailer = line();
    if (trailer === null) return null;
    if (trailer === '') return { text: content, end: at };
    nameEnd(text, start);
  }
}

/** One answer of HTTP/2 as its frames come (RFC 9113, 8.1): heads that say "wait", a head, a body, and what trails it. */
import { type HttpAnswer, MOST_BYTES, unreadable } from '../request.ts';
import { decodeFields } from './decode-fields.ts';

export type Answer = {
  /** 0: nothing came; below 200: it is to come. */
  status: number;
  date: string | null;
  /** The length that it says it has. */
  told: number | null;
  body: string;
  /** What came of it, bytes. */
  length: number;
};
export const noAnswer = (): Answer => ({ status: 0, date: null, told: null, body: '', length: 0 });

function count(answer: Answer, bytes: number): void {
  answer.length += bytes;
  if (answer.length > MOST_BYTES) throw unreadable(`it is longer than ${MOST_BYTES} bytes`);
}

/** @param block of fields. Throws a fault where it cannot be decoded; what else is thrown concerns this answer alone */
export function takeFields(answer: Answer, block: Buffer, isEnd: boolean): void {
  const fields = decodeFields(block);
  count(answer, block.length);
  if (answer.status >= 200) {
    if (!isEnd) throw unreadable('it has two heads');
    if (fields.some(([name]) => name.startsWith(':'))) throw unreadable('it has a second status');
    return;
  }
  // Nothing is to be known of what was said before an answer.
  let [status, date, told]: [number, string | null, number | null] = [0, null, null];
  for (const [name, value] of fields) {
    if (name === ':status') {
      if (status > 0 || !/^[1-5]\d\d$/.test(value)) throw unreadable('its status is not one number');
      status = Number(value);
    } else if (name === 'date') date = value;
    else if (name === 'content-length') {
      if (told !== null || !/^\d{1,6}$/.test(value)) throw unreadable('its length is not one number');
      told = Number(value);
    } else if (name.startsWith(':')) throw unreadable('it has fields of a request');
  }
  if (status === 0) throw unreadable('it has no status');
  if (status === 101) throw unreadable('it would speak another protocol');
  if (status < 200 && isEnd) throw unreadable('it ends before its end');
  answer.status = status;
  answer.date = date;
  answer.told = told;
}

export function takeData(answer: Answer, bytes: Buffer): void {
  if (answer.status < 200) throw unreadable('its body comes before its head');
  count(answer, bytes.length);
  if (bytes.length > 0) answer.body += bytes.toString('latin1');
}

/** Nothing more will come. */
export function whole({ status, date, told, body }: Answer): HttpAnswer {
  // These may tell a length that another answer would have (RFC 9110, 8.6).
  if (told !== null && told !== body.length && status !== 304)
    throw unreadable('it is not as long as it says');
  return { status, date, body };
}

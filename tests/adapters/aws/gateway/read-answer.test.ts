/** Answers of HTTP/1.1, cut at every byte, and what is no answer. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ReadAnswer, readAnswer } from '../../../../src/adapters/aws/gateway/read-answer.ts';

const lines = (...them: string[]) => `${them.join('\r\n')}\r\n\r\n`;
const DATE = 'Sun, 29 Nov 2026 22:00:00 GMT';
const OK: Omit<ReadAnswer, 'length'> = { status: 200, date: null, body: '', isKept: true };

/** Each with all that may be known of it when it is whole. */
const ANSWERS: readonly [name: string, text: string, answer: Omit<ReadAnswer, 'length'>][] = [
  [
    "the gateway's own",
    lines(
      'HTTP/1.1 200 OK',
      `Date: ${DATE}`,
      'Content-Length: 0',
      'Connection: keep-alive',
      'x-amzn-RequestId: 7f0c5d5e',
    ),
    { ...OK, date: DATE },
  ],
  ['without a reason', lines('HTTP/1.1 200', 'content-length:0'), OK],
  [
    'an error with its text',
    `${lines('HTTP/1.1 410 Gone', 'Content-Length: 15 ')}{"message":"x"}`,
    { ...OK, status: 410, body: '{"message":"x"}' },
  ],
  ['204', lines('HTTP/1.1 204 No Content'), { ...OK, status: 204 }],
  [
    'after others before it',
    lines('HTTP/1.1 100 Continue') +
      lines('HTTP/1.1 103 Early Hints', 'Link: </x>') +
      lines('HTTP/1.1 200 OK', 'Content-Length: 0'),
    OK,
  ],
  [
    'in parts',
    `${lines('HTTP/1.1 500 Oh', 'Transfer-Encoding: Chunked')}5\r\n\r\n\r\nb\r\nA; why="so"\r\n0123456789\r\n000\r\nx-sum: 1\r\n\r\n`,
    { ...OK, status: 500, body: '\r\n\r\nb0123456789' },
  ],
  [
    'the last of its connection',
    lines('HTTP/1.1 200 OK', 'Content-Length: 0', 'Connection: x, Close'),
    { ...OK, isKept: false },
  ],
  ['of HTTP/1.0', `${lines('HTTP/1.0 200 OK', 'Content-Length: 2')}ab`, { ...OK, body: 'ab', isKept: false }],
];

describe.each(ANSWERS)('an answer, %s', (_, text, answer) => {
  test('is whole with its last byte and not before, whatever comes after it', () => {
    for (let cut = 0; cut < text.length; cut++)
      expect([cut, readAnswer(text.slice(0, cut), false)]).toEqual([cut, null]);
    const whole = { ...answer, length: text.length };
    expect(readAnswer(text, false)).toEqual(whole);
    expect(readAnswer(text, true)).toEqual(whole);
    expect(readAnswer(`${text}HTTP/1.1 410 Gone\r\n\r\n`, false)).toEqual(whole);
  });
  test('that ends before its end is a fault', () => {
    expect(() => readAnswer('', true)).toThrow(/there is none/);
    for (let cut = 1; cut < text.length; cut++) {
      expect(() => readAnswer(text.slice(0, cut), true)).toThrow(/it ends before its end/);
    }
  });
});

test('an answer that does not say how long it is goes on to the end of its connection', () => {
  const text = `${lines('HTTP/1.1 502 Bad Gateway', 'Content-Type: text/html')}<p>no`;
  expect(readAnswer(text, false)).toBeNull();
  expect(readAnswer(text, true)).toEqual({
    ...{ status: 502, date: null, body: '<p>no', length: text.length, isKept: false },
  });
});

test.each([
  ['another protocol', 'SSH-2.0-x\r\n\r\n', /no status/],
  ['HTTP/2', lines('HTTP/2 200'), /no status/],
  ['a status of no hundred', lines('HTTP/1.1 099 OK'), /no status/],
  ['a status of four digits', lines('HTTP/1.1 2000 OK'), /no status/],
  ['an empty line before it', `\r\n${lines('HTTP/1.1 200 OK')}`, /no status/],
  ['lines that end otherwise', 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n', /no status/],
  ['a line without a name', lines('HTTP/1.1 200 OK', ': x'), /no field/],
  ['a name with a space', lines('HTTP/1.1 200 OK', 'Content-Length : 0'), /no field/],
  ['a line that goes on', lines('HTTP/1.1 200 OK', 'x: 1', ' 2'), /no field/],
  ['a bare line feed', lines('HTTP/1.1 200 OK', 'x: 1\nContent-Length: 0'), /no field/],
  ['a nul', lines('HTTP/1.1 200 OK', 'x: \0'), /no field/],
  [
    'two lengths',
    lines('HTTP/1.1 200 OK', 'Content-Length: 0', 'Content-Length: 0'),
    /length is not one number/,
  ],
  ['a list of lengths', lines('HTTP/1.1 200 OK', 'Content-Length: 0, 0'), /length is not one number/],
  ['a length below nothing', lines('HTTP/1.1 200 OK', 'Content-Length: -1'), /length is not one number/],
  ['a length in hexadecimal', lines('HTTP/1.1 200 OK', 'Content-Length: 0x1'), /length is not one number/],
  [
    'a length and parts',
    lines('HTTP/1.1 200 OK', 'Content-Length: 0', 'Transfer-Encoding: chunked'),
    /two ways/,
  ],
  ['parts in HTTP/1.0', lines('HTTP/1.0 200 OK', 'Transfer-Encoding: chunked'), /two ways/],
  [
    'an encoding that is not asked for',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: gzip, chunked'),
    /encoding/,
  ],
  [
    'two encodings',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
    /encoding/,
  ],
  ['a part without a length', `${lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}\r\n`, /no number/],
  [
    'a part that is too long',
    `${lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}1\r\nab\r\n`,
    /does not end/,
  ],
  ['a change of protocol', lines('HTTP/1.1 101 Switching Protocols', 'Upgrade: h2c'), /another protocol/],
  ['no end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(32_768)}`, /longer than 32768/],
  [
    'more than is borne',
    `${lines('HTTP/1.1 200 OK', 'Content-Length: 40000')}${'y'.repeat(32_768)}`,
    /longer than/,
  ],
  [
    'as much in one piece',
    `${lines('HTTP/1.1 200 OK', 'Content-Length: 40000')}${'y'.repeat(40_000)}`,
    /longer than/,
  ],
])('%s is a fault', (_, text, why) => {
  expect(() => readAnswer(text, false)).toThrow(why);
});

test('a body that looks like an answer is a body, in parts or not', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ANSWERS.map(([, text]) => text)),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      (body, sizes) => {
        const head = lines('HTTP/1.1 403 Forbidden', `Content-Length: ${body.length}`);
        expect(readAnswer(head + body, false)?.body).toBe(body);
        let [parts, at] = ['', 0];
        for (let i = 0; at < body.length; i++) {
          const part = body.slice(at, at + sizes[i % sizes.length]!);
          parts += `${part.length.toString(16)}\r\n${part}\r\n`;
          at += part.length;
        }
        const text = `${lines('HTTP/1.1 403 Forbidden', 'Transfer-Encoding: chunked')}${parts}0\r\n\r\n`;
        expect(readAnswer(text, false)).toMatchObject({ status: 403, body, length: text.length });
      },
    ),
    { seed: 20261129 },
  );
});

test('whatever comes is an answer, more to come, or an Error, and never more than what came', () => {
  const piece = fc.constantFrom(
    ...[
      'HTTP/1.1 ',
      '200',
      '204 ',
      ' OK',
      '\r\n',
      '\r\n\r\n',
      'Content-Length',
      ':',
      ' 5',
      'Transfer-Encoding: chunked',
    ],
    ...['0\r\n', '5\r\nabcde\r\n', 'Connection: close', 'a', '\0', '\n', 'HTTP/1.1 100 Continue\r\n\r\n'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), fc.boolean(), (pieces, isEnd) => {
      const text = pieces.join('');
      let answer: ReadAnswer | null;
      try {
        answer = readAnswer(text, isEnd);
      } catch (error) {
        expect(String(error)).toMatch(/^Error: an answer of the gateway cannot be read: /);
        return;
      }
      if (!answer) return expect(isEnd).toBe(false);
      expect(answer.length).toBeLessThanOrEqual(text.length);
      // What came later changes nothing of it, unless it went on to the end.
      if (!isEnd) expect(readAnswer(`${text}x`, false)).toEqual(answer);
    }),
    { seed: 20261129, numRuns: 2_000 },
  );
});

/** HPACK: what others write we read, what we write others read. The others are RFC 7541's examples and Node's nghttp2. */
import { once } from 'node:events';
import { connect, createServer, type IncomingHttpHeaders, sensitiveHeaders } from 'node:http2';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeFields } from '../../../../../src/adapters/aws/gateway/http2/decode-fields.ts';
import { fieldEncoder } from '../../../../../src/adapters/aws/gateway/http2/encode-fields.ts';
import { frameReader, HEADERS, unpadded } from '../../../../../src/adapters/aws/gateway/http2/frames.ts';
import { unhuffman } from '../../../../../src/adapters/aws/gateway/http2/huffman.ts';
import { session } from '../../../../../src/adapters/aws/gateway/http2/session.ts';
import type { Field } from '../../../../../src/adapters/aws/gateway/request.ts';
import { asking } from '../../../../support/asking.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const encoded = (text: string) => Buffer.from(text).toString('hex');
const DATE = 'Mon, 21 Oct 2013 20:13:21 GMT';

test.each<[string, string, Field[]]>([
  [
    'C.2.1',
    `40 0a ${encoded('custom-key')} 0d ${encoded('custom-header')}`,
    [['custom-key', 'custom-header']],
  ],
  ['C.2.2', `04 0c ${encoded('/sample/path')}`, [[':path', '/sample/path']]],
  ['C.2.3', `10 08 ${encoded('password')} 06 ${encoded('secret')}`, [['password', 'secret']]],
  ['C.2.4', '82', [[':method', 'GET']]],
  [
    'C.3.1',
    `82 86 84 41 0f ${encoded('www.example.com')}`,
    [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'www.example.com'],
    ],
  ],
  [
    'C.4.1',
    '82 86 84 41 8c f1e3 c2e5 f23a 6ba0 ab90 f4ff',
    [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'www.example.com'],
    ],
  ],
  [
    'C.6.1',
    '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
    [
      [':status', '302'],
      ['cache-control', 'private'],
      ['date', DATE],
      ['location', 'https://www.example.com'],
    ],
  ],
  ['a size of nothing, as it was told', '20 88', [[':status', '200']]],
])('the example %s of RFC 7541 is read as it says', (_, hex, fields) => {
  expect(decodeFields(bytes(hex))).toEqual(fields);
});

test.each([
  ['a field that would have been kept', 'be', /field 62, which was not kept/],
  ['a field of no number', '80', /field 0/],
  ['a table of 4,096 bytes', '3f e1 1f', /a table of fields/],
  ['a change of the table after a field', '88 20', /a table of fields/],
  ['a number that does not end', 'ff ff', /without an end/],
  ['a number beyond all bounds', 'ff ff ff ff ff ff 0f', /beyond all bounds/],
  ['a text that is cut', '08 05 61', /longer than its block/],
  ['a field without its value', '08', /without its text/],
  ['Huffman’s code filled by zeros', '08 81 18', /not filled by ones/],
  ['Huffman’s code filled by a whole byte', '08 82 1f ff', /not filled by ones/],
  ['Huffman’s code with its end within', '08 84 ff ff ff ff', /its end within/],
])('%s is a fault', (_, hex, why) => {
  expect(() => decodeFields(bytes(hex))).toThrow(why);
});

/** Of a client that is Node's: the fields it sent, as we read them; it was told to keep none. */
async function readFromNode(headers: IncomingHttpHeaders): Promise<Field[]> {
  let socket: Socket | undefined;
  const server = createTcpServer((come) => {
    socket = come;
    // SETTINGS_HEADER_TABLE_SIZE 0, and an acknowledgement.
    come.write(bytes('000006 04 00 00000000 0001 00000000 000000 04 01 00000000'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  client.on('error', () => {});
  await once(client, 'remoteSettings');
  const read = new Promise<Field[]>((resolve, reject) => {
    let isFirst = true;
    const take = frameReader((frame) => {
      if (frame.type === HEADERS) resolve(decodeFields(unpadded(frame)));
    });
    socket!.on('data', (data) => {
      try {
        take(isFirst ? data.subarray(24) : data);
      } catch (error) {
        reject(error);
      }
      isFirst = false;
    });
  });
  client.request(headers).on('error', () => {});
  try {
    return await read;
  } finally {
    client.destroy();
    socket!.destroy();
    server.close();
  }
}

test('every character that Node’s encoder writes in Huffman’s code is read as it was', async () => {
  const codes = Array.from({ length: 256 }, (_, code) => code).filter(
    (code) => code === 9 || (code > 31 && code !== 127),
  );
  // Between enough short codes, the whole is shorter in Huffman's than without.
  const headers = Object.fromEntries(
    codes.map((code) => [`x-${code}`, `${'a'.repeat(60)}${String.fromCharCode(code)}${'e'.repeat(60)}`]),
  );
  const read: Record<string, string> = {};
  // A block of one frame.
  for (let from = 0; from < codes.length; from += 64) {
    const some = Object.entries(headers).slice(from, from + 64);
    Object.assign(
      read,
      Object.fromEntries(await readFromNode({ ':path': '/', ...Object.fromEntries(some) })),
    );
  }
  for (const [name, value] of Object.entries(headers)) expect([name, read[name]]).toEqual([name, value]);
});

test.each([
  [0, 0x1ff8, 13],
  [1, 0x7fffd8, 23],
  [2, 0xfffffe2, 28],
  [9, 0xffffea, 24],
  [10, 0x3ffffffc, 30],
  [13, 0x3ffffffd, 30],
  [22, 0x3ffffffe, 30],
  [31, 0xffffffb, 28],
  [38, 0xf8, 8],
  [92, 0x7fff0, 19],
  [97, 0x3, 5],
  [127, 0xffffffc, 28],
  [255, 0x3ffffee, 26],
])('the symbol %i has in Appendix B the code %i of %i bits', (symbol, code, bits) => {
  const text = code.toString(2).padStart(bits, '0').padEnd(32, '1');
  const whole = text.slice(0, Math.ceil(bits / 8) * 8).match(/.{8}/g)!;
  expect(unhuffman(Uint8Array.from(whole, (byte) => Number.parseInt(byte, 2)))).toBe(
    String.fromCharCode(symbol),
  );
});

/** What Node's server read of requests that were asked over one session, in order. */
async function readByNode(
  requests: ReturnType<typeof asking>[],
  headerTableSize: number,
): Promise<IncomingHttpHeaders[]> {
  const read: IncomingHttpHeaders[] = [];
  const server = createServer({ settings: { headerTableSize } }, (request, response) => {
    read.push(request.headers);
    request.resume();
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const socket = connectTcp(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    let [asked, answered] = [0, 0];
    const talk = session(
      {
        write: (data) => void socket.write(data),
        free() {
          while (asked < requests.length && talk.room() > 0)
            talk.send(
              {
                request: requests[asked++]!,
                resolve: () => {
                  if (++answered === requests.length) resolve();
                },
                reject,
              },
              Number.POSITIVE_INFINITY,
            );
        },
        end: (error) => reject(error),
        misunderstood: () => reject(new Error('misunderstood')),
      },
      { scheme: 'http', answerMs: 1_000 },
    );
    socket.on('data', (data) => talk.read(data));
  });
  socket.destroy();
  server.close();
  return read;
}

test('whatever fields requests share, and however many the other side keeps, it reads them as they were', async () => {
  const value = fc
    .string({ unit: fc.constantFrom(...'aZ09/+=~ -'), minLength: 1, maxLength: 30 })
    .map((text) => `.${text}.`);
  const shared = fc
    .record({ date: value, token: value, times: fc.constantFrom(1, 40, 90, 150) })
    .map(({ date, token, times }): Field[] => [
      ['x-amz-date', date],
      ['x-amz-security-token', token.repeat(times).slice(0, 12_000)],
      ['content-length', '0'],
    ]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(shared, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 40 }),
      fc.constantFrom(0, 90, 300, 2_000, 4_096, 65_536),
      async (all, order, headerTableSize) => {
        const requests = order.map((n, i) => asking(`n${i}`, '', all[n % all.length]));
        const read = await readByNode(requests, headerTableSize);
        // Node's server may hand over those of one read in any order that it likes; it does so in theirs.
        expect(read.map((headers) => headers[':path'])).toEqual(requests.map(({ path }) => path));
        for (const [i, headers] of read.entries()) {
          const { path, shared: fields, authorization } = requests[i]!;
          // What is never to be kept, nor by anybody on the way.
          expect((headers as Record<symbol, unknown>)[sensitiveHeaders]).toEqual(['authorization']);
          expect(Object.fromEntries(Object.entries(headers))).toEqual({
            ...{ ':method': 'GET', ':scheme': 'http', ':authority': 'gateway.test', ':path': path },
            ...{ ...Object.fromEntries(fields), authorization },
          });
        }
      },
    ),
    { numRuns: 40, seed: 20261130 },
  );
});

test('what is shared is a byte a field from the second request on', () => {
  const encoder = fieldEncoder('https');
  const shared: Field[] = [
    ['x-amz-date', '20261130T020000Z'],
    ['x-amz-security-token', 'T'.repeat(2_000)],
  ];
  const first = encoder.encode(asking('a', 'x', shared)).length;
  // Three that are known to both, the path, and the signature with its name.
  const rest = 2 + (1 + 1 + 2) + (2 + 1 + 'for a'.length);
  expect(encoder.encode(asking('b', 'x', shared)).length).toBe(rest + 3);
  expect(encoder.encode(asking('c', 'x', [...shared])).length).toBe(rest + 3);
  expect(first).toBeGreaterThan(2_000);
  encoder.limit(0);
  // Told once, and nothing is kept any more.
  expect([...encoder.encode(asking('d', 'x', shared)).subarray(0, 2)]).toEqual([0x20, 0x83]);
  expect(encoder.encode(asking('e', 'x', shared)).length).toBeGreaterThan(2_000);
});

/** What a player shows of an MP3: a tag before it, as ID3v2.4 has it (https://id3.org/id3v2.4.0-structure). */

const UTF_8 = 3;

/** Four bytes of seven bits. */
const synchsafe = (size: number): number[] => [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f);

function textFrame(name: string, text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  return Buffer.concat([
    Buffer.from(name, 'latin1'),
    Buffer.from([...synchsafe(body.length + 1), 0, 0, UTF_8]),
    body,
  ]);
}

/** @param frames texts by the names of their frames, `TIT2` and so on */
export function id3Tag(frames: Readonly<Record<string, string>>): Uint8Array {
  const body = Buffer.concat(Object.entries(frames).map(([name, text]) => textFrame(name, text)));
  return Buffer.concat([
    Buffer.from('ID3', 'latin1'),
    Buffer.from([4, 0, 0, ...synchsafe(body.length)]),
    body,
  ]);
}

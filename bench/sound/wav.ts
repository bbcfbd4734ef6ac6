/** A RIFF WAVE file of 16-bit PCM. Rounded, without dither; beyond full scale it is cut off. @param channels of equal length, ±1 */
export function wavFile(channels: readonly Float32Array[], sampleRate: number): Uint8Array {
  const frames = channels[0]?.length ?? 0;
  const frameBytes = 2 * channels.length;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + frames * frameBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels.length, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(frames * frameBytes, 40);
  const body = new Int16Array(frames * channels.length);
  channels.forEach((channel, c) => {
    channel.forEach((value, i) => {
      body[i * channels.length + c] = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
    });
  });
  return Buffer.concat([header, new Uint8Array(body.buffer)]);
}

/** SHA-256, or with a key the HMAC, by Node's OpenSSL, as the libraries of AWS want to be given it. */
import { createHmac, hash } from 'node:crypto';

export class Sha256 {
  private readonly key: Uint8Array | string | undefined;
  private parts: Uint8Array[] = [];

  constructor(key?: Parameters<typeof createHmac>[1] | ArrayBuffer | ArrayBufferView) {
    this.key = key as Uint8Array | string | undefined;
  }
  update(part: Uint8Array): void {
    this.parts.push(part);
  }
  async digest(): Promise<Uint8Array> {
    const whole = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts);
    return this.key === undefined
      ? hash('sha256', whole, 'buffer')
      : createHmac('sha256', this.key).update(whole).digest();
  }
  reset(): void {
    this.parts = [];
  }
}

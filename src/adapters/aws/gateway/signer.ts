/** Signature Version 4 of many small requests with few bodies: each body is hashed once, the day's key is kept. */
import { createHmac, hash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** What the SDK's providers resolve to. They keep it for as long as it is valid, and fetch it anew by themselves. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
};
export type CredentialProvider = (options?: { readonly forceRefresh?: boolean }) => Promise<Credentials>;

export type SignerConfig = {
  /** As signatures name it; `execute-api` where none is given. */
  readonly service?: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly region: () => Promise<string>;
  readonly credentials: CredentialProvider;
};

/** A body with its sha256, in hexadecimal digits. */
export type Body = { readonly bytes: Buffer; readonly sha256: string };
export type Signer = {
  /** Remembers the last few: a frame goes to everybody. */
  body(text: string): Body;
  /** The headers with which a request is sent. @param at epoch milliseconds, by the service's clock */
  headers(method: 'POST' | 'DELETE' | 'GET', path: string, body: Body | null, at: number): Promise<Headers>;
};
export type Headers = Readonly<Record<string, string>>;

const SERVICE = 'execute-api';
/** Frames that are under way to a crowd at the same time are fewer. */
const BODIES = 16;
const EMPTY_SHA256 = hash('sha256', '');

export function signer({ service = SERVICE, origin, region, credentials }: SignerConfig): Signer {
  const { protocol, hostname, host } = new URL(origin);
  const bodies = new Map<string, Body>();
  const signature = new SignatureV4({
    ...{ service, region, credentials, sha256: Sha256, applyChecksum: false },
  });
  return {
    body(text) {
      const known = bodies.get(text);
      if (known) return known;
      if (bodies.size >= BODIES) bodies.delete(bodies.keys().next().value!);
      const bytes = Buffer.from(text);
      const body = { bytes, sha256: hash('sha256', bytes) };
      bodies.set(text, body);
      return body;
    },
    async headers(method, path, body, at) {
      // A hash that is given is taken as it is.
      const headers = { host, 'x-amz-content-sha256': body?.sha256 ?? EMPTY_SHA256 };
      const request = { method, protocol, hostname, path, query: {}, headers };
      return (await signature.sign(request, { signingDate: new Date(at) })).headers;
    },
  };
}

/** The hash, or with a key the HMAC, by Node's OpenSSL, as the library wants to be given it. */
class Sha256 {
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

/** A certificate of loopback with its key, which guards nothing: whoever reads this has it. Made once by openssl, for a century. */
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('./loopback.pem', import.meta.url), 'utf8');
/** Both in one text, as Node takes them; also what a client is told to trust. */
export const loopbackTls = { cert: text, key: text, ca: text };

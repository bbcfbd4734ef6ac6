/** HPACK's static table (RFC 7541, Appendix A): names with the values that they have there, the first at index 1. */
import type { Field } from '../request.ts';

const WITH_VALUES: readonly Field[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  ...['200', '204', '206', '304', '400', '404', '500'].map((status): Field => [':status', status]),
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
];
const NAMES = [
  'accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control',
  'content-disposition content-encoding content-language content-length content-location content-range content-type',
  'cookie date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since',
  'last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after',
  'server set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate',
];
export const STATIC_TABLE: readonly Field[] = [
  ...WITH_VALUES,
  ...NAMES.flatMap((names) => names.split(' ')).map((name): Field => [name, '']),
];

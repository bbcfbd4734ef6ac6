/** As long as anything of ours takes: a few megabytes from S3, or the answer of a function that has yet to start. */
const REQUEST_MS = 20_000;
const CONNECT_MS = 1_000;

/**
 * What a client of the SDK is made with so that no request hangs: by itself it waits for ever for an answer. What takes
 * longer is a fault, which the SDK tries again, as it does others.
 */
export const bounded = (requestTimeout = REQUEST_MS) => ({
  requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout, throwOnRequestTimeout: true },
});

/**
 * An event as an object, whether it came as one or as a string with the same as JSON: some callers encode what their SDK
 * encodes again.
 * @throws where it is a string that is no JSON
 */
export function payloadOf(event: unknown): unknown {
  if (typeof event !== 'string') return event;
  try {
    return JSON.parse(event);
  } catch (cause) {
    throw new Error('the event is a string that is no JSON: send an object, or one as JSON', { cause });
  }
}

import * as v from 'valibot';
import type { ModelRecord } from '../ports.ts';

export type { ModelRecord };

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Count = v.pipe(v.number(), v.integer(), v.minValue(1));
const Nats = v.pipe(v.number(), v.gtValue(0), v.finite());

const Schema = v.object({
  schema: v.literal(2, 'its schema is not the one this version reads (2): export the weights anew'),
  file: v.pipe(v.string(), v.regex(/^[\w.-]+\.onnx$/)),
  sha256: Sha256,
  bytes: Count,
  opset: Count,
  vocabularyHash: Sha256,
  vocabularySize: Count,
  contextLength: Count,
  layers: Count,
  headDim: Count,
  lanes: Count,
  usualNats: v.optional(Nats),
  /** Where it stood before it had a name of its own. */
  check: v.optional(v.object({ validNatsPerNoteInt8: v.optional(Nats) })),
});

export function parseModelRecord(text: string): ModelRecord | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  const parsed = v.safeParse(Schema, value);
  if (parsed.success) {
    const { check, usualNats = check?.validNatsPerNoteInt8, ...record } = parsed.output;
    return usualNats === undefined
      ? {
          problem:
            '"usualNats": it does not say what printed music is to the network: export the weights anew',
        }
      : { ...record, usualNats };
  }
  const issue = parsed.issues[0];
  return { problem: `"${v.getDotPath(issue) ?? 'it'}": ${issue.message}` };
}

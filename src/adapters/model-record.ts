import * as v from 'valibot';
import type { ModelRecord } from '../ports.ts';

export type { ModelRecord };

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Count = v.pipe(v.number(), v.integer(), v.minValue(1));

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
});

export function parseModelRecord(text: string): ModelRecord | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  const parsed = v.safeParse(Schema, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  return { problem: `"${v.getDotPath(issue) ?? 'it'}": ${issue.message}` };
}

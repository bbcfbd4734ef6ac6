import * as v from 'valibot';

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What `model/export.py` writes beside the weights; figures and training record are for people. */
const Schema = v.object({
  schema: v.literal(2, 'its schema is not the one this version reads (2): export the weights anew'),
  /** A plain name: the weights lie beside the record. */
  file: v.pipe(v.string(), v.regex(/^[\w.-]+\.onnx$/)),
  sha256: Sha256,
  bytes: Count,
  opset: Count,
  vocabularyHash: Sha256,
  /** Logits a position, padding included. */
  vocabularySize: Count,
  contextLength: Count,
  layers: Count,
  headDim: Count,
  /** Sequences that the graph continues at once. */
  lanes: Count,
});
export type ModelRecord = v.InferOutput<typeof Schema>;

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

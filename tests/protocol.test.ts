import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { frameSchema, MAX_FRAME_BYTES, PROTOCOL, requestSchema } from '../src/wire.ts';

const text = readFileSync(new URL('../docs/protocol.md', import.meta.url), 'utf8');

/** What we read of a schema of valibot's. */
type Schema = {
  type: string;
  pipe?: readonly (Schema & { requirement?: number })[];
  wrapped?: Schema;
  item?: Schema;
  items?: readonly Schema[];
  entries?: Readonly<Record<string, Schema>>;
  options?: readonly string[];
  literal?: string;
};

/** All checks of a schema, those of the schema that it narrows among them. */
const checksOf = ({ pipe = [] }: Schema): { type: string; requirement?: number }[] =>
  pipe.flatMap((part) => [...(part.pipe ? checksOf(part) : []), part]);

/** In the document's words. */
function worded(schema: Schema): string {
  const checks = checksOf(schema);
  const bound = (type: string, pick: (...values: number[]) => number) => {
    const bounds = checks.filter((check) => check.type === type).map(({ requirement }) => requirement!);
    return bounds.length > 0 ? pick(...bounds) : null;
  };
  const [least, most] = [bound('min_value', Math.max), bound('max_value', Math.min)];
  switch (schema.type) {
    case 'literal':
      return `"${schema.literal}"`;
    case 'picklist':
      return schema
        .options!.map((option) => `"${option}"`)
        .join(', ')
        .replace(/, ([^,]+)$/, ' or $1');
    case 'nullable':
      return `${worded(schema.wrapped!)}, or null`;
    case 'optional':
      return `${worded(schema.wrapped!)}; may be absent`;
    case 'string': {
      const length = [bound('min_length', Math.max), bound('max_length', Math.min)];
      return length[1] === null ? 'string' : `string, ${length[0]} to ${length[1]} characters`;
    }
    case 'number': {
      const kind = checks.some(({ type }) => type === 'safe_integer') ? 'integer' : 'number';
      if (most !== null) return `${kind}, ${least} to ${most}`;
      return least === null ? kind : `${kind} ≥ ${least}`;
    }
    case 'tuple':
      return `[${schema.items!.map(worded).join(', ')}]`;
    case 'array':
      return `list of ${worded(schema.item!)}`;
    case 'object': {
      const fields = Object.entries(schema.entries!).map(([name, field]) => `${name}: ${worded(field)}`);
      return `{ ${fields.join(', ')} }`;
    }
    default:
      return schema.type;
  }
}

const tuples = [...text.matchAll(/^`([A-Z]+)` is `(\[.*?\])`/gm)].map(
  ([, name, type]) => [name!, type!] as const,
);
const inFull = (type: string) => tuples.reduce((long, [name, tuple]) => long.replaceAll(name, tuple), type);

/** The rows under each heading of a message, in order: field and type. */
const documented = text
  .split(/^### /m)
  .slice(1)
  .map((section) => ({
    message: /^`(\w+)`/.exec(section)![1],
    fields: [...section.matchAll(/^\| `(\w+)` \| `(.+?)` \|/gm)].map(([, name, type]) => [
      name,
      inFull(type!),
    ]),
  }));

test('every message and field of the wire is in docs/protocol.md with its type, in order, and nothing else is', () => {
  const schemas = [requestSchema, frameSchema].flatMap(({ options }) => options as unknown as Schema[]);
  const defined = schemas.map(({ entries = {} }) => ({
    message: (entries.action ?? entries.type)!.literal,
    fields: Object.entries(entries).map(([name, field]) => [name, worded(field)]),
  }));
  expect(documented).toEqual(defined);
});

test('the version, the longest frame, the path and the rule of the Origin are told', () => {
  expect(text).toContain(`| \`protocol\` | \`number\` | ${PROTOCOL};`);
  expect(text).toContain(`shorter than 32 KB (${MAX_FRAME_BYTES.toLocaleString('en-US')} bytes`);
  expect(text).toContain('ws://HOST/ws');
  expect(text).toContain('**Origin.**');
});

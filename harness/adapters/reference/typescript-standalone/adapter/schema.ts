import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

import type { Node } from './documents.ts';
import { isArray, isObject, scalarText, type Json, type JsonObject } from './json.ts';
import { Misconfigured } from './settings.ts';

/** Gives the keyword that a value does not meet; undefined where it meets all. */
export type Validate = (value: unknown) => string | undefined;

const ajv = new Ajv2020({
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  validateSchema: false,
  ownProperties: true,
  logger: false,
  code: { optimize: false },
});
formats.default(ajv, { mode: 'full' });

/** JSON Schema 2020-12, every format asserted (E5). Throws Misconfigured for a schema that cannot be compiled. */
export function compile(node: Node, prepare: (schema: Json) => Json = (schema) => schema): Validate {
  try {
    const validate = ajv.compile(prepare(bundle(node)) as JsonObject);
    return (value) => (validate(value) ? undefined : (validate.errors?.[0]?.keyword ?? 'false'));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new Misconfigured(`the schema at ${node.url} cannot be used: ${why}`, { cause: error });
  }
}

/** The schema as one document: what its `$ref`s lead to, in other files too, stands in its `$defs`. */
function bundle(root: Node): JsonObject {
  const names = new Map<string, string>();
  const definitions: Record<string, Json> = {};
  const define = (node: Node): string => {
    const known = names.get(node.url);
    if (known !== undefined) return known;
    const name = `d${names.size}`;
    names.set(node.url, name);
    definitions[name] = copy(node);
    return name;
  };
  const copy = (node: Node): Json => {
    const { value } = node;
    if (isArray(value)) return value.map((_, at) => copy(node.child(String(at))));
    if (!isObject(value)) return value ?? false;
    const entries = Object.keys(value)
      .filter((name) => name !== '$schema')
      .map((name): [string, Json] =>
        name === '$ref' && typeof value[name] === 'string'
          ? [name, `#/$defs/${define(node.follow())}`]
          : [name, copy(node.child(name))],
      );
    return Object.fromEntries(entries);
  };
  return { $ref: `#/$defs/${define(root)}`, $defs: definitions };
}

const unchecked = ['traceparent', 'tracestate'];

/** E2: a header schema without what it says of trace context, which is copied and never checked. */
export function withoutTraceContext(schema: Json): Json {
  if (isArray(schema)) return schema.map(withoutTraceContext);
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).map(([name, member]): [string, Json] => {
    if (name === 'required' && isArray(member)) {
      return [name, member.filter((each) => !unchecked.includes(scalarText(each) ?? ''))];
    }
    if (name !== 'properties' || !isObject(member)) return [name, withoutTraceContext(member)];
    const kept = Object.entries(member).filter(([property]) => !unchecked.includes(property));
    return [name, withoutTraceContext(Object.fromEntries(kept))];
  });
  return Object.fromEntries(entries);
}

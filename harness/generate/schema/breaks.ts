/** How a keyword of a schema can be broken: what to leave out of the schemas, and what to demand instead. */
import type { Alternative, Entry } from './alternatives.ts';
import { opposite } from './opposites.ts';
import { way, type Way } from './way.ts';
import { isFormat, looseFormat } from './formats.ts';
import type { JsonSchema, SchemaObject } from './json.ts';
import { isObject, token } from './json.ts';
import { prefixLength } from './members.ts';

/** One keyword of one schema, or one part of it (such as one of the required names). */
export interface Break {
  readonly keyword: string;
  /** Below the schema: `/required/0`. */
  readonly suffix: string;
  /** The schema without the keyword, or without that part. */
  readonly without: SchemaObject;
  readonly ways: readonly Way[];
  /** The name, where the keyword is broken by leaving out a member. */
  readonly missing?: string;
  /** Where the keyword is broken by a member or element being there at all. */
  readonly member?: string;
  /** The schema that has the keyword, where it is not the one that is broken. */
  readonly owner?: JsonSchema;
}

const SIMPLE = [
  'type',
  'const',
  'enum',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'uniqueItems',
  'propertyNames',
  'not',
];

const omit = (schema: SchemaObject, ...keywords: readonly string[]): SchemaObject =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));

export function breaksOf(entry: Entry, of: Alternative): Break[] {
  const { schema } = entry.located;
  const out: Break[] = [];
  const add = (
    keyword: string,
    ways: readonly Way[] | undefined,
    without = omit(schema, keyword),
    more: Partial<Break> = {},
  ): void => {
    if (ways !== undefined && ways.length > 0) out.push({ keyword, suffix: `/${keyword}`, without, ways, ...more });
  };
  for (const keyword of SIMPLE) if (schema[keyword] !== undefined) add(keyword, opposite(keyword, schema));
  for (const keyword of ['additionalProperties', 'unevaluatedProperties'])
    if (schema[keyword] === false) add(keyword, opposite(keyword, schema));
  if (schema['items'] === false) add('items', opposite('items', schema));
  if (schema['unevaluatedItems'] === false)
    add('unevaluatedItems', [way([{ type: 'array', minItems: prefixLength(of) + 1 }])]);
  const format = schema['format'] as string | undefined;
  if (format !== undefined && isFormat(format))
    add('format', [way([{ type: 'string' }], [], [{ notPattern: looseFormat(format) }])]);
  required(schema, add);
  never(schema, add);
  contains(schema, add);
  const anyOf = (schema['anyOf'] ?? []) as JsonSchema[];
  if (anyOf.length > 0) add('anyOf', [way([], anyOf)]);
  const oneOf = (schema['oneOf'] ?? []) as JsonSchema[];
  if (oneOf.length > 0)
    add(
      'oneOf',
      [way([], oneOf), ...oneOf.flatMap((one, i) => oneOf.slice(i + 1).map((other) => way([one, other])))].slice(
        0,
        MAX_WAYS,
      ),
    );
  return out;
}

/** Ways to break one `oneOf`. */
const MAX_WAYS = 12;

type Add = (keyword: string, ways: readonly Way[], without?: SchemaObject, more?: Partial<Break>) => void;

function required(schema: SchemaObject, add: Add): void {
  const names = (schema['required'] ?? []) as string[];
  for (const [index, name] of names.entries()) {
    const without = { ...schema, required: names.toSpliced(index, 1) };
    add('required', [way([{ type: 'object' }], [], [{ forbidden: name }])], without, {
      suffix: `/required/${index}`,
      missing: name,
    });
  }
  const dependent = (schema['dependentRequired'] ?? {}) as Record<string, string[]>;
  for (const [when, needs] of Object.entries(dependent))
    for (const [index, need] of needs.entries()) {
      const without = { ...schema, dependentRequired: { ...dependent, [when]: needs.toSpliced(index, 1) } };
      const ways = [way([{ type: 'object', required: [when] }], [], [{ forbidden: need }])];
      add('dependentRequired', ways, without, { suffix: `/dependentRequired/${token(when)}/${index}`, missing: need });
    }
}

/** Members and elements that may not be there at all. */
function never(schema: SchemaObject, add: Add): void {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  for (const [name, one] of Object.entries(properties)) {
    const by = forbids(one);
    if (by === undefined) continue;
    const without = { ...schema, properties: { ...properties, [name]: true } };
    add(by.keyword, [way([{ type: 'object', required: [name] }])], without, {
      suffix: `/properties/${token(name)}${by.suffix}`,
      owner: by.owner,
      member: name,
    });
  }
  const prefix = (schema['prefixItems'] ?? []) as JsonSchema[];
  for (const [index, one] of prefix.entries()) {
    const by = forbids(one);
    if (by === undefined) continue;
    const without = { ...schema, prefixItems: prefix.with(index, true) };
    add(by.keyword, [way([{ type: 'array', minItems: index + 1 }])], without, {
      suffix: `/prefixItems/${index}${by.suffix}`,
      owner: by.owner,
      member: String(index),
    });
  }
  const dependent = (schema['dependentSchemas'] ?? {}) as Record<string, JsonSchema>;
  for (const [name, one] of Object.entries(dependent)) {
    if (one !== false) continue;
    const without = { ...schema, dependentSchemas: { ...dependent, [name]: true } };
    add('false schema', [way([{ type: 'object', required: [name] }])], without, {
      suffix: `/dependentSchemas/${token(name)}`,
      owner: one,
    });
  }
}

/** What makes a schema one that nothing satisfies, where that shows at once. */
function forbids(schema: JsonSchema): { keyword: string; suffix: string; owner: JsonSchema } | undefined {
  if (schema === false) return { keyword: 'false schema', suffix: '', owner: schema };
  const not = schema === true ? undefined : schema['not'];
  const isAll = not === true || (isObject(not) && Object.keys(not).length === 0);
  return isAll ? { keyword: 'not', suffix: '/not', owner: schema } : undefined;
}

function contains(schema: SchemaObject, add: Add): void {
  const one = schema['contains'] as JsonSchema | undefined;
  if (one === undefined) return;
  const min = (schema['minContains'] ?? 1) as number;
  const without = omit(schema, 'contains', 'minContains', 'maxContains');
  const type = 'array';
  if (min > 0) add('contains', [way([{ type, items: { not: one } }])], without);
  if (min > 1)
    add('minContains', [way([{ type, contains: one, minContains: min - 1, maxContains: min - 1 }])], without);
  if (schema['maxContains'] !== undefined)
    add('maxContains', [way([{ type, contains: one, minContains: (schema['maxContains'] as number) + 1 }])], without);
}

const OF_VALUES = [
  'enum',
  'const',
  'pattern',
  'format',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
];

/** A schema of the same instance, without what would stand in the way of breaking the keyword. */
export function relaxed(schema: SchemaObject, broken: Break): SchemaObject {
  const out = omit(schema, broken.keyword === 'required' ? '' : broken.keyword, ...OF_VALUES);
  const names = (schema['required'] ?? []) as string[];
  return names.length > 0 ? { ...out, required: names.filter((name) => name !== broken.missing) } : out;
}

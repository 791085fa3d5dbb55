import type { JsonSchema, JsonValue, SchemaObject } from './json.ts';
import { speaksOf } from './vocabulary.ts';
import { typeMask } from './type-mask.ts';
import { list, way, type Way } from './way.ts';

/**
 * Ways to break a schema, one for each of its keywords, as far as they can be built. Where a keyword's
 * opposite cannot be built, one way is left open: the result is tested and thrown away when it holds.
 */
export function opposites(schema: SchemaObject): readonly Way[] {
  const out: Way[] = [];
  let open = false;
  for (const keyword of Object.keys(schema)) {
    const made = opposite(keyword, schema);
    if (made === undefined) {
      if (keyword !== 'then' && keyword !== 'else' && !NEUTRAL.has(keyword)) open = true;
    } else out.push(...made);
  }
  return open ? [...out, way([])] : out;
}

const NEUTRAL = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$dynamicAnchor',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'minContains',
  'maxContains',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
  '$vocabulary',
]);

/** Ways to break one keyword; undefined where none can be built. */
export function opposite(keyword: string, schema: SchemaObject): readonly Way[] | undefined {
  const value = schema[keyword];
  const type = speaksOf(keyword);
  const with_ = (facts: SchemaObject): Way[] => [way([{ type, ...facts }])];
  const number = value as number;
  switch (keyword) {
    case 'type':
      return [way([], [], [{ notTypes: typeMask(value) }])];
    case 'const':
      return [way([], [], [{ notValues: [value as JsonValue] }])];
    case 'enum':
      return [way([], [], [{ notValues: value as JsonValue[] }])];
    case 'minimum':
      return with_({ exclusiveMaximum: number });
    case 'maximum':
      return with_({ exclusiveMinimum: number });
    case 'exclusiveMinimum':
      return with_({ maximum: number });
    case 'exclusiveMaximum':
      return with_({ minimum: number });
    case 'multipleOf':
      return [way([{ type }], [], [{ notMultipleOf: number }])];
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return number === 0 ? [] : with_({ [keyword.replace('min', 'max')]: number - 1 });
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return with_({ [keyword.replace('max', 'min')]: number + 1 });
    case 'pattern':
      return [way([{ type }], [], [{ notPattern: value as string }])];
    case 'required':
      return (value as string[]).map((name) => way([{ type }], [], [{ forbidden: name }]));
    case 'dependentRequired':
      return Object.entries(value as Record<string, string[]>).flatMap(([name, needs]) =>
        needs.map((need) => way([{ type, required: [name] }], [], [{ forbidden: need }])),
      );
    case 'properties':
      return Object.entries(value as Record<string, JsonSchema>).map(([name, one]) =>
        way([{ type, required: [name], properties: { [name]: { not: one } } }]),
      );
    case 'uniqueItems':
      return value === true ? [way([{ type, minItems: 2 }], [], [{ repeated: true }])] : [];
    case 'contains':
      return (schema['minContains'] ?? 1) === 0 ? undefined : [way([{ type, items: { not: value as JsonSchema } }])];
    case 'propertyNames':
      return [way([{ type }], [], [{ extras: 1, extraNames: { not: value } }])];
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return value === false ? [way([{ type }], [], [{ extras: 1 }])] : undefined;
    case 'items':
      if (value === false) return with_({ minItems: list(schema['prefixItems']).length + 1 });
      return [way([{ type, minItems: 1 + list(schema['prefixItems']).length, items: { not: value as JsonSchema } }])];
    case 'not':
      return [way([value as JsonSchema])];
    case 'allOf':
      return list(value).map((one) => way([], [one]));
    case 'anyOf':
      return [way([], list(value))];
    default:
      return undefined;
  }
}

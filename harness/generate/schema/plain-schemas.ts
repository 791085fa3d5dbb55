/**
 * Schemas as the simplest of validators can take them: each reference, dynamic ones too, leads to one schema by its number, and
 * there are no identifiers, anchors or annotations. Where references lead has been worked out, not left to the validator.
 */
import type { Documents, Located } from './documents.ts';
import type { JsonSchema, SchemaObject } from './json.ts';

const ASSERTIONS = new Set(
  `type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format
   minItems maxItems uniqueItems minProperties maxProperties required dependentRequired minContains maxContains`.split(
    /\s+/,
  ),
);
const ONE =
  'not if then else items contains unevaluatedItems additionalProperties propertyNames unevaluatedProperties'.split(
    ' ',
  );
const LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const NAMED = ['properties', 'patternProperties', 'dependentSchemas'];
/** Holds for everything, but is not skipped as `true` is: ajv would forget what else has been evaluated. */
const ANYTHING: SchemaObject = { minProperties: 0 };

export class PlainSchemas {
  readonly #documents: Documents;
  readonly #origins = new WeakMap<object, SchemaObject>();
  readonly #taken = new Set<Located>();
  #wanted: Located[] = [];

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  keyOf = ({ id }: Located): string => `urn:schema:${id}`;

  /** The schema that a plain one was made of. */
  originOf = (plain: unknown): SchemaObject | undefined =>
    typeof plain === 'object' && plain !== null ? this.#origins.get(plain) : undefined;

  /** The schema and all that it refers to, with their keys, but for those that were taken before. */
  *take(located: Located): Generator<readonly [key: string, schema: SchemaObject], void> {
    this.#wanted.push(located);
    for (let next = this.#wanted.pop(); next !== undefined; next = this.#wanted.pop()) {
      if (this.#taken.has(next)) continue;
      this.#taken.add(next);
      yield [this.keyOf(next), this.#plain(next)];
    }
  }

  #plain(located: Located): SchemaObject {
    const { schema } = located;
    const out: Record<string, unknown> = {};
    const child = (one: JsonSchema): JsonSchema =>
      typeof one === 'boolean' ? one : this.#plain(this.#documents.locate(one, located));
    const put = (keyword: string, value: unknown): void => void (out[keyword] = value);
    for (const keyword of Object.keys(schema)) if (ASSERTIONS.has(keyword)) put(keyword, schema[keyword]);
    for (const keyword of ONE) if (schema[keyword] !== undefined) put(keyword, child(schema[keyword] as JsonSchema));
    for (const keyword of LIST)
      if (schema[keyword] !== undefined) put(keyword, (schema[keyword] as JsonSchema[]).map(child));
    for (const keyword of NAMED)
      if (schema[keyword] !== undefined)
        put(
          keyword,
          Object.fromEntries(
            Object.entries(schema[keyword] as Record<string, JsonSchema>).map(([name, one]) => [name, child(one)]),
          ),
        );
    if (out['if'] !== undefined) {
      out['then'] ??= ANYTHING;
      out['else'] ??= ANYTHING;
    }
    for (const keyword of ['anyOf', 'oneOf'])
      if (schema[keyword] !== undefined)
        put(
          keyword,
          (out[keyword] as JsonSchema[]).map((one) => (one === true ? ANYTHING : one)),
        );
    const references = (['$ref', '$dynamicRef'] as const)
      .filter((keyword) => schema[keyword] !== undefined)
      .map((keyword) => this.#reference(this.#documents.follow(located, keyword)));
    if (references.length > 0) out['allOf'] = [...references, ...((out['allOf'] ?? []) as JsonSchema[])];
    this.#origins.set(out, schema);
    return out;
  }

  #reference(target: boolean | Located): JsonSchema {
    if (typeof target === 'boolean') return target;
    this.#wanted.push(target);
    return { $ref: this.keyOf(target) };
  }
}

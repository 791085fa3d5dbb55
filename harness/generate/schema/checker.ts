/** What ajv says of a value: as the judge of what could not be built exactly, and of every broken value. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Documents, Located } from './documents.ts';
import { UncheckableSchema } from './errors.ts';
import type { JsonSchema, JsonValue, SchemaObject } from './json.ts';

/** Formats that ajv-formats does not know; no text breaks them here. */
const UNCHECKED = ['iri', 'iri-reference', 'idn-email', 'idn-hostname'];

const ASSERTIONS = new Set(
  `type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format
   minItems maxItems uniqueItems minProperties maxProperties required dependentRequired`.split(/\s+/),
);

export class Checker {
  readonly #documents: Documents;
  readonly #added = new Set<string>();
  readonly #compiled = new Map<unknown, ValidateFunction>();
  #ajv: Ajv2020 | undefined;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  get #instance(): Ajv2020 {
    if (this.#ajv === undefined) {
      this.#ajv = new Ajv2020({
        strict: false,
        allErrors: true,
        verbose: true,
        logger: false,
        validateSchema: false,
        meta: false,
        addUsedSchema: false,
        inlineRefs: false,
      });
      addFormats.default(this.#ajv);
      for (const name of UNCHECKED) this.#ajv.addFormat(name, true);
    }
    for (const [uri, schema] of this.#documents.loaded) {
      if (this.#added.has(uri)) continue;
      this.#added.add(uri);
      this.#ajv.addSchema(schema, uri);
    }
    return this.#ajv;
  }

  /** Whether the value satisfies the schema at that place. @throws {UncheckableSchema} */
  holds(located: Located, value: JsonValue): boolean {
    const { uri, path } = located;
    if (uri === undefined) throw new Error('only a schema of the document can be checked');
    return this.#judge(uri, path, () => ({ $ref: uri }), value).valid;
  }

  /** Whether the value satisfies the keywords that hold no schemas. @throws {UncheckableSchema} */
  holdsAlone(schema: SchemaObject, path: string, value: JsonValue): boolean {
    const plain = (): SchemaObject =>
      Object.fromEntries(Object.entries(schema).filter(([keyword]) => ASSERTIONS.has(keyword)));
    return this.#judge(schema, path, plain, value).valid;
  }

  /** All errors of the value under the root schema; empty where it is valid. @throws {UncheckableSchema} */
  errors(value: JsonValue): readonly ErrorObject[] {
    const { root, rootUri } = this.#documents;
    return this.#judge(this, '', () => (typeof root === 'boolean' ? root : { $ref: rootUri }), value).errors;
  }

  #judge(
    key: unknown,
    path: string,
    schema: () => JsonSchema,
    value: JsonValue,
  ): { readonly valid: boolean; readonly errors: readonly ErrorObject[] } {
    try {
      const ajv = this.#instance;
      let validate = this.#compiled.get(key);
      if (validate === undefined) {
        validate = ajv.compile(schema());
        this.#compiled.set(key, validate);
      }
      const valid = validate(value);
      return { valid, errors: valid ? [] : [...(validate.errors ?? [])] };
    } catch (cause) {
      throw new UncheckableSchema(path, (cause as Error).message, { cause });
    }
  }
}

/** What ajv says of a value: as the judge of what could not be built exactly, and of every broken value. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Documents, Located } from './documents.ts';
import type { JsonValue, SchemaObject } from './json.ts';

/** Formats that ajv-formats does not know; no text breaks them here. */
const UNCHECKED = ['iri', 'iri-reference', 'idn-email', 'idn-hostname'];

const ASSERTIONS = new Set(
  `type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format
   minItems maxItems uniqueItems minProperties maxProperties required dependentRequired`.split(/\s+/),
);

export class Checker {
  readonly #documents: Documents;
  readonly #added = new Set<string>();
  readonly #byUri = new Map<string, ValidateFunction>();
  readonly #alone = new Map<SchemaObject, ValidateFunction>();
  #ajv: Ajv2020 | undefined;
  #whole: ValidateFunction | undefined;

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

  /** Whether the value satisfies the schema at that place. */
  holds(located: Located, value: JsonValue): boolean {
    if (located.uri === undefined) throw new Error('only a schema of the document can be checked');
    let validate = this.#byUri.get(located.uri);
    if (validate === undefined) {
      validate = this.#instance.compile({ $ref: located.uri });
      this.#byUri.set(located.uri, validate);
    }
    return validate(value);
  }

  /** Whether the value satisfies the keywords that hold no schemas. */
  holdsAlone(schema: SchemaObject, value: JsonValue): boolean {
    let validate = this.#alone.get(schema);
    if (validate === undefined) {
      const plain = Object.fromEntries(Object.entries(schema).filter(([keyword]) => ASSERTIONS.has(keyword)));
      validate = this.#instance.compile(plain);
      this.#alone.set(schema, validate);
    }
    return validate(value);
  }

  /** All errors of the value under the root schema; empty where it is valid. */
  errors(value: JsonValue): readonly ErrorObject[] {
    this.#whole ??= this.#instance.compile(
      typeof this.#documents.root === 'boolean' ? this.#documents.root : { $ref: this.#documents.rootUri },
    );
    return this.#whole(value) ? [] : [...(this.#whole.errors ?? [])];
  }
}

/** What ajv says of a value: as the judge of what could not be built exactly, and of every broken value. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { PlainSchemas } from './plain-schemas.ts';
import type { Documents, Located } from './documents.ts';
import { UncheckableSchema } from './errors.ts';
import { looseFormat } from './formats.ts';
import type { JsonValue, SchemaObject } from './json.ts';

/** Formats that ajv-formats does not know: here only what no validator takes is against them. */
const UNKNOWN_TO_AJV = ['iri', 'iri-reference', 'idn-email', 'idn-hostname'];

/** One keyword that a value breaks. */
export interface Failure {
  readonly keyword: string;
  /** JSON Pointer into the instance. */
  readonly path: string;
  /** The schema that has the keyword; undefined where it is `false`. */
  readonly schema: SchemaObject | undefined;
  /** The member that `required` or `dependentRequired` misses. */
  readonly missing: string | undefined;
  /** The failure is one of a member's name. */
  readonly ofName: boolean;
}

export class Checker {
  readonly #documents: Documents;
  readonly #plain: PlainSchemas;
  readonly #compiled = new Map<Located, ValidateFunction>();
  #ajv: Ajv2020 | undefined;

  constructor(documents: Documents) {
    this.#documents = documents;
    this.#plain = new PlainSchemas(documents);
  }

  get #instance(): Ajv2020 {
    if (this.#ajv !== undefined) return this.#ajv;
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
    for (const name of UNKNOWN_TO_AJV) this.#ajv.addFormat(name, new RegExp(looseFormat(name), 'u'));
    return this.#ajv;
  }

  /** Whether the value satisfies the schema. @throws {UncheckableSchema} */
  holds(located: Located, value: JsonValue): boolean {
    return this.#judge(located, (validate) => validate(value));
  }

  /** All that the value breaks under the root schema; empty where it is valid. @throws {UncheckableSchema} */
  failures(value: JsonValue): readonly Failure[] {
    const root = this.#documents.start();
    if (typeof root === 'boolean')
      return root ? [] : [{ keyword: 'false schema', path: '', schema: undefined, missing: undefined, ofName: false }];
    return this.#judge(root, (validate) =>
      validate(value)
        ? []
        : (validate.errors ?? []).map((error) => ({
            keyword: error.keyword,
            path: error.instancePath,
            schema: this.#plain.originOf(error.parentSchema),
            missing: error.params['missingProperty'] as string | undefined,
            ofName: error.propertyName !== undefined,
          })),
    );
  }

  #judge<T>(located: Located, ask: (validate: ValidateFunction) => T): T {
    try {
      let validate = this.#compiled.get(located);
      if (validate === undefined) {
        for (const [key, schema] of this.#plain.take(located)) this.#instance.addSchema(schema, key);
        validate = this.#instance.compile({ $ref: this.#plain.keyOf(located) });
        this.#compiled.set(located, validate);
      }
      return ask(validate);
    } catch (cause) {
      throw new UncheckableSchema(located.path, (cause as Error).message, { cause });
    }
  }
}

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Message } from '../../model/flow.ts';
import { isJsonObject, valuesAt, type JsonObject, type JsonSchema, type JsonValue } from '../../model/json.ts';
import { sample, SchemaError, valid, type SchemaSource } from '../schema/index.ts';

type Headers = Readonly<Record<string, string>>;

interface Prepared {
  readonly schema: JsonObject;
  readonly validate: ValidateFunction;
  /** The schema of one header's value, by its name. */
  readonly texts: Map<string, SchemaSource>;
}

const ajv = new Ajv2020({ strict: false, validateFormats: true, allErrors: true });
addFormats.default(ajv);
const prepared = new WeakMap<object, Prepared>();
/** Draws of a set of headers until one has a value that can travel; and passes until one value no longer asks for another. */
const mostDraws = 40;
const mostPasses = 8;

/** Keywords that say of a set of headers which one is wrong, and where they say it. */
const namedBy: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
};

/** The names of the headers that the message's header schema has something to say against; of one that is missing too. */
export function headerFaults(message: Message, headers: Headers): ReadonlySet<string> {
  const { validate } = preparedOf(message);
  if (validate(headers)) return new Set();
  return new Set(
    (validate.errors ?? []).flatMap(({ keyword, instancePath, params }) => {
      const named: unknown = params[namedBy[keyword] ?? ''];
      const name = typeof named === 'string' ? named : instancePath.slice(1);
      return name === '' ? [] : [name];
    }),
  );
}

/** Whether the header schema has nothing against one header's value. */
export const acceptsHeader = (message: Message, name: string, value: string): boolean =>
  !headerFaults(message, { [name]: value }).has(name);

/** A value of one header as the header schema allows it; the same seed gives the same one. Undefined where none was found. */
export function drawHeader(message: Message, name: string, seed: number): string | undefined {
  const { schema, texts } = preparedOf(message);
  const known = texts.get(name) ?? { schema: textOf(schema, name) };
  texts.set(name, known);
  for (let draw = 0; draw < mostDraws; draw++) {
    const value = drawn(known, seed + draw);
    if (typeof value === 'string' && travels(value) && acceptsHeader(message, name, value)) return value;
  }
  return undefined;
}

/** Undefined where the generator can make nothing of the schema. */
function drawn(source: SchemaSource, seed: number): unknown {
  try {
    return sample(valid(source), seed, 1)[0];
  } catch (cause) {
    if (cause instanceof SchemaError) return undefined;
    throw cause;
  }
}

/** The headers, in which each one that the schema has something against, or misses, is drawn from it; the `kept` ones stay. */
export function meetHeaderSchema(
  message: Message,
  headers: Headers,
  kept: ReadonlySet<string>,
  seedOfHeader: (name: string) => number,
): Record<string, string> {
  const met = { ...headers };
  for (let pass = 0; pass < mostPasses; pass++) {
    const wanting = [...headerFaults(message, met)].filter((name) => !kept.has(name));
    if (wanting.length === 0) break;
    for (const name of wanting) {
      const value = drawHeader(message, name, seedOfHeader(name) + pass);
      if (value !== undefined) met[name] = value;
    }
  }
  return met;
}

/** Visible characters of ASCII, with blanks between them only: what every client passes on as it is. */
const travels = (value: string): boolean => /^[!-~]+( +[!-~]+)*$/.test(value);

function preparedOf(message: Message): Prepared {
  const schema = isJsonObject(message.headers) ? message.headers : {};
  const known = prepared.get(schema);
  if (known !== undefined) return known;
  const made = { schema, validate: ajv.compile(schema), texts: new Map<string, SchemaSource>() };
  prepared.set(schema, made);
  return made;
}

/** The schema of one header: a text that meets all that a header schema says of it at its top, through `allOf` and references. */
function textOf(root: JsonObject, name: string): JsonSchema {
  const found: JsonValue[] = [];
  const visited = new Set<JsonValue>();
  const visit = (schema: JsonValue | undefined): void => {
    if (!isJsonObject(schema) || visited.has(schema)) return;
    visited.add(schema);
    const { properties, allOf, $ref } = schema;
    const member = isJsonObject(properties) ? properties[name] : undefined;
    if (member !== undefined) found.push(member);
    if (Array.isArray(allOf)) (allOf as readonly JsonValue[]).forEach(visit);
    if (typeof $ref === 'string' && $ref.startsWith('#/$defs/')) visit(valuesAt(root, $ref.slice(1))[0]);
  };
  visit(root);
  const { $defs } = root;
  return { ...($defs === undefined ? {} : { $defs }), allOf: [{ type: 'string', minLength: 1 }, ...found] };
}

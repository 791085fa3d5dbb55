import { isJsonObject, type JsonObject, type JsonSchema, type JsonValue } from '../../model/json.ts';

/** What a bundled schema says of one place of the instance. Each schema has the root's `$defs`, so that it stands alone. */
export interface Field {
  /** Schemas that judge it in every case. */
  readonly always: readonly JsonSchema[];
  /** Schemas that judge it in some branch of `anyOf` or `oneOf` only. */
  readonly sometimes: readonly JsonSchema[];
  /** Whether it, and all above it, must be there in every case. */
  readonly required: boolean;
}

/** The field at a JSON Pointer (`*` for items) of a bundled schema; undefined where the schema says nothing of it. */
export function fieldAt(root: JsonSchema, pointer: string): Field | undefined {
  let any: readonly JsonValue[] = [root];
  let sure: readonly JsonValue[] = [root];
  let required = true;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const always = expand(root, sure, conjunctive);
    required &&= name === '*' || always.some((schema) => requiredOf(schema).includes(name));
    any = expand(root, any, branches).flatMap((schema) => membersOf(schema, name));
    sure = always.flatMap((schema) => membersOf(schema, name));
    if (any.length === 0) return undefined;
  }
  const definitions = isJsonObject(root) ? root['$defs'] : undefined;
  const alone = (schema: JsonValue): JsonSchema =>
    isJsonObject(schema) && definitions !== undefined ? { ...schema, $defs: definitions } : (schema as JsonSchema);
  return {
    always: sure.map(alone),
    sometimes: any.filter((schema) => !sure.includes(schema)).map(alone),
    required,
  };
}

/** Every value that keyword `name` has in one of the schemas of a field, following references and branches. */
export function keywordValues(root: JsonSchema, pointer: string, name: string): readonly JsonValue[] {
  const field = fieldAt(root, pointer);
  return expand(root, [...(field?.always ?? []), ...(field?.sometimes ?? [])], branches).flatMap((schema) => {
    const value = schema[name];
    return value === undefined ? [] : [value];
  });
}

/** The names that every instance must have at its top: by `required`, through `allOf` and references. */
export function requiredNames(root: JsonSchema): ReadonlySet<string> {
  return new Set(expand(root, [root], conjunctive).flatMap(requiredOf));
}

const branches = ['allOf', 'anyOf', 'oneOf'] as const;
const conjunctive = ['allOf'] as const;

/** Every schema that judges the same value as one of these, following references and the keywords `through`. */
function expand(root: JsonSchema, starts: readonly JsonValue[], through: readonly string[]): readonly JsonObject[] {
  const found = new Set<JsonObject>();
  const visit = (value: JsonValue | undefined): void => {
    if (!isJsonObject(value) || found.has(value)) return;
    found.add(value);
    visit(target(root, value));
    for (const keyword of through) {
      const list = value[keyword];
      if (Array.isArray(list)) for (const item of list as readonly JsonValue[]) visit(item);
    }
  };
  for (const start of starts) visit(start);
  return [...found];
}

function target(root: JsonSchema, schema: JsonObject): JsonValue | undefined {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !isJsonObject(root)) return undefined;
  if (reference === '#') return root;
  const definitions = root['$defs'];
  return isJsonObject(definitions) ? definitions[reference.replace('#/$defs/', '')] : undefined;
}

function membersOf(schema: JsonObject, name: string): readonly JsonValue[] {
  const { properties, items } = schema;
  if (name === '*') return items === undefined ? [] : [items];
  const member = isJsonObject(properties) ? properties[name] : undefined;
  return member === undefined ? [] : [member];
}

function requiredOf(schema: JsonObject): readonly string[] {
  const { required } = schema;
  return Array.isArray(required) ? (required as readonly string[]) : [];
}

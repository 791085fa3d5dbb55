import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { child, cursorId, placeAt, resolveReference, valueAt, type Cursor } from '../source/reference.ts';
import type { ServiceFolder } from '../source/folder.ts';
import type { Mistakes } from '../mistakes.ts';
import { formats } from '../validate/ajv.ts';
import { dialect, keywords, refusedKeywords } from './keywords.ts';

/** A regular expression of a schema, with the longest text that it is tried on where the schema says one. */
export interface Expression {
  readonly at: Cursor;
  readonly source: string;
  readonly maxLength: number | undefined;
}

/** From one schema to another that judges it too: the same place of the payload (`within`), or one inside of it. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly at: 'within' | 'below';
  readonly cursor: Cursor;
}

/** What a reading of schemas found; shared by all the schemas of a service, so that each is read once. */
export interface SchemaFindings {
  readonly seen: Set<string>;
  readonly expressions: Expression[];
  readonly edges: Edge[];
}

export function newFindings(): SchemaFindings {
  return { seen: new Set(), expressions: [], edges: [] };
}

/** Reads a schema and all that it refers to; says every keyword, format, expression and reference that is not sound. */
export function walkSchema(folder: ServiceFolder, at: Cursor, findings: SchemaFindings, mistakes: Mistakes): void {
  const id = cursorId(at);
  if (findings.seen.has(id)) return;
  findings.seen.add(id);
  const schema = valueAt(at);
  if (typeof schema === 'boolean') return;
  if (!isJsonObject(schema)) {
    mistakes.add(placeAt(at), 'a schema is an object, true or false', 'write a JSON Schema here');
    return;
  }
  for (const [name, held] of Object.entries(schema)) {
    const here = child(at, name);
    const keyword = keywords.get(name);
    if (keyword === undefined) {
      if (!name.startsWith('x-')) sayUnknown(here, name, mistakes);
    } else if (keyword.holds === 'value') {
      readValue(folder, here, name, held, schema, findings, mistakes);
    } else {
      for (const inner of innerSchemas(here, keyword.holds, held, mistakes)) {
        if (keyword.at !== undefined)
          findings.edges.push({ from: id, to: cursorId(inner), at: keyword.at, cursor: inner });
        walkSchema(folder, inner, findings, mistakes);
      }
    }
    if (name === 'patternProperties' && isJsonObject(held)) {
      for (const source of Object.keys(held))
        readExpression(child(here, source), source, undefined, findings, mistakes);
    }
  }
}

function sayUnknown(here: Cursor, name: string, mistakes: Mistakes): void {
  const instead = refusedKeywords.get(name);
  if (instead !== undefined) mistakes.add(placeAt(here), `the keyword ${name} is not read here`, instead);
  else {
    const what = `unknown JSON Schema keyword ${JSON.stringify(name)}`;
    mistakes.add(placeAt(here), what, 'correct its spelling, or begin it with x- if it is an annotation of your own');
  }
}

function innerSchemas(here: Cursor, holds: string, held: JsonValue, mistakes: Mistakes): readonly Cursor[] {
  if (holds === 'schema') return [here];
  if (holds === 'schemas' ? Array.isArray(held) : isJsonObject(held)) {
    return Object.keys(held as object).map((name) => child(here, holds === 'schemas' ? Number(name) : name));
  }
  const shape = holds === 'schemas' ? 'a list of schemas' : 'a mapping of names to schemas';
  mistakes.add(placeAt(here), `${String(here.path.at(-1))} holds ${shape}`, 'write it so');
  return [];
}

function readValue(
  folder: ServiceFolder,
  here: Cursor,
  name: string,
  held: JsonValue,
  schema: Readonly<Record<string, JsonValue>>,
  findings: SchemaFindings,
  mistakes: Mistakes,
): void {
  if (name === '$ref' && typeof held === 'string') {
    const target = resolveReference(folder, here.source, held);
    if ('what' in target) mistakes.add(placeAt(here), target.what, target.next);
    else {
      const from = cursorId({ source: here.source, path: here.path.slice(0, -1) });
      findings.edges.push({ from, to: cursorId(target), at: 'within', cursor: here });
      walkSchema(folder, target, findings, mistakes);
    }
  } else if (name === 'pattern' && typeof held === 'string') {
    const { maxLength } = schema;
    readExpression(here, held, typeof maxLength === 'number' ? maxLength : undefined, findings, mistakes);
  } else if (name === 'format' && typeof held === 'string' && !(formats as readonly string[]).includes(held)) {
    mistakes.add(placeAt(here), `unknown format ${JSON.stringify(held)}`, `use one of ${formats.join(', ')}`);
  } else if (name === '$schema' && held !== dialect) {
    mistakes.add(placeAt(here), 'the schema is of another draft', `write $schema: ${dialect}, or leave it out`);
  }
}

function readExpression(
  at: Cursor,
  source: string,
  maxLength: number | undefined,
  findings: SchemaFindings,
  mistakes: Mistakes,
): void {
  try {
    void new RegExp(source, 'u');
    findings.expressions.push({ at, source, maxLength });
  } catch {
    const what = 'the pattern is no regular expression of ECMA-262 with the u flag';
    mistakes.add(placeAt(at), what, 'correct it; with the u flag only syntax characters may be escaped');
  }
}

import { readFile } from 'node:fs/promises';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { nearest } from '../../model/nearest.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt, valueAt, type Cursor } from '../source/reference.ts';
import { newAjv } from '../validate/ajv.ts';

/** The contracts of the product itself, where the schemas of the extensions and catalogues stand. */
export const ownContracts = new URL('../../../contracts/', import.meta.url);

export type ShapeName =
  | 'flow'
  | 'rules'
  | 'clauses'
  | 'profiles'
  | 'requirements'
  | 'port-rules'
  | 'adapter'
  | 'states';

/** The JSON Schema of an extension or a catalogue, compiled. */
export interface Shape {
  readonly schema: JsonObject;
  readonly validate: ValidateFunction;
}

const shapes = new Map<ShapeName, Promise<Shape>>();

export function shapeOf(name: ShapeName): Promise<Shape> {
  const known = shapes.get(name) ?? loadShape(name);
  shapes.set(name, known);
  return known;
}

async function loadShape(name: ShapeName): Promise<Shape> {
  const schema = JSON.parse(await readFile(new URL(`${name}.schema.json`, ownContracts), 'utf8')) as JsonObject;
  return { schema, validate: newAjv({ allErrors: true, verbose: true }).compile(schema) };
}

/** Whether the value meets the shape; says every mistake at its place, with what the schema says of it as the next step. */
export function meetsShape(shape: Shape, at: Cursor, title: string, mistakes: Mistakes): boolean {
  if (shape.validate(valueAt(at))) return true;
  const errors = shape.validate.errors ?? [];
  const told = errors.filter(({ keyword }) => !['if', 'oneOf', 'allOf'].includes(keyword));
  for (const error of told.length === 0 ? errors : told) sayError(shape, at, title, error, mistakes);
  return false;
}

function sayError(shape: Shape, at: Cursor, title: string, error: ErrorObject, mistakes: Mistakes): void {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const params = error.params as Readonly<Record<string, unknown>>;
  const where = [title, ...path].join('.');
  const describe = (name: unknown): string => {
    const { properties } = shape.schema;
    const property = isJsonObject(properties) ? properties[String(name)] : undefined;
    return isJsonObject(property) && typeof property['description'] === 'string' ? ` ${property['description']}` : '';
  };
  const here = child(at, ...path);
  const name = path.at(-1) ?? '';
  switch (error.keyword) {
    case 'required':
      mistakes.add(
        placeAt(here),
        `${where} lacks ${String(params['missingProperty'])}`,
        `add it.${describe(params['missingProperty'])}`,
      );
      return;
    case 'additionalProperties': {
      const unknown = String(params['additionalProperty']);
      const near = nearest(unknown, namesIn(error.parentSchema));
      const meant = near === undefined ? '' : `; did you mean ${near}?`;
      mistakes.add(
        placeAt(child(here, unknown)),
        `${where} has no ${unknown}${meant}`,
        'correct its spelling, or delete it',
      );
      return;
    }
    case 'false schema':
      mistakes.add(
        placeAt(here),
        `${where} does not go with the rest of ${title}`,
        `delete it, or change the rest.${describe(name)}`,
      );
      return;
    case 'enum':
      mistakes.add(
        placeAt(here),
        `${where} is none of ${(params['allowedValues'] as readonly unknown[]).map(String).join(', ')}`,
        `write one of them.${describe(name)}`,
      );
      return;
    case 'const':
      mistakes.add(
        placeAt(here),
        `${where} must be ${JSON.stringify(params['allowedValue'])} here`,
        `change it, or what it goes with.${describe(name)}`,
      );
      return;
    default:
      mistakes.add(placeAt(here), `${where} ${error.message ?? 'is wrong'}`, `correct it.${describe(name)}`);
  }
}

/** The members that a schema names. */
function namesIn(schema: unknown): readonly string[] {
  const properties = isJsonObject(schema as JsonObject) ? (schema as JsonObject)['properties'] : undefined;
  return isJsonObject(properties) ? Object.keys(properties) : [];
}

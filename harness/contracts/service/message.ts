import type { Message, Rule } from '../../model/flow.ts';
import type { JsonValue } from '../../model/json.ts';
import { jsonDigest } from '../digest.ts';
import type { Mistakes } from '../mistakes.ts';
import { bundle } from '../schema/bundle.ts';
import { keywordValues } from '../schema/fields.ts';
import { walkSchema, type SchemaFindings } from '../schema/walk.ts';
import type { ServiceFolder } from '../source/folder.ts';
import { child, follow, placeAt, valueAt, type Cursor } from '../source/reference.ts';
import { objectAt, textAt } from './document.ts';
import { meetsShape, shapeOf } from './shape.ts';

/** A message with where it stands in the document. */
export interface ReadMessage extends Message {
  readonly at: Cursor;
}

const exampleName = /^examples\/([^./]+)(?:\.([a-z0-9-]+))?\.(valid|invalid)\.json$/;

/** Reads one message: its schemas walked and bundled, its rules, its examples. */
export async function readMessage(
  folder: ServiceFolder,
  name: string,
  at: Cursor,
  findings: SchemaFindings,
  mistakes: Mistakes,
): Promise<ReadMessage | undefined> {
  if (textAt(child(at, 'name')) !== name) {
    const what = `message ${name} has another name, or none: its name is its ce-type`;
    mistakes.add(placeAt(child(at, 'name')), what, `write name: ${name}`);
  }
  if ((textAt(child(at, 'contentType')) ?? 'application/json') !== 'application/json') {
    mistakes.add(
      placeAt(child(at, 'contentType')),
      `message ${name} is not JSON`,
      'write contentType: application/json',
    );
  }
  for (const unread of ['traits', 'correlationId', 'examples']) {
    if (valueAt(child(at, unread)) === undefined) continue;
    const what = `${unread} of a message are not read`;
    mistakes.add(
      placeAt(child(at, unread)),
      what,
      'write headers and payload out; put examples into the folder examples',
    );
  }
  const payloadAt = readSchema(folder, name, child(at, 'payload'), findings, mistakes);
  const headersAt = readSchema(folder, name, child(at, 'headers'), findings, mistakes);
  const rules = await readRules(child(at, 'x-rules'), name, mistakes);
  if (payloadAt === undefined || headersAt === undefined || rules === undefined) return undefined;
  const payload = bundle(folder, payloadAt);
  const headers = bundle(folder, headersAt);
  const schemaDigest = jsonDigest(payload);
  checkPin(child(at, 'x-schema-sha256'), schemaDigest, mistakes);
  const dataschema = keywordValues(headers, '/ce-dataschema', 'const').find((value) => typeof value === 'string') ?? '';
  return {
    at,
    name,
    title: textAt(child(at, 'title')) ?? name,
    dataschema,
    schemaDigest,
    payload,
    headers,
    rules,
    examples: examplesOf(folder, name),
  };
}

function readSchema(
  folder: ServiceFolder,
  message: string,
  at: Cursor,
  findings: SchemaFindings,
  mistakes: Mistakes,
): Cursor | undefined {
  const part = String(at.path.at(-1));
  if (valueAt(at) === undefined) {
    mistakes.add(
      placeAt(at),
      `message ${message} has no ${part} schema`,
      `write ${part}: a JSON Schema, or a $ref to one`,
    );
    return undefined;
  }
  if (valueAt(child(at, 'schemaFormat')) !== undefined) {
    const what = `the ${part} of message ${message} names a schemaFormat`;
    mistakes.add(
      placeAt(child(at, 'schemaFormat')),
      what,
      'write the schema itself: it is read as JSON Schema 2020-12',
    );
    return undefined;
  }
  walkSchema(folder, at, findings, mistakes);
  const bare = Object.keys(objectAt(at)).join() === '$ref';
  return bare ? follow(folder, at, mistakes) : at;
}

async function readRules(at: Cursor, message: string, mistakes: Mistakes): Promise<readonly Rule[] | undefined> {
  const value = valueAt(at);
  if (value === undefined) return [];
  const met = meetsShape(await shapeOf('rules'), at, `x-rules of ${message}`, mistakes);
  return met ? (value as unknown as readonly Rule[]) : undefined;
}

function checkPin(at: Cursor, digest: string, mistakes: Mistakes): void {
  const pinned = valueAt(at);
  if (pinned === undefined || pinned === digest) return;
  const what = 'the payload schema is not the one that x-schema-sha256 pins';
  mistakes.add(placeAt(at), what, `if the change is meant, write x-schema-sha256: '${digest}'`);
}

function examplesOf(folder: ServiceFolder, message: string): Message['examples'] {
  return exampleFiles(folder).flatMap(({ of, label, valid, payload }) =>
    of === message ? [{ name: [message, ...label].join('.'), valid, payload }] : [],
  );
}

/** The files of the folder's `examples`; `of` is undefined where a file's name does not say what it is. */
export function exampleFiles(folder: ServiceFolder) {
  return [...folder.sources.values()].flatMap((source) => {
    if (!source.name.startsWith('examples/')) return [];
    const match = exampleName.exec(source.name);
    const label = match?.[2] === undefined ? [] : [match[2]];
    const payload: JsonValue = source.value;
    return [{ source, of: match?.[1], label, valid: match?.[3] === 'valid', payload }];
  });
}

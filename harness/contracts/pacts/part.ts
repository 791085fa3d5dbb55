import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { PactPart, PactState } from '../../model/pact.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt, valueAt, type Cursor } from '../source/reference.ts';
import { readGenerators } from './generators.ts';
import { readRules } from './matching-rules.ts';

/** A part before its message is known. */
export type RawPart = Omit<PactPart, 'type'> & { readonly at: Cursor };

/** Reads a message, a request or a response of an interaction. What its bodies are written as makes no difference. */
export function readPart(at: Cursor, states: readonly PactState[], mistakes: Mistakes): RawPart {
  const contents = readContents(at, mistakes);
  return {
    ...(contents === undefined ? {} : { contents }),
    metadata: readMetadata(at, mistakes),
    matchingRules: readRules(child(at, 'matchingRules'), mistakes),
    generators: readGenerators(child(at, 'generators'), states, mistakes),
    place: placeAt(at),
    at,
  };
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});

/**
 * The body: in version 4 an object that says how its content is written (as JSON, as text that holds JSON, in base64), in version 3
 * the JSON itself, or text.
 */
function readContents(at: Cursor, mistakes: Mistakes): JsonValue | undefined {
  const cursor = child(at, 'contents');
  const contents = valueAt(cursor);
  if (contents === undefined || contents === null) return undefined;
  const refuse = (what: string): undefined => {
    mistakes.add(placeAt(cursor), what, 'give the contents as JSON: every message of a service is JSON');
    return undefined;
  };
  const wrapped =
    isJsonObject(contents) && 'content' in contents && ('encoded' in contents || 'contentType' in contents);
  if (!wrapped) return typeof contents === 'string' ? parsed(contents, refuse) : contents;
  const { content, contentType, encoded } = contents;
  if (typeof contentType === 'string' && contentType !== '' && !/^[^;]*[/+]json\s*(;|$)/i.test(contentType)) {
    return refuse(`the contents are ${contentType}, and every message of a service is application/json`);
  }
  if (content === undefined || content === null) return undefined;
  const isBase64 = encoded === true || (typeof encoded === 'string' && encoded.toLowerCase() === 'base64');
  if (isBase64) {
    if (typeof content !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(content)) {
      return refuse('the contents are said to be base64, and are not');
    }
    return parsed(Buffer.from(content, 'base64').toString('utf8'), refuse);
  }
  if (typeof encoded === 'string' && encoded.toLowerCase() === 'json') {
    return typeof content === 'string' ? parsed(content, refuse) : content;
  }
  if (encoded !== undefined && encoded !== false && encoded !== '') {
    return refuse(`the contents are encoded in a way that is not known: ${JSON.stringify(encoded)}`);
  }
  return typeof content === 'string' ? parsedIfJson(content) : content;
}

function parsed(text: string, refuse: (what: string) => undefined): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return refuse('the contents are no JSON');
  }
}

/** A text that is written as it is may be JSON in a text, or a JSON text itself. */
function parsedIfJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** `metadata`, or `metaData` as some libraries write it. Headers are text: numbers are written as text. */
function readMetadata(at: Cursor, mistakes: Mistakes): Readonly<Record<string, string>> {
  const cursor = ['metadata', 'metaData'].map((name) => child(at, name)).find((found) => valueAt(found) !== undefined);
  if (cursor === undefined) return {};
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(objectOf(valueAt(cursor)))) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      found[name] = String(value);
    } else {
      mistakes.add(
        placeAt(child(cursor, name)),
        `the metadata ${name} is no text, and a header is`,
        'give it as a text',
      );
    }
  }
  return found;
}

import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { nearest } from '../../model/nearest.ts';
import type { PactState } from '../../model/pact.ts';
import { datePattern, datePatterns, generatorTypes, namesIn } from '../../model/pact-generators.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt, valueAt, type Cursor } from '../source/reference.ts';

/**
 * The generators of a part, in the categories `body` and `metadata`. One that cannot be applied is a mistake: passed over, it would leave
 * the example, which nobody meant.
 */
export function readGenerators(at: Cursor, states: readonly PactState[], mistakes: Mistakes): JsonObject {
  const value = valueAt(at);
  if (!isJsonObject(value)) return {};
  const read: Record<string, Record<string, JsonValue>> = {};
  for (const [category, found] of Object.entries(value)) {
    const name = ['content', 'contents'].includes(category) ? 'body' : category === 'metaData' ? 'metadata' : category;
    if (isJsonObject(found) && Object.keys(found).length === 0) continue;
    if ((name !== 'body' && name !== 'metadata') || !isJsonObject(found)) {
      const what = `generators for ${JSON.stringify(category)} are not known: a message has body and metadata`;
      mistakes.add(
        placeAt(child(at, category)),
        what,
        'write them under body or metadata, as versions 3 and 4 have it',
      );
      continue;
    }
    for (const [written, generator] of Object.entries(found)) {
      // Older writers leave out the root.
      const path = name === 'metadata' || written.startsWith('$') ? written : `$.${written}`;
      const place = child(at, category, written);
      checkGenerator(place, path, generator, states, mistakes);
      // `['a b']` and the like; what is generated has to have a place in the example.
      if (name === 'body' && !/^\$(\.[\w-]+|\[\d+\]|\['[^']*'\])*$/.test(path)) {
        const next = 'write a generator for each place, or give an example in place of it';
        mistakes.add(placeAt(place), `the generator for ${path} has no single place`, next);
      }
      read[name] = { ...read[name], [path]: generator };
    }
  }
  return read;
}

function checkGenerator(
  at: Cursor,
  path: string,
  generator: JsonValue,
  states: readonly PactState[],
  mistakes: Mistakes,
): void {
  const type = isJsonObject(generator) ? generator['type'] : undefined;
  const needs = typeof type === 'string' ? generatorTypes[type] : undefined;
  if (!isJsonObject(generator) || typeof type !== 'string' || needs === undefined) {
    const near = typeof type === 'string' ? nearest(type, Object.keys(generatorTypes)) : undefined;
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    const what = `the generator for ${path} is of a kind that is not known here: ${JSON.stringify(type ?? null)}${meant}`;
    mistakes.add(
      placeAt(at),
      what,
      `give an example in place of it, or use one of ${Object.keys(generatorTypes).join(', ')}`,
    );
    return;
  }
  const missing = needs.find((name) => typeof generator[name] !== 'string');
  if (missing !== undefined) {
    mistakes.add(placeAt(at), `the generator ${type} for ${path} has no ${missing}`, `add ${missing}, a text`);
    return;
  }
  const format = generator['format'];
  if (datePatterns[type] !== undefined && typeof format === 'string' && format.replaceAll(datePattern, '') !== '') {
    const what = `the generator ${type} for ${path} has a format that is not known here: ${JSON.stringify(format)}`;
    mistakes.add(placeAt(at), what, 'use yyyy, MM, dd, HH, mm, ss, SSS, X, XXX and quoted letters');
  }
  const expression = generator['expression'];
  if (type !== 'ProviderState' || typeof expression !== 'string') return;
  const given = new Set(states.flatMap(({ params }) => Object.keys(params)));
  const unknown = namesIn(expression).find((name) => !given.has(name));
  if (unknown === undefined) return;
  const what = `the generator for ${path} takes ${unknown} from the provider state, and no state of the interaction gives it`;
  mistakes.add(placeAt(at), what, `give ${unknown} in the params of a provider state of the interaction`);
}

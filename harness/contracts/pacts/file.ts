import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt, valueAt, type Cursor } from '../source/reference.ts';
import type { Source } from '../source/source.ts';
import { readInteraction, type RawInteraction } from './interaction.ts';

/** A pact file as it is written, before anybody asks what of the service it is about. */
export interface RawPact {
  readonly at: Cursor;
  readonly consumer: string;
  readonly provider: string;
  readonly specification: 3 | 4;
  readonly interactions: readonly RawInteraction[];
}

/** What a pact is written with. */
const advice = 'write it with a Pact library that writes version 3 or 4, as message interactions';

/** Reads a pact of version 3 or 4; undefined, with every mistake said, where it is none or has nothing to verify. */
export function readPactFile(source: Source, mistakes: Mistakes): RawPact | undefined {
  const at: Cursor = { source, path: [] };
  const consumer = nameAt(child(at, 'consumer'), mistakes);
  const provider = consumer === undefined ? undefined : nameAt(child(at, 'provider'), mistakes);
  if (consumer === undefined || provider === undefined) return undefined;
  const specification = specificationOf(at, mistakes);
  if (specification === undefined) return undefined;
  refusePlugins(child(at, 'metadata', 'plugins'), mistakes);
  const cursors = interactionsOf(at, specification, mistakes);
  if (cursors.length === 0) return undefined;
  const interactions = cursors.flatMap((cursor) => readInteraction(cursor, specification, mistakes) ?? []);
  return { at, consumer, provider, specification, interactions };
}

function nameAt(at: Cursor, mistakes: Mistakes): string | undefined {
  const name = valueAt(child(at, 'name'));
  if (typeof name === 'string' && name !== '') return name;
  const what = `the file is no pact: ${String(at.path[0])}.name is missing`;
  mistakes.add(placeAt(at), what, 'keep nothing but pact files in this folder; a Pact library writes them');
  return undefined;
}

/** The version of the format, where the different Pact libraries write it. */
function specificationOf(at: Cursor, mistakes: Mistakes): 3 | 4 | undefined {
  const found = [
    ['metadata', 'pactSpecification', 'version'],
    ['metadata', 'pact-specification', 'version'],
    ['metadata', 'pactSpecificationVersion'],
  ]
    .map((path) => child(at, ...path))
    .find((cursor) => valueAt(cursor) !== undefined);
  const version = found === undefined ? undefined : valueAt(found);
  const major =
    typeof version === 'string' || typeof version === 'number' ? /^\d+/.exec(String(version))?.[0] : undefined;
  if (major === '3') return 3;
  if (major === '4') return 4;
  const what =
    found === undefined
      ? 'the pact does not say which version of the format it has (metadata.pactSpecification.version)'
      : major === '1' || major === '2'
        ? `the pact has version ${major} of the format, which knows no messages`
        : `version ${JSON.stringify(version)} of the pact format is not known`;
  mistakes.add(placeAt(found ?? at), what, advice);
  return undefined;
}

function refusePlugins(at: Cursor, mistakes: Mistakes): void {
  const plugins = valueAt(at);
  if (!Array.isArray(plugins) || plugins.length === 0) return;
  const names = (plugins as readonly JsonValue[]).map((plugin) =>
    JSON.stringify(isJsonObject(plugin) ? plugin['name'] : plugin),
  );
  mistakes.add(placeAt(at), `the pact needs the plugin ${names.join(', ')}, which is not there`, advice);
}

/** Where each message interaction stands. One over HTTP is a mistake: nothing here travels so; and so is to have none. */
function interactionsOf(at: Cursor, specification: 3 | 4, mistakes: Mistakes): readonly Cursor[] {
  const cursors = (name: string): readonly Cursor[] => {
    const list = valueAt(child(at, name));
    return Array.isArray(list) ? list.map((_, item) => child(at, name, item)) : [];
  };
  const messages = cursors('messages');
  const interactions = cursors('interactions');
  const isHttp = (cursor: Cursor): boolean => {
    const { type, request } = objectAt(cursor);
    if (specification === 3) return type === undefined || type === 'Synchronous/HTTP';
    return (
      type === 'Synchronous/HTTP' || (type === undefined && isJsonObject(request) && request['path'] !== undefined)
    );
  };
  for (const cursor of interactions.filter(isHttp)) {
    const { description } = objectAt(cursor);
    const what = `interaction ${JSON.stringify(description ?? '')} is one over HTTP: on the bus travel messages`;
    mistakes.add(placeAt(cursor), what, 'write it as a message interaction, or keep it in a pact of its own elsewhere');
  }
  if (messages.length + interactions.length === 0) {
    const what = 'the pact has no interactions: there is nothing that it could show';
    mistakes.add({ file: at.source.file }, what, advice);
  }
  return [...messages, ...interactions.filter((cursor) => !isHttp(cursor))];
}

export function objectAt(at: Cursor): JsonObject {
  const value = valueAt(at);
  return isJsonObject(value) ? value : {};
}

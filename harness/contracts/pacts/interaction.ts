import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { Interaction, PactState } from '../../model/pact.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt, valueAt, type Cursor } from '../source/reference.ts';
import { readPart, type RawPart } from './part.ts';

/** An interaction whose messages are not yet known to be any of the service's. */
export type RawInteraction = Omit<Interaction, 'message' | 'responses'> & {
  readonly message: RawPart;
  readonly responses: readonly RawPart[];
  readonly at: Cursor;
};

const kinds: Readonly<Record<string, Interaction['kind']>> = {
  'Asynchronous/Messages': 'asynchronous',
  'Synchronous/Messages': 'synchronous',
};

/** Reads one interaction of a pact; undefined, with every mistake said, where it is none. */
export function readInteraction(at: Cursor, specification: 3 | 4, mistakes: Mistakes): RawInteraction | undefined {
  const value = valueAt(at);
  if (!isJsonObject(value)) {
    mistakes.add(placeAt(at), 'an interaction is no object', 'correct it, or delete it');
    return undefined;
  }
  const kind = kindOf(value, specification);
  if (kind === undefined) {
    const what = `an interaction of type ${JSON.stringify(value['type'] ?? null)} is not known`;
    mistakes.add(placeAt(child(at, 'type')), what, `write one of ${Object.keys(kinds).join(', ')}`);
    return undefined;
  }
  const { description, pending, comments, _id: id } = value;
  if (typeof description !== 'string' || description === '') {
    mistakes.add(placeAt(at), 'an interaction has no description', 'say in a few words what it is about');
    return undefined;
  }
  if (pending !== undefined && typeof pending !== 'boolean') {
    mistakes.add(placeAt(child(at, 'pending')), 'pending is neither true nor false', 'write one of them, or delete it');
  }
  const states = readStates(at, mistakes);
  const synchronous = kind === 'synchronous';
  const message = readPart(synchronous ? child(at, 'request') : at, states, mistakes);
  const responses = synchronous ? readResponses(at, states, mistakes) : [];
  return {
    kind,
    description,
    ...(typeof id === 'string' ? { id } : {}),
    states,
    pending: pending === true,
    comments: isJsonObject(comments) ? comments : {},
    message,
    responses,
    place: placeAt(at),
    at,
  };
}

/** In version 3 what stands under `messages` is asynchronous; from version 4 on an interaction says what it is. */
function kindOf({ type }: JsonObject, specification: 3 | 4): Interaction['kind'] | undefined {
  if (type === undefined && specification === 3) return 'asynchronous';
  return typeof type === 'string' ? kinds[type] : undefined;
}

function readResponses(at: Cursor, states: readonly PactState[], mistakes: Mistakes): readonly RawPart[] {
  const response = valueAt(child(at, 'response'));
  const cursors = Array.isArray(response)
    ? response.map((_, item) => child(at, 'response', item))
    : isJsonObject(response)
      ? [child(at, 'response')]
      : [];
  if (cursors.length === 0) {
    mistakes.add(
      placeAt(at),
      'a synchronous interaction has no response',
      'say what the consumer expects as the reply',
    );
  }
  return cursors.map((cursor) => readPart(cursor, states, mistakes));
}

/** `providerStates` of versions 3 and 4; a lone `providerState` as older libraries write it. */
function readStates(at: Cursor, mistakes: Mistakes): readonly PactState[] {
  const list = valueAt(child(at, 'providerStates'));
  const lone = valueAt(child(at, 'providerState'));
  if (typeof lone === 'string' && list === undefined) return [{ name: lone, params: {} }];
  if (list === undefined || list === null) return [];
  const items: readonly JsonValue[] = Array.isArray(list) ? (list as readonly JsonValue[]) : [list];
  return items.flatMap((item, index) => {
    if (typeof item === 'string') return [{ name: item, params: {} }];
    const name = isJsonObject(item) ? item['name'] : undefined;
    if (typeof name === 'string' && name !== '' && isJsonObject(item)) {
      return [{ name, params: isJsonObject(item['params']) ? item['params'] : {} }];
    }
    mistakes.add(
      placeAt(child(at, 'providerStates', index)),
      'a provider state has no name',
      'name it as states.yaml does',
    );
    return [];
  });
}

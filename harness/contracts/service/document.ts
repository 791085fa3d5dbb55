import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { Mistakes } from '../mistakes.ts';
import type { ServiceFolder } from '../source/folder.ts';
import { child, cursorId, follow, placeAt, valueAt, type Cursor } from '../source/reference.ts';

/** A channel of the document, with the objects that it refers to found. */
export interface Channel {
  readonly name: string;
  readonly at: Cursor;
  readonly title: string;
  /** Null for the channel of replies, which travel on the subject that the asker gives. */
  readonly address: string | null;
  readonly parameters: readonly { readonly name: string; readonly at: Cursor }[];
  readonly messages: readonly { readonly name: string; readonly at: Cursor }[];
  /** Its x-flow, where it has one. */
  readonly flow: Cursor | undefined;
}

export interface Operation {
  readonly name: string;
  readonly at: Cursor;
  readonly action: 'send' | 'receive';
  readonly channel: string;
  /** Channel of the replies to it. */
  readonly replyChannel: string | undefined;
  readonly applications: readonly string[];
}

export interface ServiceDocument {
  readonly title: string;
  readonly version: string;
  readonly channels: readonly Channel[];
  readonly operations: readonly Operation[];
}

const applicationName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Reads the parts of an AsyncAPI 3 document that a service is made of. */
export function readDocument(folder: ServiceFolder, mistakes: Mistakes): ServiceDocument {
  const root: Cursor = { source: folder.document, path: [] };
  const version = valueAt(child(root, 'asyncapi'));
  if (typeof version !== 'string' || !/^3\.\d+\.\d+$/.test(version)) {
    mistakes.add(
      placeAt(child(root, 'asyncapi')),
      'the document is no AsyncAPI 3 document',
      'begin it with asyncapi: 3.1.0',
    );
  }
  const channels = members(folder, child(root, 'channels'), mistakes).map(({ name, at }) =>
    readChannel(folder, name, at, mistakes),
  );
  const byId = new Map(channels.map((channel) => [cursorId(channel.at), channel.name]));
  const operations = members(folder, child(root, 'operations'), mistakes).flatMap(
    ({ name, at }) => readOperation(folder, name, at, byId, mistakes) ?? [],
  );
  if (!channels.some((channel) => channel.flow !== undefined)) {
    mistakes.add(
      placeAt(child(root, 'channels')),
      'no channel has an x-flow',
      'say on each channel how its messages travel',
    );
  }
  const info = child(root, 'info');
  return {
    title: textAt(child(info, 'title')) ?? folder.name,
    version: textAt(child(info, 'version')) ?? '',
    channels,
    operations,
  };
}

function readChannel(folder: ServiceFolder, name: string, at: Cursor, mistakes: Mistakes): Channel {
  const address = valueAt(child(at, 'address'));
  if (address !== null && typeof address !== 'string') {
    mistakes.add(
      placeAt(child(at, 'address')),
      `channel ${name} has no address`,
      'write one, or null for a channel of replies',
    );
  }
  if (!/^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(name)) {
    mistakes.add(
      placeAt(at),
      `channel name ${JSON.stringify(name)} cannot stand in a subject`,
      'use letters, digits and -',
    );
  }
  const flow = child(at, 'x-flow');
  return {
    name,
    at,
    title: textAt(child(at, 'title')) ?? name,
    address: typeof address === 'string' ? address : null,
    parameters: members(folder, child(at, 'parameters'), mistakes),
    messages: members(folder, child(at, 'messages'), mistakes),
    flow: valueAt(flow) === undefined ? undefined : flow,
  };
}

function readOperation(
  folder: ServiceFolder,
  name: string,
  at: Cursor,
  channels: ReadonlyMap<string, string>,
  mistakes: Mistakes,
): Operation | undefined {
  const channelOf = (place: Cursor): string | undefined => {
    const target = follow(folder, place, mistakes);
    const found = target === undefined ? undefined : channels.get(cursorId(target));
    if (found === undefined) {
      mistakes.add(placeAt(place), `operation ${name} names no channel of this document`, "write $ref: '#/channels/…'");
    }
    return found;
  };
  for (const unread of ['traits', 'messages'] as const) {
    if (valueAt(child(at, unread)) === undefined) continue;
    const what = `${unread} of an operation are not read: it is about every message of its channel`;
    mistakes.add(
      placeAt(child(at, unread)),
      what,
      'delete them; give messages that travel otherwise a channel of their own',
    );
  }
  const action = textAt(child(at, 'action'));
  if (action !== 'send' && action !== 'receive') {
    mistakes.add(
      placeAt(child(at, 'action')),
      `the action of operation ${name} is neither send nor receive`,
      'write one of them, as its x-applications see it',
    );
  }
  const reply = valueAt(child(at, 'reply')) === undefined ? undefined : follow(folder, child(at, 'reply'), mistakes);
  const channel = channelOf(child(at, 'channel'));
  const replyChannel = reply === undefined ? undefined : channelOf(child(reply, 'channel'));
  const applications = readApplications(child(at, 'x-applications'), name, mistakes);
  if (channel === undefined || (action !== 'send' && action !== 'receive')) return undefined;
  return { name, at, action, channel, replyChannel, applications };
}

function readApplications(at: Cursor, operation: string, mistakes: Mistakes): readonly string[] {
  const names = valueAt(at);
  const list = Array.isArray(names) ? (names as readonly JsonValue[]) : [];
  if (list.length === 0) {
    mistakes.add(
      placeAt(at),
      `operation ${operation} names no applications`,
      'add x-applications: a list of who performs it',
    );
  }
  return list.flatMap((name, item) => {
    if (typeof name === 'string' && applicationName.test(name) && !/-\d+$/.test(name) && list.indexOf(name) === item)
      return [name];
    const what = 'an application has a name of its own in kebab case, which does not end in a number';
    mistakes.add(placeAt(child(at, item)), what, 'rename it, or delete the second of the same name');
    return [];
  });
}

/** The members of a mapping, each followed to its object. */
function members(folder: ServiceFolder, at: Cursor, mistakes: Mistakes): readonly { name: string; at: Cursor }[] {
  const value = valueAt(at);
  if (value === undefined) return [];
  if (!isJsonObject(value)) {
    mistakes.add(placeAt(at), `${at.path.join('.')} is no mapping`, 'write names and their values');
    return [];
  }
  return Object.keys(value).flatMap((name) => {
    const target = follow(folder, child(at, name), mistakes);
    if (target === undefined) return [];
    if (isJsonObject(valueAt(target))) return [{ name, at: target }];
    mistakes.add(
      placeAt(child(at, name)),
      `${[...at.path, name].join('.')} is no mapping`,
      'write its fields, or a $ref',
    );
    return [];
  });
}

export function textAt(at: Cursor): string | undefined {
  const value = valueAt(at);
  return typeof value === 'string' ? value : undefined;
}

export function objectAt(at: Cursor): JsonObject {
  const value = valueAt(at);
  return isJsonObject(value) ? value : {};
}

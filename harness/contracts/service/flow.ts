import type { Flow, Message, Parameter, Receiver } from '../../model/flow.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt, valueAt, type Cursor } from '../source/reference.ts';
import { textAt, type Channel, type ServiceDocument } from './document.ts';
import type { ReadMessage } from './message.ts';
import { meetsShape, shapeOf } from './shape.ts';

/** A flow with where its parts stand, for what is said of it later. */
export interface ReadFlow {
  readonly flow: Flow;
  readonly channel: Channel;
  readonly at: Cursor;
  readonly messages: readonly ReadMessage[];
  readonly replies: readonly ReadMessage[];
}

/** The fields of x-flow as they are written; the same as in `Flow`, and the subscribers. */
type Extension = Omit<
  Flow,
  'id' | 'service' | 'channel' | 'title' | 'address' | 'parameters' | 'messages' | 'replies' | 'senders' | 'receivers'
> & {
  readonly subscribers?: Readonly<Record<string, Omit<Receiver, 'application'>>>;
};

/** Reads the flow of a channel; undefined, with every mistake said, where it is not one. */
export async function readFlow(
  service: string,
  document: ServiceDocument,
  channel: Channel,
  messagesOf: (channel: Channel) => Promise<readonly ReadMessage[]>,
  mistakes: Mistakes,
): Promise<ReadFlow | undefined> {
  const messages = await messagesOf(channel);
  if (channel.flow === undefined) return undefined;
  const title = `x-flow of ${channel.name}`;
  if (!meetsShape(await shapeOf('flow'), channel.flow, title, mistakes)) return undefined;
  const { subscribers = {}, ...fields } = valueAt(channel.flow) as unknown as Extension;
  const at = channel.flow;
  const operations = document.operations.filter((operation) => operation.channel === channel.name);
  const performers = (action: string): readonly string[] => [
    ...new Set(
      operations.filter((operation) => operation.action === action).flatMap(({ applications }) => applications),
    ),
  ];
  const senders = performers('send');
  const receivers = performers('receive').map((application) => ({
    application,
    filter: subscribers[application]?.filter ?? {},
  }));
  checkApplications(channel, senders, receivers, subscribers, mistakes);
  const parameters = readParameters(service, channel, mistakes);
  if (channel.messages.length === 0) {
    mistakes.add(placeAt(channel.at), `channel ${channel.name} has no messages`, 'name the messages that travel on it');
  }
  const replies: ReadMessage[] = [];
  for (const name of new Set(operations.flatMap((operation) => operation.replyChannel ?? []))) {
    const replyChannel = document.channels.find((candidate) => candidate.name === name);
    if (replyChannel !== undefined) replies.push(...(await messagesOf(replyChannel)));
  }
  if (replies.length > 0 !== (fields.pattern === 'request-reply')) {
    const what = `a request-reply flow, and no other, has operations with a reply that has messages`;
    mistakes.add(
      placeAt(child(at, 'pattern')),
      what,
      'give the operations a reply with a channel whose address is null, or change the pattern',
    );
  }
  const flow: Flow = {
    ...fields,
    id: `${service}/${channel.name}`,
    service,
    channel: channel.name,
    title: channel.title,
    address: channel.address ?? '',
    parameters,
    messages: messages.map(plain),
    replies: replies.map(plain),
    senders,
    receivers,
  };
  return { flow, channel, at, messages, replies };
}

function plain({ at: _at, ...message }: ReadMessage): Message {
  return message;
}

function checkApplications(
  channel: Channel,
  senders: readonly string[],
  receivers: readonly Receiver[],
  subscribers: Readonly<Record<string, unknown>>,
  mistakes: Mistakes,
): void {
  if (senders.length === 0 || receivers.length === 0) {
    const missing = senders.length === 0 ? 'send' : 'receive';
    const what = `no application performs an operation with action ${missing} on channel ${channel.name}`;
    mistakes.add(placeAt(channel.at), what, 'add the operation with its x-applications');
  }
  const both = receivers.find(({ application }) => senders.includes(application));
  if (both !== undefined) {
    const what = `${both.application} both sends and receives on channel ${channel.name}`;
    mistakes.add(placeAt(channel.at), what, 'give each direction a channel of its own');
  }
  for (const application of Object.keys(subscribers)) {
    if (receivers.some((receiver) => receiver.application === application)) continue;
    const what = `${application} has a filter on channel ${channel.name} but receives nothing there`;
    mistakes.add(
      placeAt(child(channel.at, 'x-flow', 'subscribers', application)),
      what,
      `name one of ${receivers.map((receiver) => receiver.application).join(', ')}, or add it to x-applications`,
    );
  }
}

const location = /^\$message\.(header|payload)#((?:\/(?:[^/~]|~[01])+)+)$/;

function readParameters(service: string, channel: Channel, mistakes: Mistakes): readonly Parameter[] {
  const address = channel.address;
  if (address === null) {
    mistakes.add(
      placeAt(child(channel.at, 'address')),
      `channel ${channel.name} has an x-flow and no address`,
      'write the address',
    );
    return [];
  }
  const tokens = address.split('.');
  const sound = tokens.every((token) => /^([A-Za-z0-9_-]+|\{[A-Za-z][A-Za-z0-9_-]*\})$/.test(token));
  if (!sound || tokens[0] !== service || tokens.length < 2 || address.length > 200) {
    const what = `the address of channel ${channel.name} is no subject below ${service}`;
    mistakes.add(
      placeAt(child(channel.at, 'address')),
      what,
      `write ${service}.name.{parameter}: tokens of letters, digits, _ and -, or one whole parameter`,
    );
  }
  const names = tokens.flatMap((token) => (token.startsWith('{') ? [token.slice(1, -1)] : []));
  if (new Set(names).size < names.length) {
    mistakes.add(
      placeAt(child(channel.at, 'address')),
      `the address of channel ${channel.name} has a parameter twice`,
      'write each once',
    );
  }
  for (const { name, at } of channel.parameters) {
    if (!names.includes(name)) {
      mistakes.add(
        placeAt(at),
        `parameter ${name} does not stand in the address ${address}`,
        `write {${name}} there, or delete it`,
      );
    }
  }
  return names.flatMap((name): readonly Parameter[] => {
    const parameter = channel.parameters.find((candidate) => candidate.name === name);
    const text = parameter === undefined ? undefined : textAt(child(parameter.at, 'location'));
    const match = location.exec(text ?? '');
    if (match === null) {
      const at = parameter === undefined ? child(channel.at, 'address') : child(parameter.at, 'location');
      const what = `parameter {${name}} of channel ${channel.name} does not say where its value comes from`;
      mistakes.add(placeAt(at), what, 'write location: $message.header#/ce-… or $message.payload#/…');
      return [];
    }
    return [{ name, location: { of: match[1] as 'header' | 'payload', pointer: match[2] ?? '' } }];
  });
}

import { Documents, type Node } from './documents.ts';
import type { Event } from './event.ts';
import { isArray, memberOf, parseJson, scalarText, valuesAt, type Json } from './json.ts';
import type { Rule } from './rules.ts';
import { compile, withoutTraceContext, type Validate } from './schema.ts';
import { Misconfigured } from './settings.ts';

export const classifications: readonly string[] = ['OFFICIAL', 'OFFICIAL-SENSITIVE'];
const token = /^[A-Za-z0-9/_=-]+$/;

/** The fields of an x-flow that an adapter works by; durations in milliseconds, sizes in bytes. */
export interface XFlow {
  readonly pattern: string;
  readonly delivery: string;
  readonly badInput: string;
  readonly classification: string;
  readonly maxBytes: number;
  readonly backoffMs: readonly number[];
  readonly ackWaitMs?: number;
  readonly expiryMs?: number;
  readonly stream?: string;
  readonly partitions?: number;
  readonly state?: string;
  readonly bucket?: string;
  readonly refusal?: string;
  readonly receipts?: string;
}

/** A message by its name, which is its `ce-type` (N3). */
export interface Message {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly payloadFault: Validate;
  readonly headerFault: Validate;
  /** The constant of `ce-dataschema`, wherever in the header schema it stands. */
  readonly dataschema: string;
  /** Names that the payload schema knows at its top. */
  readonly fields: readonly string[];
}

/** A channel with an x-flow, and who does what in it. */
export class Flow {
  readonly channel: string;
  readonly x: XFlow;
  /** What the channel itself carries. */
  readonly messages: ReadonlyMap<string, Message>;
  readonly replies: ReadonlyMap<string, Message>;
  readonly senders: readonly string[];
  readonly receivers: readonly string[];
  readonly #address: string;
  readonly #parameters: readonly (readonly [string, string])[];

  constructor(channel: Pick<Flow, 'channel' | 'x' | 'messages' | 'replies' | 'senders' | 'receivers'>, node: Node) {
    ({
      channel: this.channel,
      x: this.x,
      messages: this.messages,
      replies: this.replies,
      senders: this.senders,
      receivers: this.receivers,
    } = channel);
    this.#address = textAt(node, 'address');
    this.#parameters = node
      .child('parameters')
      .members()
      .map(([name, parameter]) => [name, textAt(parameter, 'location')] as const);
  }

  message(name: string): Message | undefined {
    return this.messages.get(name) ?? this.replies.get(name);
  }

  get stream(): string {
    return this.x.stream ?? '';
  }

  get ackWaitMs(): number {
    return this.x.ackWaitMs ?? 0;
  }

  /** R8: delay after a failed attempt, which counts from 1; undefined for none. */
  backoffMs(attempt: number): number | undefined {
    const { backoffMs } = this.x;
    return backoffMs[Math.min(attempt, backoffMs.length) - 1];
  }

  /** N4: names of the pull consumers. */
  consumers(application: string): readonly string[] {
    const { partitions } = this.x;
    return partitions === undefined
      ? [application]
      : Array.from({ length: partitions }, (_, at) => `${application}-${at}`);
  }

  /** The address with a * for every parameter. */
  get wildcard(): string {
    return this.#address.replaceAll(/\{[^}]+\}/g, '*');
  }

  /** N2; undefined where a value cannot be part of a subject. */
  subject(event: Event): string | undefined {
    let subject = this.#address;
    for (const [name, location] of this.#parameters) {
      const value = located(location, event);
      if (value === undefined || !token.test(value)) return undefined;
      subject = subject.replace(`{${name}}`, () => value);
    }
    return subject;
  }
}

function located(location: string, event: Event): string | undefined {
  const [of, pointer = ''] = location.split('#');
  if (of === '$message.header') return event.headers[pointer.slice(1).toLowerCase()];
  try {
    return scalarText(valuesAt(parseJson(event.body), pointer)[0]);
  } catch {
    return undefined;
  }
}

/** The effective AsyncAPI document of a run: its flows, and what this application does in them (N2 to N4). */
export class Contract {
  readonly flows: readonly Flow[];

  private constructor(flows: readonly Flow[]) {
    this.flows = flows;
  }

  /** Throws Misconfigured where the document cannot be worked with. */
  static read(path: string): Contract {
    const root = new Documents().node(path);
    const operations = root
      .child('operations')
      .members()
      .map(([, operation]) => operation);
    const channels = root
      .child('channels')
      .members()
      .filter(([, channel]) => memberOf(channel.value, 'x-flow') !== undefined);
    if (channels.length === 0) {
      throw new Misconfigured(`${path} has no channel with an x-flow: give CONTRACT the document of a service`);
    }
    return new Contract(channels.map(([name, node]) => flowOf(name, node, operations)));
  }

  flow(channel: string | undefined): Flow | undefined {
    return this.flows.find((flow) => flow.channel === channel);
  }
}

function flowOf(channel: string, node: Node, operations: readonly Node[]): Flow {
  const own = operations.filter((operation) => operation.child('channel').follow().url === node.url);
  const replies = own
    .filter((operation) => memberOf(operation.value, 'reply') !== undefined)
    .map((operation) => operation.child('reply').follow().child('channel').follow());
  const doing = (action: string): readonly string[] =>
    own
      .filter((operation) => textAt(operation, 'action') === action)
      .flatMap((operation) => memberOf(operation.value, 'x-applications') as readonly string[]);
  return new Flow(
    {
      channel,
      x: node.child('x-flow').follow().value as unknown as XFlow,
      messages: messagesOf([node]),
      replies: messagesOf(replies),
      senders: doing('send'),
      receivers: doing('receive'),
    },
    node,
  );
}

function messagesOf(channels: readonly Node[]): ReadonlyMap<string, Message> {
  const nodes = channels.flatMap((channel) => channel.child('messages').members());
  return new Map(nodes.map(([, node]) => messageOf(node)).map((message) => [message.name, message]));
}

function messageOf(node: Node): Message {
  const [headers, payload, rules] = [node.child('headers'), node.child('payload'), memberOf(node.value, 'x-rules')];
  const constants = headers.properties().flatMap(([name, schema]): readonly Json[] => {
    const constant = name === 'ce-dataschema' ? memberOf(schema, 'const') : undefined;
    return constant === undefined ? [] : [constant];
  });
  return {
    name: textAt(node, 'name'),
    rules: (isArray(rules) ? rules : []) as unknown as readonly Rule[],
    payloadFault: compile(payload),
    headerFault: compile(headers, withoutTraceContext),
    dataschema: scalarText(constants[0]) ?? '',
    fields: [...new Set(payload.properties().map(([name]) => name))],
  };
}

function textAt(node: Node, name: string): string {
  const text = memberOf(node.value, name);
  if (typeof text === 'string') return text;
  throw new Misconfigured(`${node.url} has no ${name}`);
}

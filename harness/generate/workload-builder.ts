import { Problem } from '../model/errors.ts';
import { messagesOf, type Flow, type Message, type Receiver, type Service } from '../model/flow.ts';
import { valuesAt, withValueAt, type JsonValue } from '../model/json.ts';
import { notOfSubjects } from '../model/subject.ts';
import type {
  Lane,
  PlannedContent,
  PlannedMessage,
  Script,
  ScriptedAnswer,
  Step,
  Violation,
  Workload,
} from '../model/workload.ts';
import { acceptsHeader, drawHeader, headerFaults } from './events/header-schema.ts';
import type { WireFault } from '../model/wire.ts';
import { contentsFor } from './events/manifest.ts';
import { accepts, samplePayload } from './events/schemas.ts';
import { randomFrom, type Random } from './random.ts';

/** How long after a trial's start an event that is not about expiry expires, in milliseconds: past every trial's end. */
const farOffMs = 120_000;
/** The same of a request, whose caller waits that long for a reply that is lost: sooner than the trial's patience ends. */
const farOffDeadlineMs = 12_000;
/** Distance of the `ce-time` of two events, in milliseconds; times lie before the trial's start, in the order of planning. */
const timeStepMs = 10;
const firstTimeMs = -600_000;
const contentSizes = [1024, 65_536, 200_000] as const;
const defaultLimitMs = 15_000;
/** Draws of a value until it is one that was not used before. */
const mostDraws = 1000;
/** Draws in a row that give no new key, after which all that there are have been used. */
const mostKnownKeys = 200;

/** Headers by which a filter may ask for what the workload plans otherwise. */
const plannedHeaders: readonly string[] = ['ce-type', 'ce-partitionkey'];

export type MessageOptions = Partial<Omit<PlannedMessage, 'flow' | 'payloadSeed' | 'contents'>> & {
  readonly contents?: readonly PlannedContent[];
  /** A receiver that is to be entitled to the event. */
  readonly to?: Receiver;
};

/** Puts a workload together: every message valid and entitled to by somebody unless the scenario says otherwise. */
export class WorkloadBuilder {
  readonly service: Service;
  readonly flow: Flow;
  readonly random: Random;
  readonly #messages: PlannedMessage[] = [];
  readonly #scripts: Script[] = [];
  readonly #lanes: Lane[] = [];
  readonly #instances: Record<string, number> = {};
  readonly #sequences = new Map<string, number>();
  /** Keys that were given out, and how often. */
  readonly #keys = new Map<string, number>();
  #wire: WireFault[] | undefined;
  #limitMs = defaultLimitMs;

  constructor(service: Service, flow: Flow, seed: number) {
    this.service = service;
    this.flow = flow;
    this.random = randomFrom(seed);
  }

  /** Plans an event of the flow, and gives its index. On an ordered flow it takes its key's next sequence. */
  message(options: MessageOptions = {}): number {
    const { to, ...given } = options;
    const receiver = to ?? this.random.pick(this.flow.receivers);
    const type = given.type ?? this.#typeFor(receiver, given.key);
    const message = this.#messageOf(type);
    const id = given.id ?? this.#idFor(message);
    const key = given.key ?? this.#keyFor(message, id, receiver);
    const sequence =
      given.sequence ?? (this.flow.pattern === 'ordered-stream' ? this.#nextSequence(key, given.violation) : 0);
    const timeMs = given.timeMs ?? firstTimeMs + this.#messages.length * timeStepMs;
    this.#messages.push({
      ...(this.flow.pattern === 'claim-check' && given.contents === undefined
        ? { contents: this.#contents(message) }
        : {}),
      ...(this.flow.expiryMs === undefined
        ? {}
        : { expiresMs: this.flow.pattern === 'request-reply' ? farOffDeadlineMs : farOffMs }),
      application: this.random.pick(this.flow.senders),
      ...given,
      headers: { ...this.#filteredHeaders(receiver), ...given.headers },
      payload: { ...this.#filtered(receiver, message), ...this.#open(message, given.payload) },
      flow: this.flow.id,
      type,
      id,
      key,
      sequence,
      timeMs,
      payloadSeed: this.random.seed(),
    });
    const index = this.#messages.length - 1;
    if (this.flow.pattern === 'request-reply' && given.violation === undefined) this.#replyTo(index);
    return index;
  }

  /** Plans several events, one lane a key where order matters, else one lane; gives their indexes. */
  messages(count: number, options: MessageOptions = {}): readonly number[] {
    return Array.from({ length: count }, () => this.message(options));
  }

  /**
   * A further event with the source and id of a planned one and other content. Where the planned one says in the member
   * `conflicting` what it is, that member alone is another, and the body is as long.
   */
  conflicting(message: number): number {
    const original = this.planned(message);
    const said = original.payload['/conflicting'];
    const other = typeof said === 'string' ? Array.from(said).toReversed().join('') : true;
    // Two payloads drawn apart may be the same where there is little to say.
    const payload = { ...original.payload, ...this.#open(this.#messageOf(original.type), { '/conflicting': other }) };
    this.#messages.push({
      ...original,
      payload,
      payloadSeed: said === undefined ? this.random.seed() : original.payloadSeed,
    });
    return this.#messages.length - 1;
  }

  /** The id of a planned message with the case of its letters turned, where its contract allows that: another id. */
  otherCase(message: number): string | undefined {
    const { id, type } = this.planned(message);
    const turned = id === id.toLowerCase() ? id.toUpperCase() : id.toLowerCase();
    return turned !== id && this.#mayBeId(this.#messageOf(type), turned) ? turned : undefined;
  }

  /** Whether an event of the type may have the id. */
  mayHaveId(type: string, id: string): boolean {
    return this.#mayBeId(this.#messageOf(type), id);
  }

  /** Another source than a planned message's application names itself by, where its contract allows one. */
  otherSource(message: number): string | undefined {
    const { type, application } = this.planned(message);
    const source = `urn:application:${application}:second`;
    return acceptsHeader(this.#messageOf(type), 'ce-source', source) ? source : undefined;
  }

  planned(message: number): PlannedMessage {
    const planned = this.#messages[message];
    if (planned === undefined) throw new RangeError(`no message ${String(message)} is planned`);
    return planned;
  }

  change(message: number, change: Partial<PlannedMessage>): void {
    this.#messages[message] = { ...this.planned(message), ...change };
  }

  /** Plans a reply of one of the flow's reply types, without anybody being told to send it. */
  reply(request: number, options: Partial<PlannedMessage> & { readonly refuse?: boolean } = {}): number {
    const { refuse, ...given } = options;
    const replies = this.flow.replies.filter((reply) => (reply.name === this.flow.refusal) === (refuse ?? false));
    const message = this.random.pick(replies.length === 0 ? this.flow.replies : replies);
    this.#messages.push({
      headers: { 'ce-causationid': this.planned(request).id },
      payload: {},
      application: this.flow.receivers[0]?.application ?? '',
      key: '',
      sequence: 0,
      timeMs: firstTimeMs + this.#messages.length * timeStepMs,
      flow: this.flow.id,
      type: message.name,
      id: this.#idFor(message),
      payloadSeed: this.random.seed(),
      ...given,
    });
    return this.#messages.length - 1;
  }

  script(application: string, message: number, ...answers: readonly ScriptedAnswer[]): this {
    const before = this.#scripts.findIndex(
      (script) => script.application === application && script.message === message,
    );
    if (before >= 0) this.#scripts.splice(before, 1);
    this.#scripts.push({ application, message, answers });
    return this;
  }

  /** The same answers from every receiver of the flow. */
  scriptAll(message: number, ...answers: readonly ScriptedAnswer[]): this {
    for (const { application } of this.flow.receivers) this.script(application, message, ...answers);
    return this;
  }

  /** Every receiver takes its time over a message before it gives the answer it would have given. */
  scriptAllSlow(message: number, delayMs: number): this {
    for (const { application } of this.flow.receivers) {
      const script = this.#scripts.find(
        (candidate) => candidate.application === application && candidate.message === message,
      );
      const answers = script?.answers ?? [{ status: 200 }];
      this.script(application, message, ...answers.map((answer) => ({ ...answer, delayMs })));
    }
    return this;
  }

  /** Adds a lane and gives its index. */
  lane(...steps: readonly Step[]): number {
    this.#lanes.push(steps);
    return this.#lanes.length - 1;
  }

  /** Sends events in lanes of their own a key, each in turn; without keys, in four lanes. */
  sendInLanes(messages: readonly number[], options: { persist?: boolean } = {}): readonly number[] {
    const lanes = new Map<string, Step[]>();
    for (const [at, message] of messages.entries()) {
      const { key } = this.planned(message);
      const name = this.flow.key === undefined || key === '' ? `lane ${String(at % 4)}` : key;
      lanes.set(name, [...(lanes.get(name) ?? []), { do: 'send', message, ...options }]);
    }
    return [...lanes.values()].map((steps) => this.lane(...steps));
  }

  instances(application: string, count: number): this {
    this.#instances[application] = count;
    return this;
  }

  /** The relay is to see what adapters say to the bus. */
  watchWire(): this {
    this.#wire ??= [];
    return this;
  }

  /** What befalls an adapter's connection. */
  wire(fault: WireFault): this {
    this.watchWire();
    this.#wire?.push(fault);
    return this;
  }

  limit(ms: number): this {
    this.#limitMs = ms;
    return this;
  }

  build(): Workload {
    return {
      messages: this.#messages,
      scripts: this.#scripts,
      instances: this.#instances,
      lanes: inTurn(this.#lanes, (message) => (this.#isOrdered() ? this.planned(message).key : '')),
      ...(this.#wire === undefined ? {} : { wire: this.#wire }),
      limitMs: this.#limitMs,
    };
  }

  /** Keys of the flow, such as a valid payload has them and `to` is entitled to; distinct ones as long as there are any. */
  keys(count: number, to?: Receiver): readonly string[] {
    const message = this.#messageOf(this.flow.messages[0]?.name ?? '');
    return Array.from({ length: count }, () => this.#newKey(message, to));
  }

  /** The receivers whose filter, where it names keys, lets a key through. */
  receiversOf(key: string): readonly Receiver[] {
    return this.flow.receivers.filter((receiver) => this.#keysOf(receiver)?.includes(key) ?? true);
  }

  /** Contents of a bundle: of the given sizes, where the manifest's schema allows them. */
  contents(...wanted: readonly number[]): readonly PlannedContent[] {
    return this.#contents(this.#messageOf(this.flow.messages[0]?.name ?? ''), wanted);
  }

  #isOrdered(): boolean {
    return this.flow.pattern === 'ordered-stream' || this.flow.pattern === 'last-value';
  }

  #messageOf(type: string): Message {
    const message = messagesOf(this.flow).find((candidate) => candidate.name === type);
    if (message === undefined) throw new RangeError(`${this.flow.id} has no message ${type}`);
    return message;
  }

  #typeFor(receiver: Receiver, key: string | undefined): string {
    const byType = this.flow.parameters.find((parameter) => parameter.location.pointer.toLowerCase() === '/ce-type');
    const wanted = byType === undefined ? undefined : receiver.filter[byType.name];
    const first = this.flow.messages[0]?.name ?? '';
    if (this.flow.pattern === 'ordered-stream' && (key === undefined || !this.#sequences.has(key))) return first;
    return this.random.pick(wanted ?? this.flow.messages.map((message) => message.name));
  }

  /** Payload fields that the receiver's filter asks for. */
  #filtered(receiver: Receiver, message: Message): Record<string, JsonValue> {
    const fields: Record<string, JsonValue> = {};
    for (const parameter of this.flow.parameters) {
      const values = receiver.filter[parameter.name];
      if (parameter.location.of !== 'payload' || values === undefined) continue;
      const value = this.random.pick(values);
      const sampled = valuesAt(samplePayload(message, 0), parameter.location.pointer)[0];
      fields[parameter.location.pointer] =
        typeof sampled === 'number' ? Number(value) : typeof sampled === 'boolean' ? value === 'true' : value;
    }
    return fields;
  }

  /** Headers that the receiver's filter asks for, beside type and key. */
  #filteredHeaders(receiver: Receiver): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const { name, location } of this.flow.parameters) {
      const values = receiver.filter[name];
      const header = location.pointer.slice(1).toLowerCase();
      if (location.of !== 'header' || values === undefined || plannedHeaders.includes(header)) continue;
      headers[header] = this.random.pick(values);
    }
    return headers;
  }

  /** Of fields that nobody declared, those that the schema leaves room for. */
  #open(message: Message, fields: Readonly<Record<string, JsonValue>> = {}): Record<string, JsonValue> {
    const sampled = samplePayload(message, 0);
    const declared = (place: string): boolean => valuesAt(sampled, place).length > 0;
    return Object.fromEntries(
      Object.entries(fields).filter(
        ([place, value]) => declared(place) || accepts(message, withValueAt(sampled, place, value)),
      ),
    );
  }

  /** The keys that a receiver is entitled to, where its filter names them. */
  #keysOf(receiver: Receiver | undefined): readonly string[] | undefined {
    const byKey = this.flow.parameters.find(({ location }) => location.pointer.toLowerCase() === '/ce-partitionkey');
    return byKey === undefined ? undefined : receiver?.filter[byKey.name];
  }

  /** A fresh id: a UUID, or where the payload repeats the id and its schema wants another shape, such a value. */
  #idFor(message: Message): string {
    const rule = idRule(message);
    const uuid = this.#uuid();
    const suits = (value: string): boolean => acceptsHeader(message, 'ce-id', value);
    if (this.#mayBeId(message, uuid)) return uuid;
    for (let tries = 0; tries < mostDraws; tries++) {
      const id =
        rule === undefined ? drawHeader(message, 'ce-id', this.random.seed()) : this.#valueOf(message, 'ce-id');
      if (id !== undefined && suits(id) && !this.#messages.some((planned) => planned.id === id)) return id;
    }
    throw new Problem('contract', `${this.flow.id} has too few values for the ids of ${message.name}`, {
      next: `let the schemas of ${message.name} allow a ce-id of its own for every event`,
    });
  }

  #mayBeId(message: Message, id: string): boolean {
    const rule = idRule(message);
    const fits = rule === undefined || accepts(message, withValueAt(samplePayload(message, 0), rule.field, id));
    return fits && acceptsHeader(message, 'ce-id', id);
  }

  #keyFor(message: Message, id: string, receiver: Receiver): string {
    if (this.flow.key === undefined) return this.#valueOf(message, 'ce-partitionkey') ?? this.#headerKey(message);
    const isId = message.rules.some(
      (rule) => rule.rule === 'equals-header' && rule.header === 'ce-id' && rule.field === this.flow.key,
    );
    return isId ? id : this.#newKey(message, receiver);
  }

  /** A key that orders nothing, where the header schema asks for one. */
  #headerKey(message: Message): string {
    const asked = headerFaults(message, {}).has('ce-partitionkey');
    return asked ? (drawHeader(message, 'ce-partitionkey', this.random.seed()) ?? '') : '';
  }

  /** A key that was not used before; where all there are were used, the one that was used least. */
  #newKey(message: Message, to?: Receiver): string {
    const wanted = this.#keysOf(to);
    for (let tries = 0; tries < mostKnownKeys; tries++) {
      const key = wanted === undefined ? this.#drawnKey(message) : this.random.pick(wanted);
      if (key !== undefined && !this.#keys.has(key)) {
        this.#keys.set(key, 1);
        return key;
      }
    }
    const [least] = [...this.#keys].filter(([key]) => wanted?.includes(key) ?? true).toSorted((a, b) => a[1] - b[1]);
    if (least === undefined) {
      throw new Problem('contract', `no key of ${this.flow.id} can be made for ${message.name}`, {
        next: `let ${this.flow.key ?? 'the key'} and ce-partitionkey allow one of letters, digits, /, _, = and -`,
      });
    }
    this.#keys.set(least[0], least[1] + 1);
    return least[0];
  }

  /** The key of a valid payload, as it can stand in a subject; undefined where it cannot. */
  #drawnKey(message: Message): string | undefined {
    if (this.flow.key === undefined) return this.#uuid();
    const payload = samplePayload(message, this.random.seed());
    const found = valuesAt(payload, this.flow.key)[0];
    if (typeof found !== 'string' && typeof found !== 'number') return undefined;
    const key = Array.from(String(found), (character) => (notOfSubjects.test(character) ? 'x' : character)).join('');
    if (key === '' || !acceptsHeader(message, 'ce-partitionkey', key)) return undefined;
    return key === String(found) || accepts(message, withValueAt(payload, this.flow.key, key)) ? key : undefined;
  }

  /** A fresh valid value of the field that must equal a header. */
  #valueOf(message: Message, header: string): string | undefined {
    const rule = message.rules.find((candidate) => candidate.rule === 'equals-header' && candidate.header === header);
    if (rule === undefined) return undefined;
    const value = valuesAt(samplePayload(message, this.random.seed()), rule.field)[0];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }

  /** What breaks the contract is never accepted, and takes no place in the order. */
  #nextSequence(key: string, violation: Violation | undefined): number {
    const next = (this.#sequences.get(key) ?? 0) + 1;
    if (violation === undefined) this.#sequences.set(key, next);
    return next;
  }

  #replyTo(request: number): void {
    const reply = this.reply(request);
    this.scriptAll(request, { status: 200, reply });
  }

  #contents(message: Message, wanted?: readonly number[]): readonly PlannedContent[] {
    const some = Array.from({ length: this.random.integer(1, 3) }, () => this.random.pick(contentSizes));
    const contents = contentsFor(message, this.random, wanted ?? some);
    if (contents !== undefined) return contents;
    throw new Problem('contract', `no manifest of ${message.name} can be made`, {
      next: 'let its schema allow a bundle of at most 50 contents of at most 16 MiB',
    });
  }

  #uuid(): string {
    const hex = (digits: number): string => this.random.text(digits, '0123456789abcdef');
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${this.random.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
  }
}

/** Lanes in which one with a key waits for those before it with the same key: there is one sender of a key at a time. */
function inTurn(lanes: readonly Lane[], keyOf: (message: number) => string): readonly Lane[] {
  const last = new Map<string, number>();
  return lanes.map((steps, lane) => {
    const keys = new Set(
      steps.flatMap((step) => (step.do === 'send' || step.do === 'inject' ? [keyOf(step.message)] : [])),
    );
    keys.delete('');
    const before = new Set([...keys].flatMap((key) => last.get(key) ?? []));
    for (const key of keys) last.set(key, lane);
    return [...[...before].map((other): Step => ({ do: 'wait', for: { until: 'lane', lane: other } })), ...steps];
  });
}

/** The rule by which a payload repeats the id of its event, if there is one. */
const idRule = (message: Message): (Message['rules'][number] & { readonly rule: 'equals-header' }) | undefined =>
  message.rules.find((rule) => rule.rule === 'equals-header' && rule.header === 'ce-id') as
    | (Message['rules'][number] & { readonly rule: 'equals-header' })
    | undefined;

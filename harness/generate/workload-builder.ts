import { messagesOf, type Flow, type Message, type Receiver, type Service } from '../model/flow.ts';
import { valuesAt, withValueAt, type JsonValue } from '../model/json.ts';
import type {
  Lane,
  PlannedContent,
  PlannedMessage,
  Script,
  ScriptedAnswer,
  Step,
  Workload,
} from '../model/workload.ts';
import { accepts, samplePayload } from './events/schemas.ts';
import { randomFrom, type Random } from './random.ts';

/** How long after a trial's start an event that is not about expiry expires, in milliseconds: past every trial's end. */
const farOffMs = 120_000;
/** Distance of the `ce-time` of two events, in milliseconds; times lie before the trial's start, in the order of planning. */
const timeStepMs = 10;
const firstTimeMs = -600_000;
const contentSizes = [1024, 65_536, 200_000] as const;
const defaultLimitMs = 15_000;
/** Draws of a value until it is one that was not used before. */
const mostDraws = 1000;

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
  readonly #keys = new Set<string>();
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
    const key = given.key ?? this.#keyFor(message, id);
    const sequence = given.sequence ?? (this.flow.pattern === 'ordered-stream' ? this.#nextSequence(key) : 0);
    const timeMs = given.timeMs ?? firstTimeMs + this.#messages.length * timeStepMs;
    this.#messages.push({
      headers: {},
      ...(this.flow.pattern === 'claim-check' && message.name === this.flow.messages[0]?.name
        ? { contents: this.#contents() }
        : {}),
      ...(this.flow.expiryMs === undefined ? {} : { expiresMs: farOffMs }),
      application: this.random.pick(this.flow.senders),
      ...given,
      payload: { ...this.#filtered(receiver, message), ...given.payload },
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

  /** A further event with the source and id of a planned one and other content. */
  conflicting(message: number): number {
    const original = this.planned(message);
    this.#messages.push({ ...original, payloadSeed: this.random.seed() });
    return this.#messages.length - 1;
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

  limit(ms: number): this {
    this.#limitMs = ms;
    return this;
  }

  build(): Workload {
    return {
      messages: this.#messages,
      scripts: this.#scripts,
      instances: this.#instances,
      lanes: this.#lanes,
      limitMs: this.#limitMs,
    };
  }

  /** Distinct keys of the flow, such as a valid payload has them. */
  keys(count: number): readonly string[] {
    return Array.from({ length: count }, () => this.#newKey(this.#messageOf(this.flow.messages[0]?.name ?? '')));
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
      fields[parameter.location.pointer] = typeof sampled === 'number' ? Number(value) : value;
    }
    return fields;
  }

  /** A fresh id: a UUID, or where the payload repeats the id and its schema wants another shape, such a value. */
  #idFor(message: Message): string {
    const rule = message.rules.find((candidate) => candidate.rule === 'equals-header' && candidate.header === 'ce-id');
    const uuid = this.#uuid();
    if (rule === undefined || accepts(message, withValueAt(samplePayload(message, 0), rule.field, uuid))) return uuid;
    for (let tries = 0; tries < mostDraws; tries++) {
      const id = this.#valueOf(message, 'ce-id') ?? uuid;
      if (!this.#messages.some((planned) => planned.id === id)) return id;
    }
    throw new RangeError(`${this.flow.id} has too few values for the ids of ${message.name}`);
  }

  #keyFor(message: Message, id: string): string {
    if (this.flow.key === undefined) return this.#valueOf(message, 'ce-partitionkey') ?? '';
    const isId = message.rules.some(
      (rule) => rule.rule === 'equals-header' && rule.header === 'ce-id' && rule.field === this.flow.key,
    );
    return isId ? id : this.#newKey(message);
  }

  #newKey(message: Message): string {
    for (let tries = 0; tries < mostDraws; tries++) {
      const found =
        this.flow.key === undefined
          ? undefined
          : valuesAt(samplePayload(message, this.random.seed()), this.flow.key)[0];
      const key = typeof found === 'string' || typeof found === 'number' ? String(found) : this.#uuid();
      if (!this.#keys.has(key)) {
        this.#keys.add(key);
        return key;
      }
    }
    throw new RangeError(`${this.flow.id} has too few values for its key`);
  }

  /** A fresh valid value of the field that must equal a header. */
  #valueOf(message: Message, header: string): string | undefined {
    const rule = message.rules.find((candidate) => candidate.rule === 'equals-header' && candidate.header === header);
    if (rule === undefined) return undefined;
    const value = valuesAt(samplePayload(message, this.random.seed()), rule.field)[0];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }

  #nextSequence(key: string): number {
    const next = (this.#sequences.get(key) ?? 0) + 1;
    this.#sequences.set(key, next);
    return next;
  }

  #replyTo(request: number): void {
    const reply = this.reply(request);
    this.scriptAll(request, { status: 200, reply });
  }

  #contents(): readonly PlannedContent[] {
    return Array.from({ length: this.random.integer(1, 3) }, () => ({
      bytes: this.random.pick(contentSizes),
      seed: this.random.seed(),
    }));
  }

  #uuid(): string {
    const hex = (digits: number): string => this.random.text(digits, '0123456789abcdef');
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${this.random.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
  }
}

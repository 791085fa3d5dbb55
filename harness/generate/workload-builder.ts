import { messageOf, type Flow, type Message, type Receiver, type Service } from '../model/flow.ts';
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
import type { WireFault } from '../model/wire.ts';
import { randomFrom, type Random } from './random.ts';
import { drawContents } from './workload/contents.ts';
import { filteredFields, filteredHeaders, wantedOf } from './workload/filters.ts';
import { freshId } from './workload/ids.ts';
import { Keys } from './workload/keys.ts';
import { limitMsOf } from './workload/limit.ts';
import { inTurn } from './workload/lanes.ts';
import { openFields, openHeaders } from './workload/undeclared.ts';

/** How long after a trial's start an event that is not about expiry expires, in milliseconds: past every trial's end. */
const farOffMs = 120_000;
/** The same of a request, whose caller waits that long for a reply that is lost: sooner than the trial's patience ends. */
const farOffDeadlineMs = 12_000;
/** Distance of the `ce-time` of two events, in milliseconds; times lie before the trial's start, in the order of planning. */
const timeStepMs = 10;
const firstTimeMs = -600_000;
/** What goes with a bundle that is to be refused: small, as nobody is to fetch it, and two, as items may have to differ. */
const contentsOfRefused = [1024, 1024] as const;

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
  /** Whom to choose from where one receiver is enough: those under test, or all where none of them is. */
  readonly receivers: readonly Receiver[];
  /** The same of senders. */
  readonly senders: readonly string[];
  readonly #messages: PlannedMessage[] = [];
  readonly #scripts: Script[] = [];
  readonly #lanes: Lane[] = [];
  readonly #instances: Record<string, number> = {};
  readonly #sequences = new Map<string, number>();
  readonly #keys: Keys;
  #wire: WireFault[] | undefined;
  #limitMs: number;

  constructor(service: Service, flow: Flow, seed: number) {
    this.service = service;
    this.flow = flow;
    this.random = randomFrom(seed);
    this.receivers = chosen(flow, flow.receivers, ({ application }) => application);
    this.senders = chosen(flow, flow.senders, (name) => name);
    this.#keys = new Keys(flow, this.random);
    this.#limitMs = limitMsOf(flow);
  }

  /** Plans an event of the flow, and gives its index. On an ordered flow it takes its key's next sequence. */
  message(options: MessageOptions = {}): number {
    const { to, ...given } = options;
    const receiver = to ?? this.random.pick(this.receivers);
    const type = given.type ?? this.#typeFor(receiver, given.key);
    const message = messageOf(this.flow, type);
    const id = given.id ?? this.#idFor(message);
    const key = given.key ?? this.#keys.of(message, id, receiver);
    const sequence =
      given.sequence ?? (this.flow.pattern === 'ordered-stream' ? this.#nextSequence(key, given.violation) : 0);
    const timeMs = given.timeMs ?? firstTimeMs + this.#messages.length * timeStepMs;
    this.#messages.push({
      ...(this.flow.pattern === 'claim-check' && given.contents === undefined
        ? { contents: drawContents(message, this.random, given.violation && contentsOfRefused) }
        : {}),
      ...(this.flow.expiryMs === undefined
        ? {}
        : { expiresMs: this.flow.pattern === 'request-reply' ? farOffDeadlineMs : farOffMs }),
      application: this.random.pick(this.senders),
      ...given,
      headers: { ...filteredHeaders(this.flow, receiver, this.random), ...openHeaders(message, given.headers) },
      payload: { ...filteredFields(this.flow, receiver, message, this.random), ...openFields(message, given.payload) },
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
    const payload = {
      ...original.payload,
      ...openFields(messageOf(this.flow, original.type), { '/conflicting': other }),
    };
    this.#messages.push({
      ...original,
      payload,
      payloadSeed: said === undefined ? this.random.seed() : original.payloadSeed,
    });
    return this.#messages.length - 1;
  }

  /** The same event with its body in another writing, and so with other content. */
  rewritten(message: number): number {
    this.#messages.push({ ...this.planned(message), rewritten: true });
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
    const { refuse, headers, ...given } = options;
    const replies = this.flow.replies.filter((reply) => (reply.name === this.flow.refusal) === (refuse ?? false));
    const message = this.random.pick(replies.length === 0 ? this.flow.replies : replies);
    this.#messages.push({
      headers: { 'ce-causationid': this.planned(request).id, ...openHeaders(message, headers) },
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

  /** Messages that an application sends as the contract has them. */
  sentWhole(): readonly number[] {
    const sent = this.#lanes.flat().flatMap((step) => (step.do === 'send' ? [step.message] : []));
    return [...new Set(sent)].filter((message) => this.planned(message).violation === undefined);
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
    const message = messageOf(this.flow, this.flow.messages[0]?.name ?? '');
    return Array.from({ length: count }, () => this.#keys.fresh(message, to));
  }

  /** Contents of a bundle: of the given sizes, where the manifest's schema allows them. */
  contents(...wanted: readonly number[]): readonly PlannedContent[] {
    return drawContents(messageOf(this.flow, this.flow.messages[0]?.name ?? ''), this.random, wanted);
  }

  #isOrdered(): boolean {
    return this.flow.pattern === 'ordered-stream' || this.flow.pattern === 'last-value';
  }

  #typeFor(receiver: Receiver, key: string | undefined): string {
    const wanted = wantedOf(this.flow, receiver, 'ce-type');
    const first = this.flow.messages[0]?.name ?? '';
    if (this.flow.pattern === 'ordered-stream' && (key === undefined || !this.#sequences.has(key))) return first;
    return this.random.pick(wanted ?? this.flow.messages.map((message) => message.name));
  }

  #idFor(message: Message): string {
    return freshId(this.flow, message, this.random, (id) => this.#messages.some((planned) => planned.id === id));
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
}

function chosen<T>({ underTest }: Flow, all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const some = all.filter((one) => underTest?.includes(nameOf(one)));
  return some.length === 0 ? all : some;
}

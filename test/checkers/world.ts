import type { Flow } from '../../harness/model/flow.ts';
import type { PartialRow, TableName } from '../../harness/model/history.ts';
import { applicationOfConsumer, consumersOfReceiver } from '../../harness/model/names.ts';
import { entitled } from '../../harness/model/subject.ts';
import { NONE } from '../../harness/model/table.ts';
import { noRows, type Rows } from './build.ts';

export type Append = <T extends TableName>(table: T, row: PartialRow<T>) => void;

interface Planned {
  readonly row: PartialRow<'planned'>;
  readonly subject: string;
  readonly key: string;
}

interface Copy {
  readonly message: number;
  readonly sequence: number;
  readonly at: number;
  readonly replayFor: string;
}

const intact = {
  bodyIntact: 'yes',
  headersIntact: 'yes',
  chainIntact: 'yes',
  traceIntact: 'yes',
  timeIntact: 'yes',
} as const;

/**
 * A bus that works, in a few lines: what happens on it is written as rows, with everything that the observers of a real trial
 * would have seen of it. Every call takes its own milliseconds, so that nothing happens at once.
 */
export class World {
  readonly flow: Flow;
  readonly #append: Append;
  readonly #planned: Planned[] = [];
  readonly #copies: Copy[] = [];
  readonly #deliveries = new Map<string, number>();
  #now = 0;
  #records = 0;
  #letters = 0;
  #refusals = 0;

  constructor(flow: Flow, append: Append) {
    this.flow = flow;
    this.#append = append;
  }

  get now(): number {
    return this.#now;
  }

  pass(ms: number): this {
    this.#now += ms;
    return this;
  }

  /** A planned message; valid, unless it says otherwise. Returns its index. */
  plan(row: PartialRow<'planned'> = {}): number {
    const index = this.#planned.length;
    const key = row.key ?? 'k0';
    const subject = row.subject ?? this.flow.address.replace('{key}', key);
    const full = {
      flow: this.flow.id,
      type: 'Thing',
      source: 'urn:sender',
      id: `m${index}`,
      application: 'sender',
      key,
      sequence: 0,
      time: this.#now,
      expires: this.flow.expiryMs === undefined ? Number.NaN : this.#now + this.flow.expiryMs,
      bytes: 100,
      correlation: `c${index}`,
      trace: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      classification: 'OFFICIAL',
      subject,
      unknownField: 'yes',
      nonAscii: 'yes',
      ...row,
    } as const;
    this.#planned.push({ row: full, subject, key });
    this.#append('planned', full);
    return index;
  }

  /** The application sends it; on 202 the bus stores it, unless it has it. */
  send(message: number, row: PartialRow<'send'> = {}, options: { stores?: boolean } = {}): this {
    const status = row.status ?? 202;
    const at = this.#tick();
    const outcome = status < 300 ? 'ok' : status < 500 ? 'fail' : 'info';
    if (status === 202 && options.stores !== false) this.store(message);
    const application = this.#planned[message]?.row.application ?? '';
    this.#append('send', {
      at,
      done: this.#tick(),
      intended: at,
      message,
      application,
      outcome,
      status,
      reply: NONE,
      ...row,
    });
    return this;
  }

  /** The generator of an open loop comes to a message at its time; or to nothing, where idle. */
  arrive(message: number, row: PartialRow<'arrival'> = {}): this {
    this.#append('arrival', { at: this.#now, intended: this.#now, message, phase: 'measured', ...row });
    return this;
  }

  /** The harness puts it on the bus itself. */
  inject(message: number, row: PartialRow<'injection'> = {}): this {
    const at = this.#tick();
    if (row.duplicate !== 'yes' && (row.outcome ?? 'ok') === 'ok' && this.flow.stream !== undefined)
      this.store(message);
    const sequence = row.duplicate === 'yes' ? 1 : this.#copies.length;
    this.#append('injection', {
      at,
      done: this.#tick(),
      message,
      what: 'event',
      request: NONE,
      outcome: 'ok',
      stream: this.flow.stream ?? '',
      sequence: this.flow.stream === undefined ? NONE : sequence,
      duplicate: 'no',
      ...row,
    });
    return this;
  }

  store(message: number, row: PartialRow<'stored'> = {}): this {
    const { row: planned, subject, key } = this.#of(message);
    const at = this.#tick();
    const sequence = this.#copies.length + 1;
    const wrong = planned.violation ?? '';
    const says = (kind: string): 'yes' | 'no' => (wrong.startsWith(kind) ? 'no' : 'yes');
    this.#copies.push({ message, sequence, at, replayFor: row.replayFor ?? '' });
    this.#append('stored', {
      at,
      stream: this.flow.stream ?? '',
      sequence,
      subject: this.#storedSubject(subject, key),
      flow: this.flow.id,
      message,
      id: planned.id ?? '',
      source: planned.source ?? '',
      type: planned.type ?? '',
      key,
      messageId: `${planned.source ?? ''} ${planned.id ?? ''}`,
      bytes: planned.bytes ?? 0,
      storedAt: at,
      envelope: says('header:ce-id'),
      dataschema: 'yes',
      timeFormat: says('header:ce-time'),
      classification: says('header:ce-classification'),
      headersValid: says('header'),
      validA: says('schema'),
      validB: says('schema'),
      rules: says('rule'),
      fault: wrong,
      ...intact,
      noneForeign: 'yes',
      subjectIntact: 'yes',
      canary: 'no',
      ...row,
    });
    this.#record({
      change: row.replayFor === undefined ? 'accepted' : 'replayed',
      flow: this.flow.id,
      stream: this.flow.stream ?? '',
      streamSequence: sequence,
      id: planned.id ?? '',
      source: planned.source ?? '',
    });
    return this;
  }

  /** The application is handed it by its adapter, and answers. */
  hand(message: number, application: string, row: PartialRow<'delivery'> = {}): this {
    const { row: planned } = this.#of(message);
    const status = row.status ?? 200;
    const at = this.#tick();
    const name = `${application} ${planned.source ?? ''} ${planned.id ?? ''}`;
    const time = (this.#deliveries.get(name) ?? 0) + 1;
    this.#deliveries.set(name, time);
    this.#append('delivery', {
      at,
      done: this.#tick(),
      message,
      id: planned.id ?? '',
      source: planned.source ?? '',
      type: planned.type ?? '',
      flow: this.flow.id,
      application,
      time,
      outcome: status === 0 ? 'info' : 'ok',
      status,
      effect: status >= 200 && status < 300 && time === 1 ? 'yes' : 'no',
      ...intact,
      valid: (planned.violation ?? '') === '' ? 'yes' : 'no',
      expired: 'no',
      reply: NONE,
      ...row,
    });
    return this;
  }

  /** The adapter says on the wire what became of the newest copy. A settlement is recorded. */
  tell(
    message: number,
    application: string,
    verb: 'ack' | 'nak' | 'term',
    row: PartialRow<'acknowledgement'> = {},
  ): this {
    const copy = this.#copyFor(message, application);
    const at = this.#tick();
    const deliveries = row.deliveries ?? 1;
    this.#append('acknowledgement', {
      at,
      stream: this.flow.stream ?? '',
      consumer: this.consumerOf(message, application),
      application,
      sequence: copy?.sequence ?? 0,
      deliveries,
      verb,
      ...row,
    });
    if (verb === 'nak') return this;
    const reason = row.reason ?? '';
    this.#settled(
      message,
      application,
      verb === 'ack' ? 'acknowledged' : reason === 'expired' ? 'expired' : 'rejected',
      deliveries,
    );
    if (verb === 'term' && reason !== 'expired' && this.flow.badInput === 'dead-letter')
      this.letter(message, application, reason, deliveries);
    return this;
  }

  /** Handed over, taken, acknowledged. */
  take(message: number, application: string): this {
    return this.hand(message, application).tell(message, application, 'ack');
  }

  takeByAll(message: number): this {
    for (const { application } of this.receiversOf(message)) this.take(message, application);
    return this;
  }

  /** An attempt that fails, with its declared back-off waited out. */
  failOnce(message: number, application: string, attempt: number): this {
    const delayMs = this.flow.backoffMs[Math.min(attempt, this.flow.backoffMs.length) - 1] ?? 0;
    return this.hand(message, application, { status: 503 })
      .tell(message, application, 'nak', { deliveries: attempt, delayMs })
      .pass(delayMs + 1);
  }

  exhaust(message: number, application: string): this {
    for (let attempt = 1; attempt <= this.flow.attempts; attempt++) this.failOnce(message, application, attempt);
    const copy = this.#copyFor(message, application);
    const deliveries = this.flow.attempts;
    this.#append('advisory', {
      at: this.#tick(),
      kind: 'max-deliver',
      stream: this.flow.stream ?? '',
      consumer: this.consumerOf(message, application),
      sequence: copy?.sequence ?? 0,
      deliveries,
    });
    this.#settled(message, application, 'exhausted', deliveries);
    return this.letter(message, application, 'exhausted', deliveries);
  }

  letter(message: number, application: string, reason: string, attempts: number): this {
    const { row: planned } = this.#of(message);
    const copy = this.#copyFor(message, application);
    const where = {
      stream: this.flow.stream ?? '',
      streamSequence: copy?.sequence ?? 0,
      flow: this.flow.id,
      application,
    };
    const who = { id: planned.id ?? '', source: planned.source ?? '' };
    this.#append('deadLetter', {
      at: this.#tick(),
      sequence: ++this.#letters,
      ...where,
      message,
      ...who,
      reason,
      attempts,
      bodyIntact: 'yes',
      headersIntact: 'yes',
      canary: 'no',
    });
    this.#record({ change: 'dead-lettered', ...where, ...who, deliveries: attempts, reason });
    return this;
  }

  /** The adapter of an application says no to an event, on the channel for receipts. */
  refuse(message: number, application: string): this {
    const { row: planned } = this.#of(message);
    const at = this.#tick();
    this.#append('stored', {
      at,
      stream: 'RECEIPTS',
      sequence: ++this.#refusals,
      subject: 'service.receipts',
      flow: 'service/receipts',
      message: NONE,
      id: `${planned.id ?? ''}-refused`,
      source: `urn:application:${application}`,
      type: this.flow.refusal ?? '',
      storedAt: at,
      chainIntact: 'yes',
      noneForeign: 'yes',
    });
    return this;
  }

  /** A dead letter is put back for one application. */
  replay(message: number, application: string): this {
    this.#append('injection', {
      at: this.#tick(),
      done: this.#tick(),
      message: NONE,
      what: 'replay',
      outcome: 'ok',
      sequence: NONE,
      request: NONE,
    });
    return this.store(message, { replayFor: application });
  }

  notice(message: number, application: string, reason: string): this {
    const { row: planned } = this.#of(message);
    this.#append('notice', {
      at: this.#tick(),
      application,
      id: planned.id ?? '',
      source: planned.source ?? '',
      message,
      reason,
      bytes: 0,
      canary: 'no',
    });
    return this;
  }

  /** An object of a bundle, as found in the store. */
  content(message: number, item: number): this {
    this.#append('content', { at: this.#tick(), where: 'store', message, item, bytes: 10, intact: 'yes' });
    return this;
  }

  /** Every message to an application's adapter is held back for so long from now on, or no connection of it is taken. */
  hold(application: string, ms: number, kind: 'hold' | 'refuse' = 'hold'): this {
    this.#append('fault', { at: this.#now, done: this.#now + ms, kind, target: application, took: 'yes' });
    return this.pass(ms);
  }

  life(application: string, change: PartialRow<'lifecycle'>['change'], instance = 0): this {
    this.#append('lifecycle', { at: this.#tick(), application, instance, change: change ?? 'started' });
    return this;
  }

  /** A request with its reply, handed to its caller. */
  ask(request: number, reply: number, row: PartialRow<'send'> = {}): this {
    const asked = this.#planned[request]?.row;
    const given = this.#planned[reply]?.row;
    const at = this.#tick();
    this.hand(request, 'one', { reply });
    this.#append('send', {
      at,
      done: this.#tick(),
      intended: at,
      message: request,
      application: asked?.application ?? '',
      outcome: 'ok',
      status: 200,
      reply,
      replyType: given?.type ?? '',
      replyId: given?.id ?? '',
      replySource: given?.source ?? '',
      replyCausation: asked?.id ?? '',
      replyCorrelation: asked?.correlation ?? '',
      replyIntact: 'yes',
      replyValid: 'yes',
      replyTrace: 'yes',
      ...row,
    });
    this.#record({
      change: 'answered',
      flow: this.flow.id,
      application: 'one',
      id: asked?.id ?? '',
      source: asked?.source ?? '',
    });
    return this;
  }

  /** What a relay saw. */
  wire(row: PartialRow<'wire'>): this {
    this.#append('wire', { at: this.#tick(), ...row });
    return this;
  }

  /** What came of a message for an interaction of the flow's first pact. */
  judge(message: number, row: PartialRow<'contract'> = {}): this {
    const pact = this.flow.pacts?.[0];
    this.#append('contract', {
      at: this.#tick(),
      message,
      request: NONE,
      pact: pact?.name ?? '',
      description: pact?.interactions[row.interaction ?? 0]?.description ?? '',
      part: 'message',
      pending: 'no',
      holds: 'yes',
      ...row,
    });
    return this;
  }

  /** The relay cuts an instance off for a while. */
  cut(application: string, refuseMs: number): this {
    const at = this.#tick();
    this.#append('fault', { at, done: at + refuseMs, kind: 'cut', target: application, took: 'yes' });
    return this;
  }

  /** A content has come so far. */
  transfer(row: PartialRow<'transfer'>): this {
    this.#append('transfer', { at: this.#tick(), ...row });
    return this;
  }

  /** An instance is asked for its health. */
  health(application: string, status: number): this {
    const at = this.#tick();
    this.#append('health', { at, done: this.#tick(), application, status });
    return this;
  }

  /** How many messages the stream has stored. */
  get stored(): number {
    return this.#copies.length;
  }

  scans(): this {
    for (const kind of ['audit', 'dead-letter', 'notice', 'log', 'object-name', 'subject', 'header'] as const) {
      this.#append('scan', {
        at: this.#tick(),
        artefact: kind,
        kind,
        bytes: 1000,
        encodings: 7,
        canaries: 5,
        hits: 0,
        control: 'yes',
      });
    }
    return this;
  }

  /** Drained, observers caught up, states read, trail anchored. */
  finish(): this {
    this.#append('anchor', { at: this.#tick(), number: this.#records, signature: 'yes', head: 'yes', final: 'yes' });
    const at = this.#tick();
    this.#append('wait', { at, done: this.#tick(), what: 'drain', reached: 'yes' });
    this.#append('wait', { at, done: this.#tick(), what: 'observer', reached: 'yes' });
    const { stream } = this.flow;
    if (stream !== undefined) {
      const last = this.#copies.length;
      this.#append('streamState', {
        at: this.#tick(),
        stream,
        flow: this.flow.id,
        first: Math.min(1, last),
        last,
        messages: last,
      });
      for (const receiver of this.flow.receivers) {
        for (const { name } of consumersOfReceiver(this.flow, receiver)) {
          this.#append('consumerState', { at: this.#now, stream, consumer: name, application: receiver.application });
        }
      }
    }
    this.#append('lag', {
      at: this.#now,
      intervalMs: this.#now,
      worstMs: 1,
      busMs: 1,
      processorMs: this.#now / 5,
      loopMs: this.#now / 5,
    });
    return this;
  }

  receiversOf(message: number): Flow['receivers'] {
    const subject = this.#planned[message]?.subject ?? '';
    return this.flow.receivers.filter(
      (receiver) => this.flow.pattern === 'request-reply' || entitled(this.flow, receiver, subject),
    );
  }

  #of(message: number): Planned {
    const planned = this.#planned[message];
    if (planned === undefined) throw new RangeError(`nobody planned message ${message}`);
    return planned;
  }

  #tick(): number {
    this.#now += 1;
    return this.#now;
  }

  #settled(message: number, application: string, how: PartialRow<'audit'>['how'], deliveries: number): void {
    const { row: planned } = this.#of(message);
    const copy = this.#copyFor(message, application);
    this.#record({
      change: 'settled',
      flow: this.flow.id,
      stream: this.flow.stream ?? '',
      streamSequence: copy?.sequence ?? 0,
      application,
      how: how ?? '',
      deliveries,
      id: planned.id ?? '',
      source: planned.source ?? '',
    });
  }

  #record(row: PartialRow<'audit'>): void {
    this.#records++;
    this.#append('audit', {
      at: this.#tick(),
      sequence: this.#records,
      number: this.#records,
      chain: 'yes',
      canary: 'no',
      digest: 'no',
      ...row,
    });
  }

  #copyFor(message: number, application: string): Copy | undefined {
    for (let index = this.#copies.length - 1; index >= 0; index--) {
      const copy = this.#copies[index];
      if (copy?.message === message && (copy.replayFor === '' || copy.replayFor === application)) return copy;
    }
    return undefined;
  }

  #partitionOf(key: string): number {
    let sum = 0;
    for (const letter of key) sum += letter.charCodeAt(0);
    return sum % (this.flow.partitions ?? 1);
  }

  #storedSubject(subject: string, key: string): string {
    return this.flow.partitions === undefined ? subject : `partition.${this.#partitionOf(key)}.${subject}`;
  }

  consumerOf(message: number, application: string): string {
    if (this.flow.partitions === undefined) return application;
    const name = `${application}-${this.#partitionOf(this.#planned[message]?.key ?? '')}`;
    return applicationOfConsumer(this.flow, name) === undefined ? application : name;
  }
}

/** A world whose rows a test may change. */
export function worldOf(flow: Flow): { readonly world: World; readonly rows: Rows } {
  const rows = noRows();
  return { rows, world: new World(flow, (table, row) => void (rows[table] as (typeof row)[]).push({ ...row })) };
}

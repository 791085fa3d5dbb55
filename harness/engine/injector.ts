import { jetstream, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { Objm, type ObjectStore } from '@nats-io/obj';
import { headers as newHeaders, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { messageIdOf, parseTime, type CloudEvent } from '../model/event.ts';
import type { RowOf } from '../model/history.ts';
import { objectStream } from '../model/names.ts';
import { NONE } from '../model/table.ts';
import type { PlannedContent } from '../model/workload.ts';
import { sha256Of } from '../patterns/contents.ts';
import type { Answerer } from './answerer.ts';
import { delay } from './clock.ts';
import { answered } from './played-application.ts';
import { damaged } from './played-contents.ts';
import { plannedSubject } from './planned-rows.ts';
import { refusalReason } from './refusal-reason.ts';
import { problem, type TrialState } from './trial-state.ts';

/** Longest wait for the bus to take an injection, in milliseconds. */
const injectLimitMs = 5000;

/** Where the harness takes requests: as an answerer, and beside the asker, whose own reply subjects it sees there. */
export interface Answerers {
  readonly answering: Answerer;
  readonly straight: Answerer;
}

type Outcome = Partial<RowOf<'injection'>> & Pick<RowOf<'injection'>, 'outcome'>;

/** Puts events on the bus past every adapter's check, with the harness's own user. */
export class Injector {
  readonly #state: TrialState;
  readonly #connection: NatsConnection;
  readonly #answerers: Answerers | undefined;
  readonly #replay: (application: string, key: string | undefined) => Promise<number>;

  constructor(options: {
    state: TrialState;
    connection: NatsConnection;
    answerers: Answerers | undefined;
    replay: (application: string, key: string | undefined) => Promise<number>;
  }) {
    this.#state = options.state;
    this.#connection = options.connection;
    this.#answerers = options.answerers;
    this.#replay = options.replay;
  }

  async inject(message: number, options: { subject?: string; messageId?: string }): Promise<void> {
    const { planned, service, clock } = this.#state;
    const event = planned.list[message];
    const flow = service.flows.find((candidate) => candidate.id === event?.message.flow);
    if (event === undefined || flow === undefined)
      throw new RangeError(`the workload has no message ${String(message)}`);
    const subject = options.subject ?? plannedSubject(flow, event);
    const at = clock.now();
    const outcome =
      flow.stream === undefined
        ? await this.#request(flow.refusal, subject, event.event)
        : await this.#publish(
            flow.bucket,
            message,
            subject,
            event.event,
            options.messageId ?? messageIdOf(event.event),
          );
    this.#row({ at, message, subject, what: 'event', ...outcome });
    if (outcome.outcome !== 'fail' && !this.#state.progress.sentAt.has(message)) {
      this.#state.progress.sentAt.set(message, clock.now());
    }
    this.#state.changes.changed();
  }

  /** Puts objects under the names of a bundle's own, each of the right size and with other bytes. */
  async misplace(message: number): Promise<void> {
    const { planned, service } = this.#state;
    const flow = service.flows.find(({ id }) => id === planned.list[message]?.message.flow);
    if (flow?.bucket === undefined) throw new RangeError(`message ${String(message)} of the workload is no bundle`);
    await this.#putContents(flow.bucket, message, 'digest');
  }

  async injectReply(message: number, request: number, straight: boolean): Promise<void> {
    const { planned, workload, signal, clock, progress } = this.#state;
    const reply = planned.list[message];
    const asked = planned.list[request];
    const at = clock.now();
    // An asker that has its answer already asks no more: the request expired on its way.
    const over = (): boolean => progress.answered.has(request);
    const answerer = straight ? this.#answerers?.straight : this.#answerers?.answering;
    const msg = await answerer?.request(asked?.message.id ?? '', over, workload.limitMs, signal);
    if (reply === undefined || answerer === undefined || msg?.reply === undefined) {
      problem(this.#state, 'injected reply', `request ${String(request)} never reached the harness`);
      this.#row({ at, message, what: 'reply', request, outcome: 'fail' });
      return;
    }
    // It is an answer to the request that it names, whoever is given it.
    const named = planned.list.find(({ message: { id } }) => id === reply.event.headers['ce-causationid']);
    const event = named === undefined ? reply.event : answered(named.event, reply.event);
    const { connection } = answerer;
    connection.publish(msg.reply, event.body, { headers: natsHeaders(event) });
    const left = await Promise.race([
      connection.flush().then(() => true),
      delay(injectLimitMs, signal).then(() => false),
    ]);
    if (!left) problem(this.#state, 'injected reply', `the bus took nothing within ${String(injectLimitMs)} ms`);
    this.#row({ at, message, subject: msg.reply, what: 'reply', request, outcome: left ? 'ok' : 'info' });
  }

  async replay(application: string, key: string | undefined): Promise<void> {
    const at = this.#state.clock.now();
    const replayed = await this.#replay(application, key);
    const which = key === undefined ? '' : ` of ${key}`;
    // That there was none is for others to judge; what was to follow was not tested.
    if (replayed === 0) {
      const detail = `a dead letter${which} for ${application} to put back`;
      this.#state.history.append('wait', { at, done: this.#state.clock.now(), what: 'lane', detail, reached: 'no' });
    }
    this.#row({ at, message: NONE, what: 'replay', outcome: replayed > 0 ? 'ok' : 'fail' });
  }

  async #publish(
    bucket: string | undefined,
    message: number,
    subject: string,
    event: CloudEvent,
    messageId: string,
  ): Promise<Outcome> {
    if (bucket !== undefined) await this.#putContents(bucket, message);
    try {
      const ack = await jetstream(this.#connection).publish(subject, event.body, {
        headers: natsHeaders(event),
        msgID: messageId,
        timeout: injectLimitMs,
      });
      return { outcome: 'ok', stream: ack.stream, sequence: ack.seq, duplicate: ack.duplicate ? 'yes' : 'no' };
    } catch (cause) {
      return { outcome: cause instanceof JetStreamApiError ? 'fail' : 'info' };
    }
  }

  async #putContents(bucket: string, message: number, fault?: PlannedContent['fault']): Promise<void> {
    const { planned } = this.#state;
    const bundle = planned.list[message];
    const store = await new Objm(this.#connection).open(bucket);
    for (const [item, spec] of (bundle?.message.contents ?? []).entries()) {
      if (spec.fault === 'absent') continue;
      const name = `${bundle?.message.id ?? ''}/${String(item)}`;
      const wrong = fault ?? spec.fault;
      // Whoever reads it at this time would find it gone for a moment: what is right stays.
      if (wrong === undefined && (await isThere(store, name, planned.contentDigest(message, item)))) continue;
      const described = damaged(planned.content(message, item), wrong === 'bytes' ? undefined : wrong);
      const { nuid } = await store.put({ name }, ReadableStream.from(described));
      if (wrong === 'bytes') await this.#replaceBytes(bucket, nuid, damaged(planned.content(message, item), 'bytes'));
    }
  }

  /** Puts other bytes, of one chunk at most, in the place of an object's, and leaves alone what the store says of them. */
  async #replaceBytes(bucket: string, nuid: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const subject = `$O.${bucket}.C.${nuid}`;
    const manager = await jetstreamManager(this.#connection, { checkAPI: false });
    await manager.streams.purge(objectStream(bucket), { filter: subject });
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    await jetstream(this.#connection).publish(subject, Buffer.concat(chunks), { timeout: injectLimitMs });
  }

  async #request(refusal: string | undefined, subject: string, event: CloudEvent): Promise<Outcome> {
    const expires = parseTime(event.headers['ce-expirytime']);
    const timeout = Math.min(injectLimitMs, Math.max(100, (expires ?? Infinity) - this.#state.clock.wall()));
    try {
      const reply = await this.#connection.request(subject, event.body, { headers: natsHeaders(event), timeout });
      const replyType = reply.headers?.get('ce-type') ?? '';
      return { outcome: 'ok', replyType, ...(replyType === refusal ? { replyReason: refusalReason(reply.data) } : {}) };
    } catch {
      // No responder or no reply: an answerer that keeps silent on what it cannot take does so by the contract.
      return { outcome: 'info' };
    }
  }

  #row(row: Partial<RowOf<'injection'>> & { at: number }): void {
    this.#state.history.append('injection', { sequence: NONE, request: NONE, done: this.#state.clock.now(), ...row });
  }
}

async function isThere(store: ObjectStore, name: string, digest: string): Promise<boolean> {
  const info = await store.info(name);
  return info !== null && !info.deleted && sha256Of(info) === digest;
}

function natsHeaders(event: CloudEvent): MsgHdrs {
  const list = newHeaders();
  for (const [name, value] of Object.entries(event.headers)) list.set(name, value);
  return list;
}

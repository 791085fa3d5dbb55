import type { KeyPair } from '@nats-io/nkeys';
import type { NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';

import { parseAdvisory } from '../model/advisory.ts';
import { deadLetterHeaders } from '../model/dead-letter.ts';
import type { Flow, Service } from '../model/flow.ts';
import { busStreams, replayedFor } from '../model/names.ts';
import type { Topology } from '../model/topology.ts';
import { AuditRecorder } from './audit/recorder.ts';
import { barrier } from './barrier.ts';
import { Custody, Envelopes, settledBy, type Envelope, type Settled } from './custody.ts';
import { DeadLetterRouter } from './dead-letter-router.ts';
import { Feed, type FeedMessage } from './feed.ts';
import type { Past } from './past.ts';
import { replay, type Replayed } from './replay.ts';
import type { SettledMessages } from './settled-messages.ts';
import type { SequenceSet } from './sequence-set.ts';
import type { BusSteps, ReplayRequest } from './steps.ts';
import { headersOf, readStored } from './stored-message.ts';

/** Pause between two looks at whether everything has been dealt with. */
const lookPauseMs = 3;

export interface CustodianOptions {
  readonly connection: NatsConnection;
  readonly service: Service;
  readonly topology: Topology;
  readonly steps: BusSteps;
  /** Signs the anchors of the audit trail. */
  readonly key: KeyPair;
  readonly past: Past;
  readonly onProblem: (where: string, cause: unknown) => void;
}

/**
 * Audit recorder and dead-letter router of one service, fed by its streams and by what the server reports. It decides which
 * settlement of a message counts: the first on the wire, for each application.
 */
export class Custodian {
  readonly auditKey: string;
  readonly #options: CustodianOptions;
  readonly #flows: ReadonlyMap<string, Flow>;
  readonly #custody: Custody;
  readonly #envelopes = new Envelopes();
  readonly #recorder: AuditRecorder;
  readonly #router: DeadLetterRouter;
  readonly #settled: SettledMessages;
  readonly #replayed: SequenceSet;
  #feeds: readonly Feed[] = [];
  /** Messages taken in so far. */
  #taken = 0;
  #closed: Promise<void> | undefined;

  private constructor(options: CustodianOptions, auditKey: string, recorder: AuditRecorder) {
    this.#options = options;
    this.auditKey = auditKey;
    this.#recorder = recorder;
    this.#settled = options.past.settled;
    this.#replayed = options.past.replayed;
    const { connection, service, steps } = options;
    this.#flows = new Map(service.flows.flatMap((flow) => (flow.stream === undefined ? [] : [[flow.stream, flow]])));
    this.#custody = new Custody(service, (stream, sequence) => readStored(connection, stream, sequence));
    this.#router = new DeadLetterRouter(connection, service, steps);
  }

  /** Goes on where the audit trail says that an earlier one stopped. */
  static async open(options: CustodianOptions): Promise<Custodian> {
    const { connection, steps, key, onProblem, past } = options;
    const recorder = await AuditRecorder.open(connection, {
      key,
      steps,
      onError: (cause) => onProblem('audit anchors', cause),
      past,
    });
    const custodian = new Custodian(options, key.getPublicKey(), recorder);
    await custodian.#openFeeds();
    return custodian;
  }

  async settle(limitMs: number): Promise<boolean> {
    const signal = AbortSignal.timeout(limitMs);
    // What was stored by the router is read again, so that it is done when a round takes in nothing.
    for (let taken = -1; taken !== this.#taken;) {
      taken = this.#taken;
      if (!(await this.#reachNow(signal))) return false;
    }
    await this.#recorder.flushed();
    return true;
  }

  /** Resolves true once all that the server has received up to now was dealt with; asks again while the server is away. */
  async #reachNow(signal: AbortSignal): Promise<boolean> {
    let trouble: unknown;
    while (!signal.aborted) {
      try {
        await barrier(this.#options.connection, this.#options.topology.consumers);
        while (!(await this.#caughtUp())) {
          if (signal.aborted) return false;
          await delay(lookPauseMs);
        }
        return true;
      } catch (cause) {
        trouble = cause;
        await delay(lookPauseMs);
      }
    }
    if (trouble !== undefined) this.#options.onProblem('settling of the bus', trouble);
    return false;
  }

  async replay(request: ReplayRequest): Promise<readonly Replayed[] | undefined> {
    if (!this.#options.steps.mayReplay(request)) return undefined;
    return replay(this.#options.connection, request, this.#replayed);
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => feed.stop()));
    try {
      if (!this.#options.connection.isClosed()) await this.#recorder.seal();
    } finally {
      this.#recorder.stop();
    }
  }

  async #caughtUp(): Promise<boolean> {
    const looks = await Promise.all(this.#feeds.map((feed) => feed.caughtUp()));
    return looks.every(Boolean);
  }

  async #openFeeds(): Promise<void> {
    const { connection, onProblem } = this.#options;
    const open = (stream: string, headersOnly: boolean, take: (message: FeedMessage) => Promise<void>): Promise<Feed> =>
      Feed.open(connection, {
        stream,
        durable: 'audit-recorder',
        headersOnly,
        onMessage: (message) => {
          this.#taken++;
          return take(message);
        },
        onError: (cause) => onProblem(`audit of ${stream}`, cause),
      });
    this.#feeds = await Promise.all([
      ...[...this.#flows].map(([stream, flow]) =>
        open(stream, true, (message) =>
          this.#entered(flow, message.sequence, message.storedAt, {
            subject: message.subject,
            headers: headersOf(message.headers),
          }),
        ),
      ),
      open(busStreams.advisories, false, (message) => this.#reported(message)),
      open(busStreams.deadLetters, true, (message) => this.#deadLettered(message)),
    ]);
  }

  #entered(flow: Flow, sequence: number, when: string, envelope: Envelope): Promise<void> {
    this.#envelopes.remember(flow, sequence, envelope);
    return this.#recorder.record(this.#custody.entered(flow, flow.stream ?? '', sequence, envelope, when));
  }

  async #reported({ subject, sequence, data }: FeedMessage): Promise<void> {
    const advisory = parseAdvisory(Buffer.from(data).toString('utf8'));
    if (advisory.kind === 'latency') {
      const change = this.#custody.answered(subject, advisory, sequence);
      if (change !== undefined) await this.#recorder.record(change);
      return;
    }
    const flow = this.#flows.get(advisory.stream);
    const settled = flow && settledBy(advisory, flow);
    if (settled !== undefined) await this.#settle(settled);
  }

  /** Records and routes an end of a message, if it is the one that counts. What fails is told again, and then not late. */
  async #settle(settled: Settled): Promise<void> {
    const before = this.#settled.mark(settled);
    if (!this.#options.steps.settles(before)) return;
    try {
      const envelope = await this.#envelopeOf(settled);
      await this.#recorder.record(this.#custody.settled(settled, envelope));
      await this.#router.route(settled);
    } catch (cause) {
      if (!before) this.#settled.forget(settled);
      throw cause;
    }
  }

  /** A message is accepted before it is settled: where the server told of the end first, its acceptance is recorded now. */
  async #envelopeOf({ flow, stream, sequence, when }: Settled): Promise<Envelope | undefined> {
    const remembered = this.#envelopes.recall(flow, sequence);
    if (remembered !== undefined) return remembered;
    const message = await readStored(this.#options.connection, stream, sequence);
    if (message === undefined) return undefined;
    const { subject, headers } = message;
    const change = replayedFor(subject) === undefined ? 'accepted' : 'replayed';
    if (!this.#recorder.knows(`${change} ${stream} ${String(sequence)}`)) {
      await this.#entered(flow, sequence, when, { subject, headers });
    }
    return { subject, headers };
  }

  async #deadLettered(message: FeedMessage): Promise<void> {
    const headers = headersOf(message.headers);
    const stream = headers[deadLetterHeaders.stream] ?? '';
    const flow = this.#flows.get(stream);
    if (flow === undefined) return;
    const letter = {
      flow,
      application: headers[deadLetterHeaders.application] ?? '',
      stream,
      sequence: Number(headers[deadLetterHeaders.sequence]),
      reason: headers[deadLetterHeaders.reason] ?? '',
      deliveries: Number(headers[deadLetterHeaders.attempts]),
      when: message.storedAt,
    };
    await this.#recorder.record(this.#custody.deadLettered(message.sequence, letter, headers));
  }
}

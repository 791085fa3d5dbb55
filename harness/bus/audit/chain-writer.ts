import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { auditSubject, busStreams } from '../../model/names.ts';

/** Records on their way to the stream at once, at most; more wait. */
const maxInFlight = 256;
const publishTimeoutMs = 2_000;
/** Tries of one record before its writer gives up: with the time limit of each about 20 s. */
const maxTries = 10;
const retryPauseMs = 50;

interface Waiting {
  readonly text: string;
  readonly messageId: string;
  /** Sequence that the stream must end with for this record to come next. */
  readonly after: number;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Stores texts in the audit stream, each once and in the order given, over lost acknowledgements and a restarted server: every
 * text says which sequence it follows, so that none can overtake one that was lost.
 */
export class ChainWriter {
  readonly #connection: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #queue: Waiting[] = [];
  #inFlight = 0;
  #repairing = false;
  #last: number;

  /** `last` is the sequence that the stream ends with. */
  constructor(connection: NatsConnection, last: number) {
    this.#connection = connection;
    this.#jetstream = jetstream(connection, { timeout: publishTimeoutMs });
    this.#last = last;
  }

  /** Resolves once the text is stored. */
  write(text: string, messageId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ text, messageId, after: this.#last++, resolve, reject });
      this.#pump();
    });
  }

  #pump(): void {
    while (!this.#repairing && this.#inFlight < maxInFlight) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#inFlight++;
      void this.#send(next);
    }
  }

  async #send(record: Waiting): Promise<void> {
    try {
      await this.#publish(record);
      record.resolve();
    } catch {
      this.#repairing = true;
      this.#queue.push(record);
    }
    this.#inFlight--;
    if (this.#repairing && this.#inFlight === 0) await this.#repair();
    this.#pump();
  }

  /** One record at a time, in order, until what was lost is stored. */
  async #repair(): Promise<void> {
    this.#queue.sort((a, b) => a.after - b.after);
    let tries = 0;
    for (let record = this.#queue[0]; record !== undefined; record = this.#queue[0]) {
      try {
        if (!(await this.#isStored(record))) await this.#publish(record);
        record.resolve();
        this.#queue.shift();
        tries = 0;
      } catch (cause) {
        if (++tries === maxTries || this.#connection.isClosed()) {
          for (const lost of this.#queue.splice(0)) lost.reject(cause);
        } else await new Promise((resolve) => setTimeout(resolve, retryPauseMs));
      }
    }
    this.#repairing = false;
  }

  async #publish({ text, messageId, after }: Waiting): Promise<void> {
    await this.#jetstream.publish(auditSubject, text, { msgID: messageId, expect: { lastSequence: after } });
  }

  /** Whether a record whose acknowledgement was lost is stored after all. */
  async #isStored({ text, after }: Waiting): Promise<boolean> {
    const manager = await jetstreamManager(this.#connection, { checkAPI: false });
    const found = await manager.streams.getMessage(busStreams.audit, { seq: after + 1 });
    if (found === null) return false;
    if (found.string() === text) return true;
    throw new Error(`another record than this bus's own is number ${String(after + 1)} of the audit stream`);
  }
}

import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { KeyPair } from '@nats-io/nkeys';
import type { NatsConnection } from '@nats-io/transport-node';

import { anchorText, canonicalJson, type AuditAnchor } from '../../model/audit.ts';
import { anchorBucket } from '../../model/names.ts';

/** Most records that are stored without an anchor over them, and how long they are. */
const everyRecords = 256;
const everyMs = 1_000;

/** Signs the head of the chain now and then and at the end, and keeps it in a bucket outside of the audit stream. */
export class Anchors {
  readonly #jetstream: JetStreamClient;
  readonly #key: KeyPair;
  readonly #alter: (anchor: AuditAnchor) => AuditAnchor;
  readonly #onError: (cause: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #anchored = 0;
  #head: { readonly number: number; readonly head: string } | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    connection: NatsConnection,
    key: KeyPair,
    alter: (anchor: AuditAnchor) => AuditAnchor,
    onError: (cause: unknown) => void,
  ) {
    this.#jetstream = jetstream(connection);
    this.#key = key;
    this.#alter = alter;
    this.#onError = onError;
  }

  /** Tells that the chain is stored up to a record. */
  reached(number: number, head: string): void {
    this.#head = { number, head };
    if (number - this.#anchored >= everyRecords) this.#anchorNow();
    else this.#timer ??= setTimeout(() => this.#anchorNow(), everyMs).unref();
  }

  /** Writes the last anchor; nothing may follow it. */
  async seal(number: number, head: string): Promise<void> {
    this.#stopTimer();
    await this.#writing;
    await this.#write({ number, head, final: true });
  }

  stop(): void {
    this.#stopTimer();
  }

  #anchorNow(): void {
    this.#stopTimer();
    const head = this.#head;
    if (head === undefined || head.number === this.#anchored) return;
    this.#anchored = head.number;
    this.#writing = this.#writing.then(() => this.#write({ ...head, final: false })).catch(this.#onError);
  }

  async #write(given: AuditAnchor): Promise<void> {
    const anchor = this.#alter(given);
    const signature = Buffer.from(this.#key.sign(Buffer.from(anchorText(anchor)))).toString('base64url');
    await this.#jetstream.publish(
      `$KV.${anchorBucket}.${String(anchor.number)}`,
      canonicalJson({ ...anchor, signature }),
    );
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

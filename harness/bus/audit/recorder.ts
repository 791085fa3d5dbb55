import type { KeyPair } from '@nats-io/nkeys';
import type { NatsConnection } from '@nats-io/transport-node';

import { canonicalJson, type AuditEntry, type AuditRecord } from '../../model/audit.ts';
import type { BusSteps, StoredMessage } from '../steps.ts';
import type { Past } from '../past.ts';
import type { ChangeNames } from '../change-names.ts';
import { Anchors } from './anchors.ts';
import { ChainWriter } from './chain-writer.ts';
import { hashOf } from './hash.ts';

/** A change of custody: it is recorded once however often it is told. */
export interface Change {
  /** What no other change is called: what changed, where, and as its last word a sequence. */
  readonly name: string;
  readonly entry: AuditEntry;
  /** Reads the message that the change is about, where it still lies. */
  readonly message: () => Promise<StoredMessage | undefined>;
}

export interface RecorderOptions {
  readonly steps: BusSteps;
  /** Signs the anchors. */
  readonly key: KeyPair;
  readonly onError: (cause: unknown) => void;
  /** What was read of the chain so far. */
  readonly past: Past;
}

/** Writes one chained record for each change of custody. */
export class AuditRecorder {
  readonly #steps: BusSteps;
  readonly #writer: ChainWriter;
  readonly #anchors: Anchors;
  readonly #known: ChangeNames;
  #number: number;
  #head: string;
  /** Entries are made one after the other, so that the chain has the order in which changes were told. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #writing = new Set<Promise<void>>();

  private constructor(steps: BusSteps, writer: ChainWriter, anchors: Anchors, past: Past) {
    this.#steps = steps;
    this.#writer = writer;
    this.#anchors = anchors;
    this.#known = past.known;
    this.#number = past.number;
    this.#head = past.head;
  }

  /** Goes on with the chain that the stream holds, if any. */
  static async open(
    connection: NatsConnection,
    { steps, key, onError, past }: RecorderOptions,
  ): Promise<AuditRecorder> {
    await past.read(connection);
    const writer = new ChainWriter(connection, past.sequence);
    return new AuditRecorder(steps, writer, new Anchors(connection, key, steps.anchor, onError), past);
  }

  /** Whether the change of this name was told before. */
  knows(name: string): boolean {
    return this.#known.has(name);
  }

  /** Resolves once the change is recorded, now or before. */
  record(change: Change): Promise<void> {
    if (!this.#known.add(change.name)) return Promise.resolve();
    const entered = this.#turn.then(() => this.#enter(change));
    this.#turn = entered.catch(() => undefined);
    return entered.then(({ stored }) => stored);
  }

  /** Resolves once everything told so far is stored. */
  async flushed(): Promise<void> {
    await this.#turn;
    await Promise.allSettled(this.#writing);
  }

  /** Signs the head for the last time. */
  async seal(): Promise<void> {
    await this.flushed();
    await this.#anchors.seal(this.#number, this.#head);
  }

  stop(): void {
    this.#anchors.stop();
  }

  /** Gives the change its numbers; the promise inside resolves once it is stored. */
  async #enter({ name, entry, message }: Change): Promise<{ readonly stored: Promise<void> }> {
    const made = await this.#made(name, entry, message);
    if (made === undefined) return { stored: Promise.resolve() };
    const copies = Array.from({ length: this.#steps.copies(entry) }, (_, copy) =>
      this.#append(made, copy === 0 ? name : `copy ${String(copy)} of ${name}`),
    );
    return { stored: Promise.all(copies).then(() => undefined) };
  }

  /** A change whose entry could not be made is told again: it is not known yet. */
  async #made(name: string, entry: AuditEntry, message: Change['message']): Promise<AuditEntry | undefined> {
    try {
      return await this.#steps.entry(entry, message);
    } catch (cause) {
      this.#known.remove(name);
      throw cause;
    }
  }

  async #append(entry: AuditEntry, name: string): Promise<void> {
    const number = ++this.#number;
    const record: AuditRecord = { ...entry, number, previous: this.#steps.link(this.#head, number) };
    const text = canonicalJson(record);
    const head = hashOf(text);
    this.#head = head;
    const kept = this.#steps.keep(text, number);
    if (kept === undefined) return;
    const writing = this.#writer.write(kept, name);
    this.#writing.add(writing);
    try {
      await writing;
      this.#anchors.reached(number, head);
    } finally {
      this.#writing.delete(writing);
    }
  }
}

import { createHash } from 'node:crypto';

import { jetstreamManager } from '@nats-io/jetstream';
import type { KeyPair } from '@nats-io/nkeys';
import type { NatsConnection } from '@nats-io/transport-node';

import { canonicalJson, firstLink, parseAuditRecord, type AuditEntry, type AuditRecord } from '../../model/audit.ts';
import { busStreams } from '../../model/names.ts';
import type { BusSteps, StoredMessage } from '../steps.ts';
import { readStream } from '../read-stream.ts';
import { SequenceSet } from '../sequence-set.ts';
import { Anchors } from './anchors.ts';
import { ChainWriter } from './chain-writer.ts';

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
  /** Told each record that is there from before. */
  readonly onRecord: (record: AuditRecord) => void;
}

/** Writes one chained record for each change of custody. */
export class AuditRecorder {
  readonly #steps: BusSteps;
  readonly #writer: ChainWriter;
  readonly #anchors: Anchors;
  readonly #known: Names;
  #number: number;
  #head: string;
  /** Entries are made one after the other, so that the chain has the order in which changes were told. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #writing = new Set<Promise<void>>();

  private constructor(steps: BusSteps, writer: ChainWriter, anchors: Anchors, before: Chain) {
    this.#steps = steps;
    this.#writer = writer;
    this.#anchors = anchors;
    this.#known = before.known;
    this.#number = before.number;
    this.#head = before.head;
  }

  /** Goes on with the chain that the stream holds, if any, and tells its records. */
  static async open(connection: NatsConnection, options: RecorderOptions): Promise<AuditRecorder> {
    const { steps, key, onError, onRecord } = options;
    const before = await readChain(connection, onRecord);
    const writer = new ChainWriter(connection, before.sequence);
    return new AuditRecorder(steps, writer, new Anchors(connection, key, steps.anchor, onError), before);
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

/** Names of changes, by what stands before the sequence: one bit each. */
class Names {
  readonly #sequences = new Map<string, SequenceSet>();

  has(name: string): boolean {
    const space = name.lastIndexOf(' ');
    return this.#sequences.get(name.slice(0, space))?.has(Number(name.slice(space + 1))) ?? false;
  }

  /** False where the name was there already. */
  add(name: string): boolean {
    const space = name.lastIndexOf(' ');
    const scope = name.slice(0, space);
    let sequences = this.#sequences.get(scope);
    if (sequences === undefined) this.#sequences.set(scope, (sequences = new SequenceSet()));
    return sequences.add(Number(name.slice(space + 1)));
  }

  remove(name: string): void {
    const space = name.lastIndexOf(' ');
    this.#sequences.get(name.slice(0, space))?.remove(Number(name.slice(space + 1)));
  }
}

interface Chain {
  readonly known: Names;
  readonly number: number;
  readonly head: string;
  /** Last sequence of the stream. */
  readonly sequence: number;
}

/** What the audit stream holds from before this recorder was started. */
async function readChain(connection: NatsConnection, onRecord: RecorderOptions['onRecord']): Promise<Chain> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const { state } = await manager.streams.info(busStreams.audit);
  const known = new Names();
  let chain: Chain = { known, number: 0, head: firstLink, sequence: state.last_seq };
  if (state.messages === 0) return chain;
  await readStream(connection, { stream: busStreams.audit }, (message) => {
    const text = message.string();
    const name = message.headers?.get('Nats-Msg-Id') ?? '';
    if (name !== '') known.add(name);
    const record = parseAuditRecord(text);
    if (record !== undefined) onRecord(record);
    chain = { ...chain, number: record?.number ?? chain.number, head: hashOf(text) };
  });
  return chain;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

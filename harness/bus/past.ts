import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { firstLink, parseAuditRecord, type AuditRecord } from '../model/audit.ts';
import { busStreams } from '../model/names.ts';
import { hashOf } from './audit/hash.ts';
import { ChangeNames } from './change-names.ts';
import { readStream } from './read-stream.ts';
import { SequenceSet } from './sequence-set.ts';
import { SettledMessages } from './settled-messages.ts';

/**
 * What reference buses have left behind in an account, as its audit trail says. One that follows another in the same process may be
 * given the same: then it reads what has come since, and no record twice.
 */
export class Past {
  /** Changes of custody that are recorded. */
  readonly known = new ChangeNames();
  readonly settled = new SettledMessages();
  /** Sequences of the dead letters that were put back. */
  readonly replayed = new SequenceSet();
  #number = 0;
  #head = firstLink;
  #sequence = 0;
  #isRead = false;

  /** Whether a reference bus has read it, whose streams are there. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Number of the last record, and its hash. */
  get number(): number {
    return this.#number;
  }
  get head(): string {
    return this.#head;
  }

  /** Last sequence of the stream. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Takes in what the trail holds that was not read so far. */
  async read(connection: NatsConnection): Promise<void> {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const { state } = await manager.streams.info(busStreams.audit);
    if (state.messages > 0 && state.last_seq > this.#sequence)
      await readStream(connection, { stream: busStreams.audit, after: this.#sequence }, (message) => {
        const name = message.headers?.get('Nats-Msg-Id') ?? '';
        if (name !== '') this.known.add(name);
        const text = message.string();
        this.#head = hashOf(text);
        const record = parseAuditRecord(text);
        if (record !== undefined) this.#recall(record);
      });
    this.#sequence = state.last_seq;
    this.#isRead = true;
  }

  #recall(record: AuditRecord): void {
    this.#number = record.number;
    if (record.change === 'replayed') this.replayed.add(Number(record.reason));
    if (record.change === 'settled' && record.how !== '') this.settled.recall({ ...record, how: record.how });
  }
}

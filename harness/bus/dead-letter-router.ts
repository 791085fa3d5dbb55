import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers as newHeaders, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

import { deadLetterHeaders } from '../model/dead-letter.ts';
import type { Flow, Service } from '../model/flow.ts';
import { deadLetterSubject, originalSubject } from '../model/names.ts';
import type { Settled } from './custody.ts';
import type { BusSteps, DeadLetter } from './steps.ts';
import { readStored } from './stored-message.ts';

/** Headers that were meant for the stream that the message lay in; they would mean something else in another. */
const notCarried = /^(Nats|Busworthy)-/i;

/** Stores what an application could not take as a dead letter: once, with the reason, the attempts and where it lay. */
export class DeadLetterRouter {
  readonly #connection: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #service: Service;
  readonly #steps: BusSteps;

  constructor(connection: NatsConnection, service: Service, steps: BusSteps) {
    this.#connection = connection;
    this.#jetstream = jetstream(connection);
    this.#service = service;
    this.#steps = steps;
  }

  /**
   * Resolves once the dead letter is stored, now or before, or none is called for. The caller has seen to it that the
   * application did not acknowledge the message first.
   */
  async route(settled: Settled): Promise<void> {
    const { flow, application, stream, sequence, reason, how, deliveries } = settled;
    if (how === 'acknowledged' || how === 'discarded') return;
    if (!this.#steps.deadLettered(flow, reason)) return;
    const message = await readStored(this.#connection, stream, sequence);
    if (message === undefined) return;
    const letter = { flow: flow.id, application, stream, sequence, reason, attempts: deliveries, message };
    for (const [copy, stored] of this.#steps.deadLetter(letter).entries()) await this.#store(stored, copy);
  }

  async #store(letter: DeadLetter, copy: number): Promise<void> {
    const { application, stream, sequence } = letter;
    const flow: Flow | undefined = this.#service.flows.find(({ id }) => id === letter.flow);
    if (flow === undefined) return;
    await this.#jetstream.publish(deadLetterSubject(flow, application), letter.message.body, {
      headers: headersFor(letter),
      msgID: `dead letter ${application} ${stream} ${String(sequence)}${copy === 0 ? '' : ` ${String(copy)}`}`,
    });
  }
}

/** The headers that a message has wherever it lies. */
export function ownHeaders(record: Readonly<Record<string, string>>): MsgHdrs {
  const headers = newHeaders();
  for (const [name, value] of Object.entries(record)) if (!notCarried.test(name)) headers.set(name, value);
  return headers;
}

function headersFor(letter: DeadLetter): MsgHdrs {
  const headers = ownHeaders(letter.message.headers);
  headers.set(deadLetterHeaders.reason, letter.reason);
  headers.set(deadLetterHeaders.attempts, String(letter.attempts));
  headers.set(deadLetterHeaders.stream, letter.stream);
  headers.set(deadLetterHeaders.sequence, String(letter.sequence));
  headers.set(deadLetterHeaders.subject, originalSubject(letter.message.subject));
  headers.set(deadLetterHeaders.application, letter.application);
  return headers;
}

import type { MsgRequest } from '@nats-io/jetstream';

import type { CloudEvent } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import type { SendAnswer } from './application.ts';
import { eventOf } from './headers.ts';
import type { Memory } from './memory.ts';
import { notify } from './notice.ts';
import { conflict, conflictUnknown, stored } from './outcome.ts';
import type { Port } from './pattern.ts';

export interface StoredEvent {
  readonly sequence: number;
  readonly event: CloudEvent;
}

/** A message of the flow's stream; undefined where it is gone. Only for the stream's sole provider. */
export async function readStored(port: Port, flow: Flow, query: MsgRequest): Promise<StoredEvent | undefined> {
  const message = await port.jsm.streams.getMessage(flow.stream ?? '', query);
  if (message === null) return undefined;
  return { sequence: message.seq, event: eventOf({ data: message.data, headers: message.header }) };
}

/** The answer where the bus knew the event's id already, as the message at `sequence`. */
export async function answerDuplicate(
  port: Port,
  flow: Flow,
  event: CloudEvent,
  sequence: number,
  memory: Memory,
): Promise<SendAnswer> {
  const known = port.steps.readsBack(flow, port.application)
    ? await readStored(port, flow, { seq: sequence })
    : undefined;
  return known === undefined ? answerFromMemory(port, event, memory) : answerAgainst(port, event, known.event);
}

/** The answer where an event of the same id is stored. */
export async function answerAgainst(port: Port, event: CloudEvent, known: CloudEvent): Promise<SendAnswer> {
  return port.steps.sameContent(event, known) ? stored : raiseConflict(port, event);
}

/** What is gone from the stream, or may not be read, is known by this adapter's memory or not at all. */
async function answerFromMemory(port: Port, event: CloudEvent, memory: Memory): Promise<SendAnswer> {
  const known = memory.recall(event);
  if (known === 'same') return stored;
  return known === 'other' ? raiseConflict(port, event) : conflictUnknown;
}

export async function raiseConflict(port: Port, event: CloudEvent): Promise<SendAnswer> {
  await notify(port, event, 'conflict');
  return conflict;
}

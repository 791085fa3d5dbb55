import type { CloudEvent } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import type { SendAnswer } from './application.ts';
import { answerDuplicate } from './duplicate.ts';
import { Memory } from './memory.ts';
import { expired, invalid, tooLarge, unavailable, type PublishOutcome } from './outcome.ts';
import type { OpenedSender, Port, Send } from './pattern.ts';
import { publish } from './publish.ts';

/** An event that passed the check, as it goes to the bus. */
export interface Outgoing {
  readonly event: CloudEvent;
  readonly subject: string;
}

/** The check before anything leaves: the event with its subject, or the answer that refuses it. */
export function prepare(port: Port, flow: Flow, event: CloudEvent): Outgoing | SendAnswer {
  const { steps } = port;
  const failure = steps.check(port.check, flow, event, 'to-bus');
  if (failure !== undefined) return failure.reason === 'too-large' ? tooLarge : invalid;
  if (steps.expired(event, port.now(), 'to-bus')) return expired;
  const subject = steps.subject(flow, event);
  return subject === undefined ? invalid : { event: steps.carry(event, 'to-bus'), subject };
}

/** Publishes with the event's message id, and with what else the pattern asks for. */
export function publishEvent(
  port: Port,
  flow: Flow,
  { event, subject }: Outgoing,
  more: Readonly<Record<string, string>> = {},
): Promise<PublishOutcome> {
  const headers = (repeat: number): Readonly<Record<string, string>> => {
    const id = port.steps.messageId(event, repeat);
    return { ...event.headers, ...(id !== undefined && { 'Nats-Msg-Id': id }), ...more };
  };
  return publish(port, { subject, body: event.body, headers }, port.steps.patience(flow));
}

/** The sending of every pattern with a stream but last value: publish, repeat, resolve what was there already. */
export async function store(port: Port, flow: Flow, outgoing: Outgoing, memory: Memory): Promise<SendAnswer> {
  const outcome = await publishEvent(port, flow, outgoing);
  // A publish of its own that nobody acknowledged may be what the bus knows already.
  const mayBeOwn = outcome.kind === 'unacknowledged' || (outcome.kind === 'stored' && outcome.repeat > 0);
  if (mayBeOwn && memory.recall(outgoing.event) === 'unknown') memory.remember(outgoing.event);
  const answer =
    outcome.kind === 'stored' && outcome.duplicate
      ? await answerDuplicate(port, flow, outgoing.event, outcome.sequence, memory)
      : port.steps.answerTo(outcome);
  if (answer.status === 202) memory.remember(outgoing.event);
  return answer;
}

/** How a pattern stores what has passed the check. */
export type Storing = (outgoing: Outgoing, memory: Memory) => Promise<SendAnswer>;

/** The sender of a flow with a stream. */
export function openStreamSender(port: Port, storing: Storing, flow: Flow): OpenedSender {
  const memory = new Memory();
  const open = new Set<Promise<SendAnswer>>();
  const send: Send = async (event) => {
    const outgoing = prepare(port, flow, event);
    if ('status' in outgoing) return outgoing;
    const publishing = storing(outgoing, memory).catch((error: unknown) => {
      port.log(`${flow.id}: sending failed: ${nameOf(error)}`);
      return unavailable;
    });
    open.add(publishing);
    void publishing.then(() => open.delete(publishing));
    return port.steps.answerAfter(publishing);
  };
  return { send, stop: async () => void (await Promise.all(open)) };
}

/** What may be logged of an error: its kind alone, since a message could quote content. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

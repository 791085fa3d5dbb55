import type { Application } from './application.ts';
import { NotStored, publishRepeats, type Bus, type Stored } from './bus.ts';
import { faultOf } from './check.ts';
import type { Contract, Flow } from './contract.ts';
import type { Event, Headers } from './event.ts';
import { Memory } from './memory.ts';
import { conflict, expired, invalid, stored, tooLarge, type Answer } from './port.ts';
import { now } from './time.ts';

/** All that a flow is sent and received with. */
export interface Context {
  readonly contract: Contract;
  readonly bus: Bus;
  readonly application: Application;
}

/** One operation of the application that is open: `send` or `receive`. */
export interface End {
  /** Throws where what it needs on the bus is not there yet. */
  open(): Promise<void>;
  /** L3: takes no more, and ends what is in hand. */
  stop(): Promise<void>;
}

/** The subject of an event that may leave, or the answer that refuses it. */
export function prepare(flow: Flow, event: Event): string | Answer {
  const fault = faultOf(flow, event);
  if (fault !== undefined) return fault.reason === 'too-large' ? tooLarge : invalid;
  if (event.expired(now())) return expired; // S5
  return flow.subject(event) ?? invalid;
}

/** S3; at most once is never repeated. `more`: headers beside the event's own. Throws NotStored. */
export function publish(
  bus: Bus,
  flow: Flow,
  subject: string,
  event: Event,
  unheard: () => void = () => undefined,
  more: Headers = {},
): Promise<Stored> {
  const repeats = flow.x.delivery === 'at-most-once' ? 0 : publishRepeats;
  const headers = { ...event.headers, 'Nats-Msg-Id': event.messageId, ...more };
  return bus.store(subject, event.body, headers, repeats, unheard);
}

/** Sending to a stream (S1 to S5): publish, repeat, and resolve what was there already. */
export class Sender implements End {
  readonly bus: Bus;
  readonly application: Application;
  readonly flow: Flow;
  readonly memory = new Memory();

  constructor({ bus, application }: Context, flow: Flow) {
    this.bus = bus;
    this.application = application;
    this.flow = flow;
  }

  /** Nothing is needed on the bus before the first event. */
  async open(): Promise<void> {}

  async stop(): Promise<void> {}

  async send(event: Event): Promise<Answer> {
    const subject = prepare(this.flow, event);
    if (typeof subject !== 'string') return subject;
    try {
      const answer = await this.store(subject, event);
      if (answer.status === 202) this.memory.remember(event);
      return answer;
    } catch (error) {
      if (!(error instanceof NotStored)) throw error;
      return { status: error.kind === 'unacknowledged' ? 504 : 503, reason: error.kind };
    }
  }

  protected async store(subject: string, event: Event): Promise<Answer> {
    const { sequence, duplicate } = await this.publish(subject, event);
    return duplicate ? this.answerDuplicate(event, sequence) : stored;
  }

  protected publish(subject: string, event: Event, more: Headers = {}): Promise<Stored> {
    // S4: what this adapter itself may have stored is what the bus may know already.
    const unheard = (): void => {
      if (this.memory.recall(event) === 'unknown') this.memory.remember(event);
    };
    return publish(this.bus, this.flow, subject, event, unheard, more);
  }

  /** S4: the bus knew the id, as the message at `sequence`. */
  protected async answerDuplicate(event: Event, sequence: number): Promise<Answer> {
    const alone = this.flow.senders.every((sender) => sender === this.bus.application);
    // Another provider's messages may not be read.
    const known = alone ? await this.bus.read(this.flow.stream, { seq: sequence }) : undefined;
    if (known !== undefined) return this.answerAgainst(event, known.event);
    const remembered = this.memory.recall(event);
    if (remembered === 'same') return stored;
    return remembered === 'other' ? this.conflict(event) : { status: 409, reason: 'conflict-unknown' };
  }

  protected async answerAgainst(event: Event, known: Event): Promise<Answer> {
    return known.digest === event.digest ? stored : this.conflict(event);
  }

  protected async conflict(event: Event): Promise<Answer> {
    await this.bus.notify(event, 'conflict');
    return conflict;
  }
}

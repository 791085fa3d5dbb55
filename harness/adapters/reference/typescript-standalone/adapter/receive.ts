import { accepted, rejected } from './application.ts';
import { faultOf } from './check.ts';
import type { Flow } from './contract.ts';
import type { Event } from './event.ts';
import type { Held } from './held.ts';
import { Lanes } from './lanes.ts';
import { log } from './log.ts';
import { Memory } from './memory.ts';
import { Pull } from './pull.ts';
import { refuse } from './refusal.ts';
import type { Context, End } from './send.ts';
import { now } from './time.ts';

const inHand = 16;

/** What becomes of a message. A notice goes before an acknowledgement. */
export type Verdict =
  | { readonly do: 'acknowledge'; readonly notice?: string }
  | { readonly do: 'terminate'; readonly reason: string }
  | { readonly do: 'retry' };

export const acknowledge: Verdict = { do: 'acknowledge' };
export const retry: Verdict = { do: 'retry' };
export const terminate = (reason: string): Verdict => ({ do: 'terminate', reason });

/** Receiving from a stream (R1 to R13): the loop of every pattern but request-reply, which override `open`, `lanes`, `admit`, `handOver` and `accepted`. */
export class Receiver implements End {
  readonly context: Context;
  readonly flow: Flow;
  readonly #memory = new Memory();
  readonly #lanes = new Lanes();
  #pulls: readonly Pull[] = [];

  constructor(context: Context, flow: Flow) {
    this.context = context;
    this.flow = flow;
  }

  async open(): Promise<void> {
    const { bus } = this.context;
    const { stream } = this.flow;
    const consumers = this.flow.consumers(bus.application);
    await Promise.all(consumers.map((consumer) => bus.manager.consumers.info(stream, consumer)));
    const limit = this.flow.x.partitions === undefined ? inHand : 1;
    this.#pulls = consumers.map((consumer) => new Pull(bus, stream, consumer, limit, (held) => this.#work(held)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pulls.map((pull) => pull.stop()));
  }

  /** Names of which no two messages are worked on at once (R10). */
  protected lanes(event: Event): readonly string[] {
    return [`id ${event.messageId}`];
  }

  /** R4, R5: the verdict on what the application is not to see. */
  protected admit(_event: Event): Promise<Verdict | undefined> {
    return Promise.resolve(undefined);
  }

  protected handOver(held: Held): Promise<Verdict> {
    return this.post(held.event);
  }

  /** The application has accepted, `before` at an earlier delivery; the bus has not been told yet. */
  protected async accepted(_event: Event, _before: boolean): Promise<void> {}

  /** R6 to R8. */
  protected async post(event: Event): Promise<Verdict> {
    const delivery = await this.context.application.deliver(event, this.flow.ackWaitMs / 2);
    if (rejected(delivery)) return terminate('rejected');
    if (!accepted(delivery)) return retry;
    this.#memory.remember(event);
    await this.accepted(event, false);
    return acknowledge;
  }

  #work(held: Held): Promise<void> {
    const wait = (): (() => void) => held.keepWorking(this.flow.ackWaitMs / 2);
    return this.#lanes.run(this.lanes(held.event), wait, async () => {
      let verdict: Verdict = retry; // whatever goes wrong, the message is to come again
      try {
        verdict = await this.#refused(held.event, await this.#judge(held));
      } catch (error) {
        log(`${held.place} failed`, error);
      }
      await this.#settle(held, verdict);
    });
  }

  async #judge(held: Held): Promise<Verdict> {
    const { event } = held;
    const fault = faultOf(this.flow, event);
    if (fault !== undefined) {
      log(`${held.place} is invalid: ${fault.detail}`);
      return terminate('invalid'); // R1
    }
    if (event.expired(now())) return terminate('expired'); // R2
    const known = this.#memory.recall(event); // R3
    if (known === 'other') return terminate('conflict');
    if (known === 'same') {
      await this.accepted(event, true);
      return acknowledge;
    }
    return (await this.admit(event)) ?? this.handOver(held);
  }

  /** R13: the sender is told of bad input before it is given up. */
  async #refused(event: Event, verdict: Verdict): Promise<Verdict> {
    if (this.flow.x.badInput !== 'refuse' || verdict.do !== 'terminate') return verdict;
    if (verdict.reason !== 'invalid' && verdict.reason !== 'rejected') return verdict;
    return (await refuse(this.context, this.flow, event, verdict.reason)) ? verdict : retry;
  }

  async #settle(held: Held, verdict: Verdict): Promise<void> {
    if (verdict.do === 'terminate') return held.terminate(verdict.reason);
    const noticed =
      verdict.do === 'retry' ||
      verdict.notice === undefined ||
      (await this.context.bus.notify(held.event, verdict.notice));
    if (verdict.do === 'acknowledge' && noticed) held.acknowledge();
    else held.refuse(this.flow.backoffMs(held.attempt));
  }
}

import type { Flow, Receiver } from '../model/flow.ts';
import { consumersOfReceiver } from '../model/names.ts';
import { Lanes } from './lanes.ts';
import type { Held, Settlement } from './held.ts';
import { Memory } from './memory.ts';
import { notify } from './notice.ts';
import type { Opened, Port } from './pattern.ts';
import { Pull } from './pull.ts';
import { refuse } from './refuse.ts';
import { nameOf } from './send.ts';
import { keepWorking } from './working.ts';

/** What a pattern adds to the loop that all of them receive by. */
export interface Reception {
  /** Before the application is asked (steps 3 and 4): the settlement of what it is not to see. */
  readonly admit?: (held: Held) => Promise<Settlement | undefined>;
  /** Around the POST (step 5). */
  readonly handOver?: (held: Held, post: () => Promise<Settlement>) => Promise<Settlement>;
  /** Once the application has accepted, before the bus is told. `before`: it did so at an earlier delivery. */
  readonly accepted?: (held: Held, before: boolean) => Promise<void>;
}

/** Receives a flow for an application, from all of its consumers. Resolves once each of them was found. */
export async function openStreamReceiver(
  port: Port,
  flow: Flow,
  receiver: Receiver,
  reception: Reception = {},
): Promise<Opened> {
  const stream = flow.stream ?? '';
  const consumers = consumersOfReceiver(flow, receiver);
  await Promise.all(consumers.map(({ name }) => port.jsm.consumers.info(stream, name)));
  const loop = new Loop(port, flow, reception);
  const limit = port.steps.inHand(flow);
  const pulls = consumers.map(({ name }) => new Pull(port, stream, name, limit, (held) => loop.work(held)));
  return { stop: async () => void (await Promise.all(pulls.map((pull) => pull.stop()))) };
}

/** The loop of one flow's receiver: judge a message, then tell the bus. */
class Loop {
  readonly #port: Port;
  readonly #flow: Flow;
  readonly #reception: Reception;
  readonly #memory = new Memory();
  readonly #lanes = new Lanes();

  constructor(port: Port, flow: Flow, reception: Reception) {
    this.#port = port;
    this.#flow = flow;
    this.#reception = reception;
  }

  async work(held: Held): Promise<void> {
    const names = this.#port.steps.oneAtATime(this.#flow, held.event);
    const waiting = this.#lanes.busy(names) ? keepWorking(this.#port, this.#flow, held) : undefined;
    await this.#lanes.run(names, async () => {
      waiting?.[Symbol.dispose]();
      await this.#settle(held, await this.#settlementOf(held));
    });
  }

  async #settlementOf(held: Held): Promise<Settlement> {
    try {
      return await this.#refused(held, await this.#judge(held));
    } catch (error) {
      if (!this.#port.killed.aborted) this.#log(held, `failed: ${nameOf(error)}`);
      return { do: 'retry' };
    }
  }

  /** Where the contract has it refused, its sender is told before a message is given up. */
  async #refused(held: Held, settlement: Settlement): Promise<Settlement> {
    if (settlement.do !== 'terminate') return settlement;
    const { reason } = settlement;
    const { steps } = this.#port;
    if (!steps.refuses(this.#flow, reason)) return settlement;
    const tell = (): Promise<boolean> => refuse(this.#port, this.#flow, held.event, reason);
    return (await steps.tell(tell, held)) ? settlement : { do: 'retry' };
  }

  /** The steps of receiving, in their order. */
  async #judge(held: Held): Promise<Settlement> {
    const { steps, check, now } = this.#port;
    const { event } = held;
    const failure = steps.check(check, this.#flow, event, 'to-application');
    if (failure !== undefined) {
      this.#log(held, `invalid: ${failure.detail}`);
      return { do: 'terminate', reason: 'invalid' };
    }
    if (steps.expired(event, now(), 'to-application')) return { do: 'terminate', reason: 'expired' };
    const known = steps.recall(this.#memory, event);
    if (known === 'other') return { do: 'terminate', reason: 'conflict' };
    if (known === 'same') return this.#accept(held, true);
    const early = await this.#reception.admit?.(held);
    if (early !== undefined) return early;
    return steps.handOver(held, () => this.#handOver(held));
  }

  #handOver(held: Held): Promise<Settlement> {
    const post = (): Promise<Settlement> => this.#post(held);
    return this.#reception.handOver?.(held, post) ?? post();
  }

  async #post(held: Held): Promise<Settlement> {
    const { steps, behind, killed } = this.#port;
    const answer = await behind.deliver(steps.carry(held.event, 'to-application'), steps.timeLimit(this.#flow));
    if (killed.aborted) return { do: 'retry' };
    const meaning = steps.classify(answer.status);
    if (meaning === 'rejected') return { do: 'terminate', reason: 'rejected' };
    if (meaning === 'failed') return { do: 'retry' };
    steps.remember(this.#memory, held.event);
    return this.#accept(held, false);
  }

  async #accept(held: Held, before: boolean): Promise<Settlement> {
    await this.#reception.accepted?.(held, before);
    return { do: 'acknowledge' };
  }

  async #settle(held: Held, settlement: Settlement): Promise<void> {
    const { steps } = this.#port;
    const delayMs = steps.delay(this.#flow, held.deliveries);
    const notice = settlement.do === 'acknowledge' ? settlement.notice : undefined;
    const noticed = notice === undefined || (await steps.tell(() => notify(this.#port, held.event, notice), held));
    const reason = settlement.do === 'terminate' ? steps.reason(settlement.reason, held.event) : '';
    steps.settle(held, noticed ? settlement : { do: 'retry' }, delayMs, reason);
  }

  #log(held: Held, what: string): void {
    this.#port.log(`${held.consumer}: message ${String(held.sequence)}, delivery ${String(held.deliveries)} ${what}`);
  }
}

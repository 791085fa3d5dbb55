import type { JetStreamManager } from '@nats-io/jetstream';
import type { Flow } from '../model/flow.ts';
import { consumersOfReceiver } from '../model/names.ts';
import { delay } from './clock.ts';
import type { TrialState } from './trial-state.ts';

/** Pause between two looks at the consumers: short at first, for the runs that are done; then longer, for the server's sake. */
const pausesMs = [5, 10, 20, 40, 60] as const;

/** Whether everything that was stored has been settled by everybody. */
export class Drain {
  readonly #state: TrialState;
  readonly #manager: JetStreamManager;

  constructor(state: TrialState, manager: JetStreamManager) {
    this.#state = state;
    this.#manager = manager;
  }

  /** Resolves true once every consumer of the service's flows has nothing pending and nothing unacknowledged. */
  async reached(limitMs: number): Promise<boolean> {
    const { clock, signal, changes, progress } = this.#state;
    const end = clock.now() + limitMs;
    for (let looks = 0; ; looks++) {
      if (!(await changes.until(() => progress.inHand === 0, Math.max(0, end - clock.now()), signal))) return false;
      if (await this.#settled()) return true;
      if (signal.aborted || clock.now() >= end) return false;
      await delay(pausesMs[Math.min(looks, pausesMs.length - 1)] ?? 60, signal);
    }
  }

  /**
   * The trial's own flow is asked first, and another only once it is settled: most looks find that something is left, and what comes of a
   * message lies in the other stream before the message itself is settled.
   */
  async #settled(): Promise<boolean> {
    const { service, flow } = this.#state;
    const own = ({ id }: Flow): number => (id === flow.id ? 0 : 1);
    for (const { stream } of service.flows.toSorted((a, b) => own(a) - own(b)))
      if (stream !== undefined && !(await this.#streamSettled(stream))) return false;
    return true;
  }

  async #streamSettled(stream: string): Promise<boolean> {
    const names = new Set(this.#consumersOf(stream));
    for await (const info of this.#manager.consumers.list(stream)) {
      if (names.has(info.name) && info.num_pending + info.num_ack_pending > 0) return false;
    }
    return true;
  }

  /** The receivers' durable consumers; observers and the audit recorder have theirs on the same streams. */
  #consumersOf(stream: string): readonly string[] {
    return this.#state.service.flows
      .filter((flow) => flow.stream === stream)
      .flatMap((flow) =>
        flow.receivers.flatMap((receiver) => consumersOfReceiver(flow, receiver).map((consumer) => consumer.name)),
      );
  }
}

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
  /** Of each stream the names of its receivers' consumers. The trial's own comes first. */
  readonly #consumers: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(state: TrialState, manager: JetStreamManager) {
    this.#state = state;
    this.#manager = manager;
    const { service, flow } = state;
    this.#consumers = consumersByStream([flow, ...service.flows.filter(({ id }) => id !== flow.id)]);
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
   * One stream is asked after the other, and no more once one has something left, as most looks find. What comes of a message lies in the
   * other stream before the message itself is settled.
   */
  async #settled(): Promise<boolean> {
    for (const [stream, names] of this.#consumers) if (!(await this.#streamSettled(stream, names))) return false;
    return true;
  }

  async #streamSettled(stream: string, names: ReadonlySet<string>): Promise<boolean> {
    for await (const info of this.#manager.consumers.list(stream)) {
      if (names.has(info.name) && info.num_pending + info.num_ack_pending > 0) return false;
    }
    return true;
  }
}

/** The receivers' durable consumers; observers and the audit recorder have theirs on the same streams. */
function consumersByStream(flows: readonly Flow[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const flow of flows) {
    if (flow.stream === undefined) continue;
    const names = flow.receivers.flatMap((receiver) => consumersOfReceiver(flow, receiver).map(({ name }) => name));
    found.set(flow.stream, new Set([...(found.get(flow.stream) ?? []), ...names]));
  }
  return found;
}

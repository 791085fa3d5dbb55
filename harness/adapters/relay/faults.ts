import type { HistoryBuilder } from '../../model/history.ts';
import type { WireFault } from '../../model/wire.ts';

/** A fault that waits for its publish. */
export interface ArmedFault {
  readonly fault: WireFault;
  /** Has come about. */
  readonly took: () => void;
}

/** The wire faults of a trial, taken by whichever relay meets their publishes. Those that none meets stay `took: no`. */
export class WireFaults {
  readonly #armed = new Map<number, ArmedFault>();

  constructor(
    faults: readonly WireFault[],
    trial: {
      readonly history: HistoryBuilder;
      readonly now: () => number;
      readonly senderOf: (message: number) => string;
    },
  ) {
    const { history, now, senderOf } = trial;
    for (const fault of faults) {
      const row = history.append('fault', { kind: fault.kind, target: senderOf(fault.message), took: 'no' });
      let began = false;
      const took = (): void => {
        if (began) return;
        began = true;
        history.amend('fault', row, { at: now(), done: now() + durationOf(fault), took: 'yes' });
      };
      this.#armed.set(fault.message, { fault, took });
    }
  }

  /** The fault of a message that is published, if it has one; it is then no longer armed, unless it befalls every publish. */
  take(message: number): ArmedFault | undefined {
    const armed = this.#armed.get(message);
    if (armed?.fault.kind !== 'withhold-acknowledgements') this.#armed.delete(message);
    return armed;
  }
}

function durationOf(fault: WireFault): number {
  switch (fault.kind) {
    case 'lose-publish':
    case 'lose-acknowledgement':
      return fault.refuseMs ?? 0;
    case 'delay-acknowledgement':
      return fault.delayMs;
    case 'withhold-acknowledgements':
      return 0;
  }
}

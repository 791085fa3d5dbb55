import type { HistoryBuilder } from '../../model/history.ts';
import type { WireFault } from '../../model/wire.ts';

/** A fault that waits for its publish or acknowledgement. */
export interface ArmedFault {
  readonly fault: WireFault;
  /** Has come about. */
  readonly took: () => void;
}

/** The wire faults of a trial, taken by whichever relay meets what it waits for. Those that none meets stay `took: no`. */
export class WireFaults {
  readonly #armed = new Map<string, ArmedFault>();

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
      const settledBy = fault.kind === 'lose-settlement' ? fault.application : undefined;
      const target = settledBy ?? senderOf(fault.message);
      const row = history.append('fault', { kind: fault.kind, target, took: 'no' });
      let began = false;
      const took = (): void => {
        if (began) return;
        began = true;
        history.amend('fault', row, { at: now(), done: now() + durationOf(fault), took: 'yes' });
      };
      this.#armed.set(nameOf(fault.message, settledBy), { fault, took });
    }
  }

  awaits(message: number, settledBy: string): boolean {
    return this.#armed.size > 0 && this.#armed.has(nameOf(message, settledBy));
  }

  /**
   * The fault of a message that is published, or acknowledged by an application, if it has one; it is then no longer armed, unless it befalls every
   * publish.
   */
  take(message: number, settledBy?: string): ArmedFault | undefined {
    if (this.#armed.size === 0) return undefined;
    const name = nameOf(message, settledBy);
    const armed = this.#armed.get(name);
    if (armed?.fault.kind !== 'withhold-acknowledgements') this.#armed.delete(name);
    return armed;
  }
}

const nameOf = (message: number, settledBy = ''): string => `${String(message)} ${settledBy}`;

function durationOf(fault: WireFault): number {
  switch (fault.kind) {
    case 'lose-publish':
    case 'lose-acknowledgement':
    case 'lose-settlement':
      return fault.refuseMs ?? 0;
    case 'delay-acknowledgement':
    case 'delay-publish':
      return fault.delayMs;
    case 'withhold-acknowledgements':
      return 0;
  }
}

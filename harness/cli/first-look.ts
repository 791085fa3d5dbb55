import { isSuccess } from '../checkers/words.ts';
import type { History } from '../model/history.ts';
import type { Service } from '../model/flow.ts';

/** The two ways through an adapter. */
type Way = 'to the bus' | 'from the bus';

/** Says once for each way through an adapter, as soon as a trial shows it, whether an event goes through at all. */
export class FirstLook {
  readonly #application: string;
  readonly #say: (line: string) => void;
  readonly #open: Set<Way>;

  constructor(service: Service, application: string, say: (line: string) => void) {
    this.#application = application;
    this.#say = say;
    const sends = service.flows.some(({ senders }) => senders.includes(application));
    const receives = service.flows.some(({ receivers }) => receivers.some((each) => each.application === application));
    this.#open = new Set([
      ...(sends ? (['to the bus'] as const) : []),
      ...(receives ? (['from the bus'] as const) : []),
    ]);
  }

  /** Looks at a trial that has ended. */
  see(history: History): void {
    for (const way of this.#open) {
      const seen = way === 'to the bus' ? this.#sent(history) : this.#received(history);
      if (seen === undefined) continue;
      this.#open.delete(way);
      this.#say(`${way.padEnd(14)}${seen}`);
    }
  }

  /** Ways of which no trial has shown anything. */
  get unseen(): readonly Way[] {
    return [...this.#open];
  }

  #sent({ send, planned, texts }: History): string | undefined {
    const { application, message, status, reason, at, done } = send.columns;
    const own = rowsWhere(application, texts.find(this.#application));
    const row = own.find((each) => isSuccess(status[each] ?? 0)) ?? own[0];
    if (row === undefined) return undefined;
    const type = texts.at(planned.columns.type[message[row] ?? 0] ?? 0);
    const took = millis((done[row] ?? 0) - (at[row] ?? 0));
    return isSuccess(status[row] ?? 0)
      ? `${type}: ${String(status[row])} after ${took}`
      : `${type}: ${String(status[row] ?? 0)} ${texts.at(reason[row] ?? 0)}`;
  }

  #received({ delivery, texts }: History): string | undefined {
    const { application, type, status, at, done } = delivery.columns;
    const row = rowsWhere(application, texts.find(this.#application)).find((each) => isSuccess(status[each] ?? 0));
    if (row === undefined) return undefined;
    return `${texts.at(type[row] ?? 0)}: handed over, answered ${String(status[row])} after ${millis((done[row] ?? 0) - (at[row] ?? 0))}`;
  }
}

function rowsWhere(column: Iterable<number>, text: number): readonly number[] {
  return [...column].flatMap((value, row) => (value === text ? [row] : []));
}

const millis = (ms: number): string => `${ms.toFixed(1)} ms`;

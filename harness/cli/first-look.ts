import { isSuccess } from '../checkers/words.ts';
import type { History } from '../model/history.ts';
import type { Service } from '../model/flow.ts';
import { wireEvents } from '../model/wire.ts';

/** The two ways through an adapter. */
type Way = 'to the bus' | 'from the bus';

interface FirstLookOptions {
  readonly service: Service;
  readonly application: string;
  readonly now: () => number;
  readonly say: (line: string) => void;
}

/**
 * Whether an adapter can be spoken to at all. Says each once, as soon as it shows: the adapter is started and healthy, it has logged in to
 * the bus, an event goes through each way.
 */
export class FirstLook {
  readonly #options: FirstLookOptions;
  readonly #open: Set<Way>;
  #startedAt: number | undefined;
  #healthy = false;
  #connected = false;

  constructor(options: FirstLookOptions) {
    const { service, application } = options;
    this.#options = options;
    const sends = service.flows.some(({ senders }) => senders.includes(application));
    const receives = service.flows.some(({ receivers }) => receivers.some((each) => each.application === application));
    this.#open = new Set([
      ...(sends ? (['to the bus'] as const) : []),
      ...(receives ? (['from the bus'] as const) : []),
    ]);
  }

  /** An instance is started, or has become healthy. */
  start(state: 'starting' | 'healthy'): void {
    const { now } = this.#options;
    this.#startedAt ??= now();
    if (state === 'starting' || this.#healthy) return;
    this.#healthy = true;
    this.#line('healthy', `after ${millis(now() - this.#startedAt)}`);
  }

  /** Looks at a trial that has ended. */
  see(history: History): void {
    const client = this.#connected ? undefined : this.#client(history);
    if (client !== undefined) {
      this.#connected = true;
      this.#line('connected', client);
    }
    for (const way of this.#open) {
      const seen = way === 'to the bus' ? this.#sent(history) : this.#received(history);
      if (seen === undefined) continue;
      this.#open.delete(way);
      this.#line(way, seen);
    }
  }

  /** Says which ways no trial has shown anything of. */
  end(): void {
    for (const way of this.#open) this.#line(way, 'no event went through');
  }

  #line(what: string, text: string): void {
    this.#options.say(`${what.padEnd(14)}${text}`);
  }

  /** What the relay saw of the client's login; undefined where none was seen. */
  #client({ wire, texts }: History): string | undefined {
    const { application, what, reason } = wire.columns;
    const row = rowsWhere(application, texts.find(this.#options.application)).find(
      (each) => wireEvents[what[each] ?? 0] === 'connect',
    );
    return row === undefined ? undefined : `to the bus, with the client ${texts.at(reason[row] ?? 0)}`;
  }

  #sent({ send, planned, texts }: History): string | undefined {
    const { application, message, status, reason, at, done } = send.columns;
    const own = rowsWhere(application, texts.find(this.#options.application));
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
    const row = rowsWhere(application, texts.find(this.#options.application)).find((each) =>
      isSuccess(status[each] ?? 0),
    );
    if (row === undefined) return undefined;
    return `${texts.at(type[row] ?? 0)}: handed over, answered ${String(status[row])} after ${millis((done[row] ?? 0) - (at[row] ?? 0))}`;
  }
}

function rowsWhere(column: Iterable<number>, text: number): readonly number[] {
  return [...column].flatMap((value, row) => (value === text ? [row] : []));
}

const millis = (ms: number): string => `${ms.toFixed(1)} ms`;

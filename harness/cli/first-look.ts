import { isSuccess } from '../checkers/words.ts';
import type { JournalTrial } from '../evidence/journal-reader.ts';
import { connectionOf } from '../model/connection.ts';
import type { History } from '../model/history.ts';
import type { Service } from '../model/flow.ts';
import { counted } from '../../reports/figures.ts';

/** The two ways through an adapter. */
export type Way = 'to the bus' | 'from the bus';

/** What a trial shows of a way: whether an event goes through, and the words for it. */
interface Seen {
  readonly through: boolean;
  readonly what: string;
}

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
  #connection = false;
  readonly #closed = new Set<Way>();

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
  see({ header, history }: JournalTrial): void {
    if (!this.#connection && header.unobserved?.includes('wire') !== true) {
      this.#connection = true;
      this.#line('connection', connectionOf(history, this.#options.application, 0));
    }
    for (const way of this.#open) {
      const seen = way === 'to the bus' ? this.#sent(history) : this.#received(history);
      if (seen === undefined || (!seen.through && this.#closed.has(way))) continue;
      this.#line(way, seen.what);
      if (seen.through) this.#open.delete(way);
      else this.#closed.add(way);
    }
  }

  /** Ways through which nothing goes, though something was there to go. */
  get closed(): readonly Way[] {
    return [...this.#closed].filter((way) => this.#open.has(way));
  }

  /** Says which ways no trial has shown anything of. */
  end(): void {
    for (const way of this.#open) if (!this.#closed.has(way)) this.#line(way, 'nothing was there to go this way');
  }

  #line(what: string, text: string): void {
    this.#options.say(`${what.padEnd(14)}${text}`);
  }

  #sent({ send, planned, texts }: History): Seen | undefined {
    const { application, message, status, reason, at, done } = send.columns;
    const own = rowsWhere(application, texts.find(this.#options.application));
    const row = own.find((each) => isSuccess(status[each] ?? 0)) ?? own[0];
    if (row === undefined) return undefined;
    const type = texts.at(planned.columns.type[message[row] ?? 0] ?? 0);
    const said = status[row] ?? 0;
    const through = isSuccess(said);
    const why = through ? `after ${millis((done[row] ?? 0) - (at[row] ?? 0))}` : texts.at(reason[row] ?? 0);
    return { through, what: `${type}: ${said === 0 ? 'no answer,' : String(said)} ${why}` };
  }

  #received(history: History): Seen | undefined {
    const { delivery, consumerState, texts } = history;
    const own = texts.find(this.#options.application);
    const { application, type, status, at, done } = delivery.columns;
    const row = rowsWhere(application, own).find((each) => isSuccess(status[each] ?? 0));
    if (row !== undefined) {
      const took = millis((done[row] ?? 0) - (at[row] ?? 0));
      return {
        through: true,
        what: `${texts.at(type[row] ?? 0)}: handed over, answered ${String(status[row])} after ${took}`,
      };
    }
    const { pending, ackPending } = consumerState.columns;
    const waiting = rowsWhere(consumerState.columns.application, own).reduce(
      (sum, each) => sum + (pending[each] ?? 0) + (ackPending[each] ?? 0),
      0,
    );
    return waiting === 0
      ? undefined
      : { through: false, what: `nothing was handed over; ${counted(waiting, 'message')} wait on the bus for it` };
  }
}

function rowsWhere(column: Iterable<number>, text: number): readonly number[] {
  return [...column].flatMap((value, row) => (value === text ? [row] : []));
}

const millis = (ms: number): string => `${ms.toFixed(1)} ms`;

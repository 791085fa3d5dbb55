import { isSuccess } from '../checkers/words.ts';
import type { JournalTrial } from '../evidence/journal-reader.ts';
import { connectionOf } from '../model/connection.ts';
import { rowsIn, type History } from '../model/history.ts';
import { receives, sends, type Service } from '../model/flow.ts';
import { NONE } from '../model/table.ts';
import { counted } from '../../reports/figures.ts';

/** The two ways through an adapter. */
type Way = 'to the bus' | 'from the bus';

const obstacles: Readonly<Record<Way | 'died', string>> = {
  died: 'The adapter does not live through a healthy trial: mend that first (rules L1, L3, R10).',
  'to the bus': 'Nothing that its application sends gets through the adapter: mend that first (rules S1, S3, N2).',
  'from the bus': 'Nothing that waits on the bus gets through the adapter: mend that first (rules L1, L2, N4, R6).',
};

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
  /** Ways through which nothing goes, though something was there to go. */
  readonly #closed = new Set<Way>();
  readonly #failures = new Set<string>();
  #died = false;

  constructor(options: FirstLookOptions) {
    const { service, application } = options;
    this.#options = options;
    const { flows } = service;
    this.#open = new Set([
      ...(flows.some((flow) => sends(flow, application)) ? (['to the bus'] as const) : []),
      ...(flows.some((flow) => receives(flow, application)) ? (['from the bus'] as const) : []),
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
    for (const { reason, ending } of failuresIn(history, this.#options.application)) {
      if (!ending) this.#died = true;
      if (!this.#failures.has(reason)) this.#line('failed', reason);
      this.#failures.add(reason);
    }
    for (const way of this.#open) {
      const seen = way === 'to the bus' ? this.#sent(history) : this.#received(history);
      if (seen === undefined || (!seen.through && this.#closed.has(way))) continue;
      this.#line(way, seen.what);
      if (seen.through) this.#open.delete(way);
      else this.#closed.add(way);
    }
  }

  /** What stands in the way of all else, and is to be mended before it. */
  get obstacles(): readonly string[] {
    return [
      ...(this.#died ? [obstacles.died] : []),
      ...[...this.#closed].filter((way) => this.#open.has(way)).map((way) => obstacles[way]),
    ];
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
    return { through, what: `${type}: ${said === 0 ? '' : `${String(said)} `}${why}` };
  }

  #received(history: History): Seen | undefined {
    const { delivery, consumerState, texts } = history;
    const own = texts.find(this.#options.application);
    const { application, message, type, status, at, done } = delivery.columns;
    // What nobody sent did not come from the bus.
    const row = rowsWhere(application, own).find((each) => message[each] !== NONE && isSuccess(status[each] ?? 0));
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

/** How instances of an application failed, and whether they were being ended then. */
function failuresIn(history: History, name: string): readonly { readonly reason: string; readonly ending: boolean }[] {
  const ending = new Set<number>();
  return rowsIn(history, 'lifecycle').flatMap(({ application, instance, change, reason }) => {
    if (application !== name) return [];
    if (change === 'stopping') ending.add(instance);
    if (change === 'started') ending.delete(instance);
    return change === 'failed' ? [{ reason, ending: ending.has(instance) }] : [];
  });
}

function rowsWhere(column: Iterable<number>, text: number): readonly number[] {
  return [...column].flatMap((value, row) => (value === text ? [row] : []));
}

const millis = (ms: number): string => `${ms.toFixed(1)} ms`;

import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import type { Evidence } from '../model/verdict.ts';
import { entitlement } from './entitlement.ts';
import { rowsOf } from './groups.ts';
import { handovers, receiversIn } from './handovers.ts';
import { memo } from './memo.ts';
import { sends } from './sends.ts';
import { isRequestReply, rows, type Trial } from './trial.ts';
import { isSuccess } from './words.ts';

/** What became of the measured messages of one subscriber, in the order of their arrivals. */
export interface Samples {
  readonly application: string;
  /** From the intended send to the receipt, or to the reply; Infinity where there was none. */
  readonly latencyMs: Float64Array;
  /** Rows of `arrival`. */
  readonly arrivals: Uint32Array;
}

/** An open loop, as it was driven. */
export interface Load {
  /** Measured sends a second, as intended. */
  readonly ratePerSecond: number;
  readonly warmUp: number;
  /** How late the generator came to the measured sends, and to those at which it sent nothing; in rising order. */
  readonly latenessMs: Float64Array;
  readonly idleLatenessMs: Float64Array;
  /** Those who receive; of a request-reply flow those who ask. */
  readonly subscribers: readonly Samples[];
}

const phases = tableShapes.arrival.phase;
const MEASURED = codeOf(phases, 'measured');
const IDLE = codeOf(phases, 'idle');
const WARM_UP = codeOf(phases, 'warm-up');

/** Undefined where the trial has no open loop. Relies on `arrival`, `delivery`, `planned.subject`, and for request-reply on `send`. */
export const loadOf = memo((trial: Trial): Load | undefined => {
  const { arrival } = trial.history;
  const { phase, intended } = arrival.columns;
  if (arrival.length === 0) return undefined;
  const measured = rowsIn(phase, MEASURED);
  const first = intended[measured[0] ?? 0] ?? 0;
  const last = intended[measured.at(-1) ?? 0] ?? 0;
  return {
    ratePerSecond: last > first ? ((measured.length - 1) * 1000) / (last - first) : 0,
    warmUp: rowsIn(phase, WARM_UP).length,
    latenessMs: latenessOf(trial, measured),
    idleLatenessMs: latenessOf(trial, rowsIn(phase, IDLE)),
    subscribers: isRequestReply(trial) ? askers(trial, measured) : receivers(trial, measured),
  };
});

/** The rows that show a sample, as evidence. */
export function sampleRows(trial: Trial, application: string, arrivalRow: number): readonly Evidence[] {
  const message = trial.history.arrival.columns.message[arrivalRow] ?? NONE;
  const place = trial.receivers.indexOf(application);
  const seen = isRequestReply(trial)
    ? (['send', rowsOf(sends(trial).byMessage, message)[0]] as const)
    : (['delivery', handovers(trial).first[message * trial.receivers.length + place]] as const);
  return rows(['planned', message], ['arrival', arrivalRow], seen);
}

function rowsIn(phase: Uint8Array, wanted: number): Uint32Array {
  const found = new Uint32Array(phase.length);
  let length = 0;
  for (let row = 0; row < phase.length; row++) if (phase[row] === wanted) found[length++] = row;
  return found.subarray(0, length);
}

function latenessOf(trial: Trial, arrivals: Uint32Array): Float64Array {
  const { at, intended } = trial.history.arrival.columns;
  return Float64Array.from(arrivals, (row) => Math.max(0, (at[row] ?? 0) - (intended[row] ?? 0))).sort();
}

/** Every measured message that a receiver is entitled to, whether it came onto the bus or not. */
function receivers(trial: Trial, measured: Uint32Array): readonly Samples[] {
  const { arrival, delivery, planned } = trial.history;
  const entitled = entitlement(trial);
  const { first } = handovers(trial);
  const width = trial.receivers.length;
  const lists = trial.receivers.map(() => new SampleList(measured.length));
  for (const row of measured) {
    const message = arrival.columns.message[row] ?? NONE;
    for (const place of receiversIn(entitled(planned.columns.subject[message] ?? 0))) {
      const seen = first[message * width + place] ?? NONE;
      const at = seen === NONE ? Infinity : (delivery.columns.at[seen] ?? Infinity);
      lists[place]?.add(at - (arrival.columns.intended[row] ?? 0), row);
    }
  }
  return trial.receivers.map((application, place) => ({ application, ...(lists[place] as SampleList).samples() }));
}

/** Every measured request of an application; a refusal that an adapter made is no reply. */
function askers(trial: Trial, measured: Uint32Array): readonly Samples[] {
  const { arrival, planned, send, texts } = trial.history;
  const { status, reply, done } = send.columns;
  const lists = new Map(trial.flow.senders.map((name) => [name, new SampleList(measured.length)]));
  for (const row of measured) {
    const message = arrival.columns.message[row] ?? NONE;
    const answered = rowsOf(sends(trial).byMessage, message).find(
      (at) => isSuccess(status[at] ?? 0) && (reply[at] ?? NONE) !== NONE,
    );
    const at = answered === undefined ? Infinity : (done[answered] ?? Infinity);
    lists.get(texts.at(planned.columns.application[message] ?? 0))?.add(at - (arrival.columns.intended[row] ?? 0), row);
  }
  return [...lists].map(([application, list]) => ({ application, ...list.samples() }));
}

class SampleList {
  readonly #latencyMs: Float64Array;
  readonly #arrivals: Uint32Array;
  #length = 0;

  constructor(most: number) {
    this.#latencyMs = new Float64Array(most);
    this.#arrivals = new Uint32Array(most);
  }

  add(ms: number, arrival: number): void {
    this.#latencyMs[this.#length] = ms;
    this.#arrivals[this.#length++] = arrival;
  }

  samples(): Pick<Samples, 'latencyMs' | 'arrivals'> {
    return {
      latencyMs: this.#latencyMs.subarray(0, this.#length),
      arrivals: this.#arrivals.subarray(0, this.#length),
    };
  }
}

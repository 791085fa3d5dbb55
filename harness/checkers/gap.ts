import { rowAt, tableShapes } from '../model/history.ts';
import { consumersOfReceiver } from '../model/names.ts';
import { codeOf, NONE } from '../model/table.ts';
import { rowsOf, sizeOf } from './groups.ts';
import { memo } from './memo.ts';
import { sends } from './sends.ts';
import { storedRows } from './stored-rows.ts';
import type { Trial } from './trial.ts';
import { violations } from './violation.ts';
import { FAILED, YES } from './words.ts';

/**
 * Why a trial's history cannot show that something did not happen; undefined where it is whole. A break that it does show
 * stands all the same.
 *
 * Relies on `wait` (at least one row `observer`, all reached; the last row `drain`, reached), `problem`, `lifecycle`
 * (`failed`), and for a flow with a stream `streamState` of it and `consumerState` of each of its receivers' consumers; of
 * several rows for one the last is the state at drain.
 */
export const gapOf = memo((trial: Trial): string | undefined =>
  said([...troubles(trial), ...(trial.flow.stream === undefined ? [] : states(trial)), ...ending(trial)]),
);

/**
 * Why a trial was not the test that it was meant to be, though all that happened is known: what it lacks is certain, and
 * yet it is no pass. Relies on `wait` (rows that were not reached), `fault.took`, `send.status`, `stored`.
 */
export const doubtOf = memo((trial: Trial): string | undefined => {
  const { wait, fault } = trial.history;
  const reasons: string[] = [];
  for (let index = 0; index < wait.length; index++) {
    if (wait.columns.reached[index] !== YES) reasons.push(notReached(trial, index));
  }
  for (let index = 0; index < fault.length; index++) {
    const { kind, target, took } = rowAt(trial.history, 'fault', index);
    if (took !== 'yes') reasons.push(`the fault "${kind}" on ${target} did not take effect`);
  }
  reasons.push(...neverTaken(trial));
  return said(reasons);
});

const manyTries = 3;

/** Valid events that their adapter could not put on the bus, however often they were sent: what they were to test was not. */
function neverTaken(trial: Trial): readonly string[] {
  const { planned, send, texts } = trial.history;
  const { valid } = violations(trial);
  const stored = storedRows(trial);
  // What is sent once only may be lost.
  if (trial.flow.stream === undefined || trial.flow.delivery === 'at-most-once') return [];
  const reasons: string[] = [];
  for (let message = 0; message < planned.length; message++) {
    const tries = rowsOf(sends(trial).byMessage, message);
    if (valid[message] !== 1 || tries.length === 0) continue;
    // One try without an answer is an unknown outcome; many are an adapter that does not tell.
    const kept = sizeOf(stored.byMessage, message) > 0;
    if (kept && tries.length < manyTries) continue;
    const { status, reason } = send.columns;
    if (tries.some((at) => (status[at] ?? 0) > 0 && (status[at] ?? 0) < 500)) continue;
    const last = tries.at(-1) ?? 0;
    const said = `${status[last] === 0 ? 'no answer' : (status[last] ?? 0)} ${texts.at(reason[last] ?? 0)}`.trim();
    const { type, id } = rowAt(trial.history, 'planned', message);
    reasons.push(
      `${type} ${id} ${kept ? 'was never acknowledged to its application' : 'never came onto the bus'}, though it was sent: ${said}`,
    );
  }
  return reasons;
}

function said(reasons: readonly string[]): string | undefined {
  const [first, ...more] = reasons;
  return first === undefined || more.length === 0
    ? first
    : `${first} (and ${more.length} more such ${more.length === 1 ? 'reason' : 'reasons'})`;
}

function ending(trial: Trial): readonly string[] {
  const { what, reached } = trial.history.wait.columns;
  const reasons: string[] = [];
  const drain = what.lastIndexOf(codeOf(waits, 'drain'));
  if (drain < 0) reasons.push('the history ends before the trial was drained');
  else if (reached[drain] !== YES) reasons.push(notReached(trial, drain));
  const observer = codeOf(waits, 'observer');
  if (!what.includes(observer)) reasons.push('nothing says that the observers caught up with the bus');
  for (let index = 0; index < what.length; index++) {
    if (what[index] === observer && reached[index] !== YES) reasons.push(notReached(trial, index));
  }
  return reasons;
}

const waits = tableShapes.wait.what;
const waited = {
  lane: 'a lane',
  drain: 'the drain',
  observer: 'an observer',
  ready: 'an application to be ready',
} as const;

function notReached(trial: Trial, index: number): string {
  const { what, detail } = rowAt(trial.history, 'wait', index);
  return `the wait for ${waited[what]} was not reached in time${detail === '' ? '' : `: ${detail}`}`;
}

function troubles({ history }: Trial): readonly string[] {
  const reasons: string[] = [];
  for (let index = 0; index < history.problem.length; index++) {
    const { where, what } = rowAt(history, 'problem', index);
    reasons.push(`trouble in the harness at ${where}: ${what}`);
  }
  for (let index = 0; index < history.lifecycle.length; index++) {
    if (history.lifecycle.columns.change[index] !== FAILED) continue;
    const { application, instance, reason } = rowAt(history, 'lifecycle', index);
    reasons.push(`instance ${instance} of ${application} failed: ${reason}`);
  }
  return reasons;
}

function states(trial: Trial): readonly string[] {
  const { flow, history, streamText } = trial;
  const reasons: string[] = [];
  const stream = lastRow(history.streamState.columns.stream, streamText);
  if (stream === NONE) reasons.push(`the state of stream ${flow.stream ?? ''} at drain was not recorded`);
  else {
    const last = history.streamState.columns.last[stream] ?? 0;
    const seen = storedRows(trial).rows.length;
    if (seen < last) reasons.push(`the observer saw ${seen} of the ${last} messages in stream ${flow.stream ?? ''}`);
  }
  const columns = history.consumerState.columns;
  for (const receiver of flow.receivers) {
    for (const { name } of consumersOfReceiver(flow, receiver)) {
      const text = history.texts.find(name);
      let state = NONE;
      for (let index = 0; index < history.consumerState.length; index++) {
        if (columns.consumer[index] === text && columns.stream[index] === streamText) state = index;
      }
      if (state === NONE) reasons.push(`the state of consumer ${name} at drain was not recorded`);
      else if ((columns.pending[state] ?? 0) + (columns.ackPending[state] ?? 0) > 0) {
        const { pending, ackPending, ackFloor } = rowAt(history, 'consumerState', state);
        reasons.push(
          `consumer ${name} was not drained: ${ackPending} delivered and not settled, ${pending} not delivered, all after sequence ${ackFloor} of ${flow.stream ?? ''}`,
        );
      }
    }
  }
  return reasons;
}

/** Last row in which a column holds a value; NONE for none. */
export function lastRow(column: Uint32Array, value: number): number {
  const found = value === NONE ? -1 : column.lastIndexOf(value);
  return found < 0 ? NONE : found;
}

import type { PlannedMessage, Script, ScriptedAnswer, Step, Workload } from '../model/workload.ts';
import { eventUnits, withoutSteps } from './events.ts';
import { keepMessages, ownMessages, withoutIdleLanes } from './keep.ts';

/** One kind of simplification: simpler workloads, boldest first. */
export type Pass = (workload: Workload) => Iterable<Workload>;

/** Every kind, in the order in which they pay: what is left out makes all later tries faster. */
export const passes: readonly Pass[] = [
  lessPatience,
  noWaits,
  fewerMessages,
  fewerEvents,
  fewerWaits,
  plainerAnswers,
  fewerSends,
  plainerMessages,
];

/** A time limit that a small workload does not need is waited for in full by every try that hangs. */
const patienceMs = 5000;

function* lessPatience(workload: Workload): Iterable<Workload> {
  if (workload.limitMs > patienceMs) yield { ...workload, limitMs: patienceMs };
}

/** Halves, quarters, … and at last single messages are left out. */
function* fewerMessages(workload: Workload): Iterable<Workload> {
  const own = ownMessages(workload);
  for (const gone of chunks(own)) {
    if (gone.length < own.length)
      yield keepMessages(workload, new Set(own.filter((message) => !gone.includes(message))));
  }
}

/** Chunks of a list, from its halves down to single members. */
function* chunks<T>(list: readonly T[]): Iterable<readonly T[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
  }
}

/** Without what befalls the adapters: all of it, then each. */
function* fewerEvents(workload: Workload): Iterable<Workload> {
  const units = eventUnits(workload);
  const { wire, ...unwatched } = workload;
  if (units.length > 1) yield withoutIdleLanes(withoutSteps(workload, units.flat()));
  for (const unit of units) yield withoutIdleLanes(withoutSteps(workload, unit));
  // What cuts a connection needs a relay.
  const cuts = workload.lanes.some((lane) => lane.some((step) => step.do === 'cut'));
  if (wire !== undefined && !cuts) yield unwatched;
  for (const fault of wire ?? []) yield { ...workload, wire: (wire ?? []).filter((other) => other !== fault) };
  const more = Object.entries(workload.instances).filter(([, count]) => count > 1);
  for (const [application] of more) yield { ...workload, instances: { ...workload.instances, [application]: 1 } };
}

const waitsOf = ({ lanes }: Workload): readonly (readonly [lane: number, step: number])[] =>
  lanes.flatMap((steps, lane) =>
    steps.flatMap((step, at) => (step.do === 'wait' || step.do === 'at' ? [[lane, at] as const] : [])),
  );

/** Without waiting at all. */
function* noWaits(workload: Workload): Iterable<Workload> {
  const places = waitsOf(workload);
  if (places.length > 0) yield withoutSteps(workload, places);
}

/** Without each wait. */
function* fewerWaits(workload: Workload): Iterable<Workload> {
  for (const place of waitsOf(workload)) yield withoutSteps(workload, [place]);
}

/** Scripts are left out, so that all is accepted at once; answers are left out; what is left is given without delay. */
function* plainerAnswers(workload: Workload): Iterable<Workload> {
  const { scripts } = workload;
  const plain = scripts.filter(({ answers }) => answers.some(({ reply }) => reply !== undefined));
  if (plain.length < scripts.length - 1) yield { ...workload, scripts: plain };
  for (const script of scripts) {
    const change = (answers: readonly ScriptedAnswer[]): Workload => ({
      ...workload,
      scripts: scripts.map((other): Script => (other === script ? { ...script, answers } : other)),
    });
    if (!plain.includes(script)) yield { ...workload, scripts: scripts.filter((other) => other !== script) };
    for (let count = 1; count < script.answers.length; count++) {
      for (const some of [script.answers.slice(0, count), script.answers.slice(count)]) {
        // The last answer repeats: a crash that came once is not to come every time.
        if (some.at(-1)?.crash === undefined) yield change(some);
      }
    }
    if (script.answers.some(({ delayMs }) => delayMs !== undefined))
      yield change(script.answers.map(({ delayMs: _, ...answer }) => answer));
    if (script.answers.some(({ crash }) => crash !== undefined))
      yield change(script.answers.map(({ crash: _, ...answer }) => answer));
  }
}

/** What is sent more than once is sent less often. */
function* fewerSends(workload: Workload): Iterable<Workload> {
  const times = new Map<number, number>();
  const moved = (step: Step): number | undefined =>
    step.do === 'send' || step.do === 'inject' ? step.message : undefined;
  for (const step of workload.lanes.flat()) {
    const message = moved(step);
    if (message !== undefined) times.set(message, (times.get(message) ?? 0) + 1);
  }
  for (const [lane, steps] of workload.lanes.entries()) {
    for (const [at, step] of steps.entries()) {
      if ((times.get(moved(step) ?? -1) ?? 0) > 1) yield withoutIdleLanes(withoutSteps(workload, [[lane, at]]));
    }
  }
}

/** Contents as plain as the schema has them: without what the workload sets, and from the smallest seed. */
function* plainerMessages(workload: Workload): Iterable<Workload> {
  const each = (plainer: (message: PlannedMessage) => PlannedMessage): Workload => ({
    ...workload,
    messages: workload.messages.map(plainer),
  });
  yield each(({ bodyBytes: _, ...message }) => ({
    ...message,
    payload: {},
    headers: causation(message),
    payloadSeed: 0,
  }));
  yield each((message) => ({ ...message, payloadSeed: 0 }));
  yield each((message) => ({ ...message, payload: {} }));
  yield each((message) => ({ ...message, headers: causation(message) }));
}

/** The headers that tie a reply to its request. */
function causation({ headers }: PlannedMessage): PlannedMessage['headers'] {
  const { 'ce-causationid': cause } = headers;
  return cause === undefined ? {} : { 'ce-causationid': cause };
}

import type { Condition, PlannedMessage, Script, Step, Workload } from '../model/workload.ts';

/** Messages that a workload sends or puts on the bus itself: the others are replies, and go with their request. */
export function ownMessages(workload: Workload): readonly number[] {
  const own = new Set(workload.lanes.flat().flatMap(messagesOfStep));
  const replies = new Set([
    ...workload.scripts.flatMap(({ answers }) => answers.flatMap(({ reply }) => reply ?? [])),
    ...workload.lanes.flat().flatMap((step) => (step.do === 'inject-reply' ? [step.message] : [])),
  ]);
  return [...workload.messages.keys()].filter((message) => own.has(message) || !replies.has(message));
}

/** Messages that a step moves; an injected reply goes with its request. */
export function messagesOfStep(step: Step): readonly number[] {
  switch (step.do) {
    case 'send':
    case 'inject':
      return [step.message];
    case 'inject-reply':
      return [step.request];
    case 'open-loop':
      return step.arrivals.flatMap(({ message }) => message ?? []);
    default:
      return [];
  }
}

/**
 * The workload with some of its messages alone, their replies included: without the steps, waits, scripts and wire faults of the
 * others. On an ordered flow the sequences close up over what was taken out; a gap that was planned stays one.
 */
export function keepMessages(workload: Workload, wanted: ReadonlySet<number>): Workload {
  const kept = withReplies(workload, wanted);
  const indexes = new Map([...kept].toSorted((a, b) => a - b).map((message, at) => [message, at]));
  const index = (message: number): number => indexes.get(message) ?? 0;
  const scripts = workload.scripts
    .filter(({ message }) => kept.has(message))
    .map((script): Script => ({
      ...script,
      message: index(script.message),
      answers: script.answers.map((answer) =>
        answer.reply === undefined ? answer : { ...answer, reply: index(answer.reply) },
      ),
    }));
  const keys = new Set([...kept].map((message) => workload.messages[message]?.key));
  const lanes = workload.lanes.map((lane) =>
    lane.flatMap((step) =>
      step.do === 'replay' && step.key !== undefined && !keys.has(step.key) ? [] : keptStep(step, kept, index),
    ),
  );
  const wire = workload.wire
    ?.filter(({ message }) => kept.has(message))
    .map((fault) => ({ ...fault, message: index(fault.message) }));
  return withoutIdleLanes({
    ...workload,
    messages: closedUp(workload.messages, kept),
    scripts,
    lanes,
    ...(wire === undefined ? {} : { wire }),
  });
}

/** The messages, and all that is said in reply to them. */
function withReplies(workload: Workload, wanted: ReadonlySet<number>): ReadonlySet<number> {
  const kept = new Set(wanted);
  for (const { message, answers } of workload.scripts)
    if (wanted.has(message)) for (const { reply } of answers) if (reply !== undefined) kept.add(reply);
  for (const step of workload.lanes.flat())
    if (step.do === 'inject-reply' && wanted.has(step.request)) kept.add(step.message);
  return kept;
}

function keptStep(step: Step, kept: ReadonlySet<number>, index: (message: number) => number): readonly Step[] {
  switch (step.do) {
    case 'send':
    case 'inject':
      return kept.has(step.message) ? [{ ...step, message: index(step.message) }] : [];
    case 'inject-reply':
      return kept.has(step.message) && kept.has(step.request)
        ? [{ ...step, message: index(step.message), request: index(step.request) }]
        : [];
    case 'open-loop': {
      const arrivals = step.arrivals.flatMap((arrival) => {
        if (arrival.message === undefined) return [arrival];
        return kept.has(arrival.message) ? [{ ...arrival, message: index(arrival.message) }] : [];
      });
      return arrivals.some(({ message }) => message !== undefined) ? [{ ...step, arrivals }] : [];
    }
    case 'wait':
      return keptCondition(step.for, kept, index).map((condition) => ({ do: 'wait', for: condition }));
    default:
      return [step];
  }
}

function keptCondition(
  condition: Condition,
  kept: ReadonlySet<number>,
  index: (message: number) => number,
): readonly Condition[] {
  if (!('message' in condition)) return [condition];
  return kept.has(condition.message) ? [{ ...condition, message: index(condition.message) }] : [];
}

/** The messages that are kept; where one was the only one with its sequence, those of its key that follow take its place. */
function closedUp(messages: readonly PlannedMessage[], kept: ReadonlySet<number>): readonly PlannedMessage[] {
  const keyOf = ({ flow, key }: PlannedMessage): string => `${flow} ${key}`;
  const before = new Map<string, Set<number>>();
  const after = new Map<string, Set<number>>();
  for (const [at, message] of messages.entries()) {
    if (message.sequence === 0) continue;
    for (const sequences of kept.has(at) ? [before, after] : [before]) {
      const own = sequences.get(keyOf(message)) ?? new Set();
      sequences.set(keyOf(message), own.add(message.sequence));
    }
  }
  return messages
    .filter((_, at) => kept.has(at))
    .map((message) => {
      const left = after.get(keyOf(message));
      const gone = [...(before.get(keyOf(message)) ?? [])].filter(
        (sequence) => sequence < message.sequence && left?.has(sequence) !== true,
      );
      return gone.length === 0 ? message : { ...message, sequence: message.sequence - gone.length };
    });
}

/** The workload without lanes in which nothing is done but waiting; nobody waits for them. */
export function withoutIdleLanes(workload: Workload): Workload {
  const idle = (lane: readonly Step[]): boolean => lane.every((step) => step.do === 'wait' || step.do === 'at');
  const left = [...workload.lanes.entries()].filter(([, lane]) => !idle(lane));
  const places = new Map(left.map(([at], place) => [at, place]));
  const lanes = left.map(([, lane]) =>
    lane.flatMap((step): readonly Step[] => {
      if (step.do !== 'wait' || step.for.until !== 'lane') return [step];
      const place = places.get(step.for.lane);
      return place === undefined ? [] : [{ ...step, for: { until: 'lane', lane: place } }];
    }),
  );
  return { ...workload, lanes };
}

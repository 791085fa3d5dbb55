import type { Flow, Message, Receiver, Service } from '../../model/flow.ts';
import type { ScriptedAnswer, Step, Violation, Workload } from '../../model/workload.ts';
import { breakableRules } from '../events/breakable-rules.ts';
import { isBreakable, placesOfSchema } from '../events/schemas.ts';
import { WorkloadBuilder } from '../workload-builder.ts';
import { receiversOf } from '../workload/filters.ts';
import type { Burst, Command, Fate, Mishap, Plan } from './plan.ts';

/** How long a slow application takes, in milliseconds: well within every time limit. */
const slowMs = 60;
/** How long past the dedupe window a duplicate comes, in milliseconds. */
const pastWindowMs = 100;
/** How late a delayed acknowledgement is, in milliseconds: sooner than its publish is repeated. */
const delayedMs = 500;
/** Contents of bundles, in bytes. */
const contentBytes = 2048;
/** Keywords that are tried for one that can be broken. */
const mostPlaces = 8;

/** The workload of a plan for a flow; the same plan gives the same workload. */
export function realise(plan: Plan, service: Service, flow: Flow): Workload {
  const build = new WorkloadBuilder(service, flow, plan.seed);
  const keys = flow.key === undefined || flow.pattern === 'work-queue' ? [] : build.keys(3);
  const lanes = new Map<string, Step[]>();
  const late = new Map<string, readonly Step[]>();
  const odd = oddKeys(plan, keys);
  let crashed = false;
  for (const [at, command] of plan.commands.entries()) {
    const to = pick(build.receivers, command.to);
    const key = keys.length === 0 ? {} : { key: pick(keys, command.key) };
    const violation = violationOf(command, flow);
    const message = build.message({
      to,
      ...key,
      ...(flow.pattern === 'claim-check' ? { contents: build.contents(contentBytes) } : {}),
      ...(command.size === 'limit' && violation === undefined ? { bodyBytes: flow.maxBytes } : {}),
      ...(violation === undefined ? {} : { type: violation.type, violation: violation.violation }),
    });
    const crashes = command.fate.startsWith('crashes');
    // A crash takes an attempt of all that the adapter has in hand: one of them is enough.
    const fate: Fate = crashes && crashed ? 'accepts' : command.fate;
    crashed ||= crashes;
    const answers = violation === undefined ? answersOf(fate, flow) : undefined;
    if (answers !== undefined) answer(build, flow, to, message, answers);
    const name = keys.length === 0 ? `lane ${String(at % 3)}` : build.planned(message).key;
    const steps = lanes.get(name) ?? [];
    lanes.set(name, steps);
    if (command.pauseMs > 0 && steps.length > 0) steps.push(...pause(steps, command.pauseMs));
    const own = stepsOf(command, build, message, violation !== undefined);
    const before = late.get(name) ?? [];
    late.delete(name);
    if (command.late && violation === undefined) late.set(name, own);
    else steps.push(...own);
    if (before.length === 0) continue;
    const parked = build.planned(message).key;
    // What nobody refuses for another reason is all that is parked.
    const puts = plan.replays && !odd.has(parked) && !command.late;
    steps.push(...(puts ? [drained, ...before, drained, ...replaysOf(flow, parked)] : before));
  }
  for (const [name, steps] of late) lanes.get(name)?.push(...steps);
  for (const steps of lanes.values()) build.lane(...steps);
  if (plan.burst !== undefined) burst(plan.burst, build, keys);
  if (plan.twice) for (const { application } of flow.receivers) build.instances(application, 2);
  if (plan.mishap !== undefined && !plan.twice) befall(plan.mishap, build);
  return build.build();
}

const drained: Step = { do: 'wait', for: { until: 'drained' } };

const replaysOf = (flow: Flow, key: string): readonly Step[] =>
  receiversOf(flow, key).map(({ application }): Step => ({ do: 'replay', application, key }));

/** Keys of which a message may be given up whatever comes before it. */
function oddKeys({ commands }: Plan, keys: readonly string[]): ReadonlySet<string> {
  const plain = ({ fate, again, broken }: Command): boolean =>
    broken === 'not' && again === 'not' && (fate === 'accepts' || fate === 'is-slow');
  return new Set(
    commands.filter((one) => !plain(one)).flatMap(({ key }) => (keys.length === 0 ? [] : pick(keys, key))),
  );
}

/** Plain messages at a rate: of a key of their own where there are keys, so that nothing else holds them up. */
function burst({ messages, everyMs }: Burst, build: WorkloadBuilder, keys: readonly string[]): void {
  const { flow } = build;
  const own = keys.length === 0 ? [] : build.keys(2);
  const lanes = new Map<string, Step[]>();
  for (let at = 0; at < messages; at++) {
    const key = own.length === 0 ? {} : { key: pick(own, at) };
    const message = build.message({
      ...key,
      ...(flow.pattern === 'claim-check' ? { contents: build.contents(contentBytes) } : {}),
    });
    const name = own.length === 0 ? '' : build.planned(message).key;
    lanes.set(name, [...(lanes.get(name) ?? []), { do: 'at', ms: at * everyMs }, { do: 'send', message }]);
  }
  for (const steps of lanes.values()) build.lane(...steps);
}

function befall(mishap: Mishap, build: WorkloadBuilder): void {
  if (mishap.kind === 'wire') {
    const sent = build.sentWhole();
    if (sent.length === 0) return;
    const message = pick(sent, mishap.of);
    const { fault: kind, by } = mishap;
    build.wire(kind === 'delay-acknowledgement' ? { kind, message, delayMs: delayedMs } : { kind, message, by });
    return;
  }
  const { application } = pick(build.receivers, mishap.of);
  const elapsed = (ms: number): Step => ({ do: 'wait', for: { until: 'elapsed', ms } });
  if (mishap.kind === 'cut') {
    build.watchWire();
    build.lane(elapsed(mishap.afterMs), { do: 'cut', application, instance: 0, refuseMs: mishap.refuseMs });
    return;
  }
  build.lane(
    elapsed(mishap.afterMs),
    { do: 'stop', application, instance: 0 },
    elapsed(mishap.afterMs + mishap.awayMs),
    { do: 'start', application, instance: 0 },
  );
}

function pick<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

/** A lane rests for a while after what it sent last. */
function pause(steps: readonly Step[], ms: number): readonly Step[] {
  // What breaks the contract is not accepted: nobody can wait for it.
  const last = steps.findLast((step) => step.do === 'send' && step.persist !== false);
  return last?.do === 'send' ? [{ do: 'wait', for: { until: 'since-sent', message: last.message, ms } }] : [];
}

function stepsOf(
  { broken, again }: Command,
  build: WorkloadBuilder,
  message: number,
  breaks: boolean,
): readonly Step[] {
  if (breaks) return broken === 'injected' ? [{ do: 'inject', message }] : [{ do: 'send', message, persist: false }];
  const { flow } = build;
  const send: Step = { do: 'send', message };
  const wait = (ms: number): Step => ({ do: 'wait', for: { until: 'since-sent', message, ms } });
  const messageId = `again ${build.planned(message).id}`;
  // An older value that its sender offers again is another matter than a duplicate.
  const repeated: Step = flow.pattern === 'last-value' ? { do: 'inject', message } : send;
  switch (again) {
    case 'not':
      return [send];
    case 'at-once':
      return [send, wait(0), repeated];
    case 'past-window':
      return [send, wait((flow.dedupeWindowMs ?? 0) + pastWindowMs), repeated];
    case 'injected':
      return [send, wait(0), { do: 'inject', message, messageId }];
  }
}

function answersOf(fate: Fate, flow: Flow): readonly ScriptedAnswer[] | undefined {
  switch (fate) {
    case 'accepts':
      return undefined;
    case 'is-slow':
      return [{ status: 200, delayMs: slowMs }];
    case 'rejects':
      return [{ status: 422 }];
    case 'always-fails':
      return [{ status: 500 }];
    case 'fails-once':
      return [{ status: 503 }, { status: 200 }];
    case 'fails-but-for-the-last':
      return [...Array.from({ length: flow.attempts - 1 }, () => ({ status: 500 })), { status: 200 }];
    case 'crashes-before':
      return [{ status: 200, crash: 'before-effect' }, { status: 200 }];
    case 'crashes-after':
      return [{ status: 200, crash: 'after-effect' }, { status: 200 }];
  }
}

/** A request's answerer says it to everybody; an accepted request keeps its reply. */
function answer(
  build: WorkloadBuilder,
  flow: Flow,
  to: Receiver,
  message: number,
  answers: readonly ScriptedAnswer[],
): void {
  if (flow.pattern !== 'request-reply') {
    build.script(to.application, message, ...answers);
    return;
  }
  const accepted = answers.every(({ status }) => status < 300);
  if (accepted) build.scriptAllSlow(message, answers[0]?.delayMs ?? 0);
  else build.scriptAll(message, ...answers);
}

/** A way to break a message of the flow: a header, a rule, or a keyword of its schema. */
function violationOf(
  { broken, way }: Command,
  flow: Flow,
): { readonly type: string; readonly violation: Violation } | undefined {
  if (broken === 'not') return undefined;
  const message: Message = pick(flow.messages, way);
  const headers: readonly Violation[] = [
    { kind: 'header', header: 'ce-time', how: 'malformed' },
    { kind: 'header', header: 'ce-correlationid', how: 'absent' },
    { kind: 'header', header: 'ce-classification', how: 'not-allowed' },
    { kind: 'size' },
  ];
  const rules = [...breakableRules(message)].map((rule): Violation => ({ kind: 'rule', rule }));
  const places = placesOfSchema(message);
  const tried = Array.from({ length: Math.min(mostPlaces, places.length) }, (_, at) => pick(places, way * 7 + at));
  const place = way % 3 === 0 ? undefined : tried.find((candidate) => isBreakable(message, candidate));
  const violation = place === undefined ? pick([...headers, ...rules], way) : ({ kind: 'schema', ...place } as const);
  return { type: message.name, violation };
}

import fc from 'fast-check';
import type { Flow } from '../../model/flow.ts';
import type { PublishFault } from '../../model/wire.ts';

/** What the receiving application says to a message. */
export type Fate =
  | 'accepts'
  | 'is-slow'
  | 'fails-once'
  | 'fails-but-for-the-last'
  | 'always-fails'
  | 'rejects'
  | 'crashes-before'
  | 'crashes-after';

/** How a message comes a second time. `past-window`: from its sender once the dedupe window is over; `injected`: past the sender's check. */
export type Again = 'not' | 'at-once' | 'past-window' | 'injected';

/** One message of a plan, in abstract terms: what a flow does not know is left out where the plan is made into a workload. */
export interface Command {
  /** Which of a few keys, and which receiver is to be entitled to it; taken modulo what there is. */
  readonly key: number;
  readonly to: number;
  readonly fate: Fate;
  readonly again: Again;
  /** Whether it breaks the contract, and who puts it there: the application, or the harness past the sender's check. */
  readonly broken: 'not' | 'sent' | 'injected';
  /** Which of the ways to break it; taken modulo what there is. */
  readonly way: number;
  readonly size: 'drawn' | 'limit';
  /** On an ordered flow: it is sent after the one of its key that follows it. */
  readonly late: boolean;
  /** Pause of its lane before it, in milliseconds. */
  readonly pauseMs: number;
}

/** Once: an application that sends again would never get an answer where every acknowledgement is withheld. What is late alone shows nothing. */
type Befalling = Exclude<PublishFault['kind'], 'withhold-acknowledgements' | 'delay-publish'>;

/** What befalls adapters or their connections in the middle; one thing at most, so that one does not hide another. */
export type Mishap =
  /** A receiver's adapter is away: which one, from when, for how long. */
  | { readonly kind: 'restart'; readonly of: number; readonly afterMs: number; readonly awayMs: number }
  /** A receiver's connection to the bus is cut. */
  | { readonly kind: 'cut'; readonly of: number; readonly afterMs: number; readonly refuseMs: number }
  /** Something befalls the publish of one of the messages that are sent whole. */
  | { readonly kind: 'wire'; readonly of: number; readonly fault: Befalling; readonly by: 'end' | 'reset' };

/** Many plain messages at a rate, beside all else. */
export interface Burst {
  readonly messages: number;
  /** Intended distance of two of them, in milliseconds. */
  readonly everyMs: number;
}

/** Any workload, in abstract terms. */
export interface Plan {
  /** Seed of ids, keys and payloads. */
  readonly seed: number;
  readonly commands: readonly Command[];
  readonly mishap: Mishap | undefined;
  readonly burst: Burst | undefined;
  /** On an ordered flow: what was parked since something came late is put back once that has come. */
  readonly replays: boolean;
  /** Receivers run in two instances. */
  readonly twice: boolean;
}

/** Commands that a plan has at most unless told otherwise: small runs, many of them. */
export const mostCommands = 6;

/** Messages of a burst, at most. */
const mostInBurst = 12;

/** Plans for a flow; the plain comes before the odd. */
export function plans(flow: Flow, most = mostCommands): fc.Arbitrary<Plan> {
  return fc.record({
    seed: fc.integer(),
    commands: fc.array(commands(flow), { minLength: 1, maxLength: most, size: 'max' }),
    mishap: canBeAway(flow) ? fc.option(mishaps, { nil: undefined, freq: 2 }) : fc.constant(undefined),
    burst: fc.option(fc.record({ messages: fc.integer({ min: 2, max: mostInBurst }), everyMs: fc.nat(10) }), {
      nil: undefined,
      freq: 1,
    }),
    replays: flow.pattern === 'ordered-stream' ? fc.boolean() : fc.constant(false),
    twice: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
}

const mishaps: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({
    kind: fc.constant('restart' as const),
    of: fc.nat(7),
    afterMs: fc.nat(150),
    awayMs: fc.integer({ min: 50, max: 400 }),
  }),
  fc.record({
    kind: fc.constant('cut' as const),
    of: fc.nat(7),
    afterMs: fc.nat(150),
    refuseMs: fc.constantFrom(0, 50, 300),
  }),
  fc.record({
    kind: fc.constant('wire' as const),
    of: fc.nat(7),
    fault: fc.constantFrom<Befalling[]>('lose-publish', 'lose-acknowledgement', 'delay-acknowledgement'),
    by: fc.constantFrom<('end' | 'reset')[]>('end', 'reset'),
  }),
);

function commands(flow: Flow): fc.Arbitrary<Command> {
  const often = <T extends string>(usual: T, ...odd: readonly T[]): fc.Arbitrary<T> =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(usual, ...odd) });
  return fc.record({
    key: fc.nat(2),
    to: fc.nat(7),
    fate: often<Fate>('accepts', ...fatesOf(flow)),
    again:
      flow.stream === undefined ? fc.constant<Again>('not') : often<Again>('not', 'at-once', 'past-window', 'injected'),
    broken: often<Command['broken']>('not', 'sent', 'injected'),
    way: fc.nat(99),
    size: fc.oneof(
      { weight: 9, arbitrary: fc.constant('drawn' as const) },
      { weight: 1, arbitrary: fc.constant('limit' as const) },
    ),
    late: flow.pattern === 'ordered-stream' ? fc.integer({ min: 0, max: 7 }).map((n) => n === 7) : fc.constant(false),
    pauseMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(60) }),
  });
}

const canBeAway = ({ stream, delivery }: Flow): boolean => stream !== undefined && delivery === 'at-least-once';

/** What the applications of a flow may say beside yes. */
function fatesOf(flow: Flow): readonly Fate[] {
  if (!canBeAway(flow)) return ['is-slow', 'rejects', 'always-fails'];
  if (flow.attempts < 2) return ['is-slow', 'rejects', 'always-fails'];
  return [
    'is-slow',
    'rejects',
    'fails-once',
    'fails-but-for-the-last',
    'always-fails',
    'crashes-before',
    'crashes-after',
  ];
}

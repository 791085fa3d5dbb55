import { receives, sends, type ExchangePattern, type Flow } from './flow.ts';

export type ClauseId = string;
/** B the bus, P the providing adapter, C the consuming adapter. */
export type Subject = 'bus' | 'provider' | 'consumer';

export interface Clause {
  readonly id: ClauseId;
  readonly level: 'MUST' | 'SHOULD' | 'MAY';
  readonly subjects: readonly Subject[];
  readonly text: string;
  readonly why: string;
  /** Exchange patterns that it applies to. */
  readonly patterns: readonly ExchangePattern[];
  /** Guarantees that a flow must declare for it to apply, as field names of x-flow: `expiryMs`, `key`, … */
  readonly guarantees: readonly string[];
  /** Kinds of delivery that it applies to; absent for both. */
  readonly delivery?: Flow['delivery'];
  readonly test: string;
  /** Name of the checker that decides it; absent where `notTested` says why there is none. */
  readonly checker?: string;
  readonly notTested?: string;
}

export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly clauses: readonly ClauseId[];
}

export interface Requirement {
  readonly id: string;
  readonly source: string;
  readonly text: string;
  readonly clauses: readonly ClauseId[];
}

/** A numbered rule of the application port (ADAPTERS.md), and the clauses that show a breach of it. */
export interface PortRule {
  readonly id: string;
  readonly title: string;
  readonly clauses: readonly ClauseId[];
  /** Whom it is for: who publishes or asks, or who subscribes or answers; absent for both. */
  readonly side?: 'sends' | 'receives';
  /** Exchange patterns that it is for; absent for all. */
  readonly patterns?: readonly ExchangePattern[];
  /** Field names of x-flow without which a flow has nothing to do with it. */
  readonly guarantees?: readonly string[];
  /** What has to have befallen an adapter before it can be broken. */
  readonly after?: 'stopping' | 'crashed';
}

export interface Catalogue {
  readonly clauses: readonly Clause[];
  readonly profiles: readonly Profile[];
  readonly requirements: readonly Requirement[];
}

/** Whether a clause asks anything of a flow, by the flow's pattern, delivery and declared guarantees. */
export function applies(clause: Clause, flow: Flow): boolean {
  return asksOf(clause, flow) && (clause.delivery === undefined || clause.delivery === flow.delivery);
}

/** Whether a rule of the application port asks anything of an application in a flow; of one that is not known, where it does of any. */
export function governs(rule: PortRule, flow: Flow, application?: string): boolean {
  const at = { sends: flow.senders, receives: flow.receivers.map((receiver) => receiver.application) };
  return (
    asksOf(rule, flow) && (rule.side === undefined || application === undefined || at[rule.side].includes(application))
  );
}

function asksOf({ patterns, guarantees = [] }: Partial<Pick<Clause, 'patterns' | 'guarantees'>>, flow: Flow): boolean {
  return (
    (patterns === undefined || patterns.includes(flow.pattern)) &&
    guarantees.every((name) => flow[name as keyof Flow] !== undefined)
  );
}

export type Role = Exclude<Subject, 'bus'>;

/** What an application is in a flow; the provider of requests is the one that answers them. */
export function rolesIn(flow: Flow, application: string): readonly Role[] {
  const asks = flow.pattern === 'request-reply';
  return [
    ...(sends(flow, application) ? [asks ? ('consumer' as const) : ('provider' as const)] : []),
    ...(receives(flow, application) ? [asks ? ('provider' as const) : ('consumer' as const)] : []),
  ];
}

/** Whether a clause judges adapters of one of these roles. */
export const judges = ({ subjects }: Clause, roles: readonly Role[]): boolean =>
  roles.some((role) => subjects.includes(role));

import type { ClauseId } from './clause.ts';
import type { Flow, Service } from './flow.ts';
import type { Workload } from './workload.ts';

/** A workload with the clauses that it can decide. */
export interface Scenario {
  /** Kebab case; part of the command that reproduces a trial. */
  readonly name: string;
  /** What is done, in a sentence. */
  readonly title: string;
  readonly clauses: readonly ClauseId[];
  /** It takes the machine for itself: performed by itself, and only where a clause that it decides is claimed. */
  readonly alone?: true;
  /** It begins with several instances of adapters: where these live on, those of one service follow one another, and start fewer. */
  readonly severalInstances?: true;
  /** Whether the flow promises anything that this can show. */
  readonly applies: (flow: Flow, service: Service) => boolean;
  /** Whether it can show anything about this application’s adapter in a flow that it applies to; absent where it does about every one’s. */
  readonly tries?: (flow: Flow, application: string) => boolean;
  /** The workload for a flow; the same seed gives the same workload. */
  readonly workload: (service: Service, flow: Flow, seed: number) => Workload;
}

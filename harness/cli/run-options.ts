import type { BrokerOptions } from './broker.ts';
import type { Exploration } from './exploration.ts';
import type { BusOptions } from './open-bus.ts';
import type { PactOptions } from './pacts.ts';

/** What the command line says of a run. */
export interface RunOptions extends BusOptions, PactOptions, BrokerOptions {
  readonly adapter?: readonly string[];
  readonly throughAdapters?: boolean;
  /** `--relay`, `--no-relay`. */
  readonly relay?: boolean;
  readonly contracts: string;
  readonly seed?: number;
  readonly profile: string;
  readonly scenario?: readonly string[];
  readonly clause?: readonly string[];
  /** Says in the answer what the clauses are, in place of their list. */
  readonly narrowing?: string;
  /** Of each flow only what judges the part of this application is performed and claimed. */
  readonly application?: string;
  readonly flow?: readonly string[];
  readonly timeScale: number;
  readonly width?: number;
  readonly out: string;
  /** Adapters under test live through many trials, each of which has ids and keys of its own, where they would be started anew for each. */
  readonly keepAdapters?: boolean;
  /** Workloads by chance in place of the scenarios. */
  readonly exploration?: Exploration;
  /** Seconds for looking for counterexamples of what fails; 0 for none. */
  readonly shrink: number;
  readonly json?: boolean;
}

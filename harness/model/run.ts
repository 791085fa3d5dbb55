import type { KnownCalibration } from './calibration.ts';
import type { Catalogue, Role } from './clause.ts';
import type { Counterexample, Minimised } from './counterexample.ts';
import type { Service, Shortened } from './flow.ts';
import type { RowOf, TableName } from './history.ts';
import type { LoadSummary } from './load.ts';
import type { PactSummary } from './pact.ts';
import type { Evidence, Unobserved, Verdict } from './verdict.ts';

/** One scenario performed on one flow, in a namespace of its own. */
export interface TrialHeader {
  /** `<flow id>/<scenario>`; unique in a run. */
  readonly id: string;
  readonly flow: string;
  readonly scenario: string;
  readonly title: string;
  readonly clauses: readonly string[];
  readonly seed: number;
  /** What of the bus could not be seen; absent where all could be. */
  readonly unobserved?: readonly Unobserved[];
  /** Of a trial that measures another once more, since the harness lagged in it: the id of that one. */
  readonly again?: string;
  /** Of a trial that performs the smallest workload under which a clause fails; it shows, and decides nothing. */
  readonly counterexample?: Minimised;
  /** Wall-clock time of the trial's start, RFC 3339. */
  readonly startedAt: string;
}

export interface TrialSummary extends Omit<TrialHeader, 'counterexample'> {
  readonly durationMs: number;
  /** False where the journal ends before the trial does. */
  readonly complete: boolean;
  readonly sends: number;
  readonly deliveries: number;
  readonly problems: readonly string[];
}

/** What an application is in a flow. */
export interface Part {
  readonly flow: string;
  readonly roles: readonly Role[];
}

/** What a run was asked to claim. */
export interface Claim {
  readonly profile: string;
  /** The profile's clauses, or those of them that were selected. */
  readonly clauses: readonly string[];
  /** How the profile was narrowed on the command line; '' for the whole of it. */
  readonly narrowed: string;
  /** Scenarios that were selected: of each flow only what they can decide is claimed. Absent for all of them. */
  readonly scenarios?: readonly string[];
  /** Flows that were selected: verdicts are given on these alone. Absent for all of them. */
  readonly flows?: readonly string[];
  /** Of one application's adapter: what it is in each flow. Of a flow only what judges that is claimed. Absent for all of it. */
  readonly parts?: readonly Part[];
  /** Workloads by chance were performed: they claim nothing, and break what they break. */
  readonly explored?: true;
}

/** A claim before anything is known. */
export interface AskedClaim extends Claim {
  /** Clauses that were left out since no selected scenario decides them: one that is broken all the same belongs to the claim again. */
  readonly besides?: readonly string[];
}

/** What a run is of; written first into its journal, with the contracts, so that the journal is judged alone. */
export interface RunHeader {
  readonly format: 1;
  readonly id: string;
  readonly startedAt: string;
  readonly seed: number;
  readonly claim: AskedClaim;
  readonly timeScale: number;
  readonly shortened: readonly Shortened[];
  readonly services: readonly Service[];
  readonly catalogue: Catalogue;
  readonly environment: Environment;
  /** The last calibration of the harness; absent where none is recorded. */
  readonly calibration?: KnownCalibration;
  /** What was chosen on the command line, from `run` on; `busworthy` with these does the same again. */
  readonly command: readonly string[];
  /** What of the bank of defects is broken on purpose, by name; absent where nothing is. */
  readonly defect?: string;
  /** Trials that would have been part of it; absent where there are none. */
  readonly leftOut?: readonly LeftOut[];
}

export interface Environment {
  readonly busworthy: string;
  readonly node: string;
  readonly platform: string;
  readonly cpus: number;
  readonly bus: { readonly runtime: string; readonly serverVersion: string };
  /** Adapters that stood at ends of the services; absent where the harness played all of them. */
  readonly adapters?: readonly AdapterSummary[];
}

/** An adapter that took part in a run. */
export interface AdapterSummary {
  readonly service: string;
  readonly application: string;
  /** Path of its adapter.yaml; '' for the reference adapter. */
  readonly file: string;
  /** How it was started, or where it was: a command line, an image or a URL. */
  readonly command: string;
  /** SHA-256 of the file, in hex; '' for the reference adapter. */
  readonly digest: string;
}

/** A trial that an adapter does not allow: it can neither be started nor ended, or not often enough. */
export interface LeftOut {
  readonly trial: string;
  readonly flow: string;
  readonly scenario: string;
  readonly clauses: readonly string[];
  readonly reason: string;
}

/** Latency from the intended send to the receiving application's receipt, in milliseconds. */
export interface Latency {
  readonly flow: string;
  readonly application: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly objectiveMs: number;
}

/** A line of evidence, decoded, so that a report needs no journal. */
export interface EvidenceLine extends Evidence {
  readonly trial: string;
  readonly cells: RowOf<TableName>;
}

export type Answer = 'holds' | 'does not hold' | 'cannot be said';

/** A finished run: all that reports render. */
export interface Run {
  readonly header: Omit<RunHeader, 'services' | 'claim'> & {
    readonly claim: Claim;
    readonly services: readonly ServiceSummary[];
  };
  readonly durationMs: number;
  readonly answer: Answer;
  /** One sentence: "core holds; 21 clauses outside it not tested". */
  readonly sentence: string;
  readonly exitCode: number;
  readonly verdicts: readonly Verdict[];
  readonly trials: readonly TrialSummary[];
  readonly lines: readonly EvidenceLine[];
  readonly latencies: readonly Latency[];
  /** Flows that were driven in an open loop. */
  readonly loads: readonly LoadSummary[];
  /** Messages by consumer, and what of the pacts about them was found; absent where there is no pact. */
  readonly pacts?: readonly PactSummary[];
  /** The smallest workloads under which clauses fail; absent where none was looked for. */
  readonly counterexamples?: readonly Counterexample[];
}

export interface ServiceSummary {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly document: string;
  readonly digest: string;
  readonly flows: readonly FlowSummary[];
}

export interface FlowSummary {
  readonly id: string;
  readonly title: string;
  readonly pattern: string;
  readonly delivery: string;
  readonly senders: readonly string[];
  readonly receivers: readonly string[];
  readonly p99Ms: number;
  readonly peakPerSecond: number;
}

import { failureBound } from './verdict.ts';

/** What came of breaking the harness's own adapters and the bus on purpose, all of the bank that they can have, as it is recorded. */
export interface Calibration {
  /** RFC 3339. */
  readonly calibratedAt: string;
  readonly seed: number;
  readonly versions: { readonly busworthy: string; readonly node: string; readonly natsServer: string };
  /** SHA-256, in hex, of the clauses and of the bank of defects that it was made with. */
  readonly catalogueDigest: string;
  readonly bankDigest: string;
  readonly defects: number;
  /** Defects that were caught by the clause that they name. */
  readonly caught: number;
  readonly healthyRuns: number;
  readonly green: number;
}

/** The last calibration, as a run found it. */
export interface KnownCalibration extends Calibration {
  /** Share of the healthy runs that may be red all the same, upper 95 % bound; absent where one was red, or none was tried. */
  readonly bound?: number;
  /** Why it says nothing of the version that ran; '' where it is of this one. */
  readonly stale: string;
}

/** What a calibration has to be of, to be told as one of this version. */
export type Calibrated = Pick<Calibration, 'catalogueDigest' | 'bankDigest'> & { readonly busworthy: string };

export function known(calibration: Calibration, now: Calibrated): KnownCalibration {
  const { healthyRuns, green } = calibration;
  const changed = [
    ...(calibration.bankDigest === now.bankDigest ? [] : ['the bank of defects has changed since']),
    ...(calibration.catalogueDigest === now.catalogueDigest ? [] : ['it was of another catalogue of clauses']),
    ...(calibration.versions.busworthy === now.busworthy
      ? []
      : [`it was of version ${calibration.versions.busworthy}`]),
  ];
  return {
    ...calibration,
    ...(healthyRuns > 0 && green === healthyRuns ? { bound: failureBound(healthyRuns) } : {}),
    stale: changed.join('; '),
  };
}

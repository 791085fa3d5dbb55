/** What mutation testing found, as it is checked in. */
export interface MutationResult {
  readonly versions: Readonly<Record<string, string>>;
  readonly files: readonly FileResult[];
}

export interface FileResult {
  readonly file: string;
  /** SHA-256 of the file that was mutated, in hex: the result is of no other. */
  readonly digest: string;
  readonly commit: string;
  readonly measuredAt: string;
  /** Mutants that a test noticed: one failed, or, told apart, it did not end in time. A machine with much other work makes more of these. */
  readonly killed: number;
  readonly timedOut: number;
  readonly survived: number;
  /** Mutants that no test reaches. They count as survivors. */
  readonly uncovered: number;
  /** Mutants of what is worked out when a module is loaded: not tried. */
  readonly ignored: number;
  readonly survivors: readonly Survivor[];
}

export interface Survivor {
  readonly line: number;
  readonly source: string;
  readonly mutator: string;
  readonly replacement: string;
  readonly uncovered?: true;
}

/** Share of the mutants that were noticed, in per cent. */
export function scoreOf(files: readonly FileResult[]): number {
  const sum = (of: (file: FileResult) => number): number => files.reduce((all, file) => all + of(file), 0);
  const noticed = sum(({ killed, timedOut }) => killed + timedOut);
  const all = noticed + sum(({ survived, uncovered }) => survived + uncovered);
  return all === 0 ? 0 : (100 * noticed) / all;
}

export function closingLine(measured: readonly FileResult[], files: number): string {
  return `${scoreOf(measured).toFixed(1)} % of the mutants noticed, in ${String(measured.length)} of ${String(files)} files`;
}

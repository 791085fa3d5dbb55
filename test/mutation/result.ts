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
  /** Mutants that a test noticed, by failing or by not ending. */
  readonly killed: number;
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
  const killed = files.reduce((sum, file) => sum + file.killed, 0);
  const all = files.reduce((sum, file) => sum + file.killed + file.survived + file.uncovered, 0);
  return all === 0 ? 0 : (100 * killed) / all;
}

export function closingLine(measured: readonly FileResult[], files: number): string {
  return `${scoreOf(measured).toFixed(1)} % of the mutants noticed, in ${String(measured.length)} of ${String(files)} files`;
}

/** Where in the user's material the reason lies. `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * The kinds of trouble that end a command, each with its exit code. `usage`: the command line; `contract`: a document;
 * `journal`: a journal that cannot be judged; `environment`: server, engine, disk, port; `harness`: our own fault.
 */
export const exitCodes = { usage: 3, contract: 3, journal: 3, environment: 4, harness: 4 } as const;
export type ProblemKind = keyof typeof exitCodes;

/** Anything that a person must mend: what, where, what to do next. It never carries message content. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly place: Place | undefined;
  readonly next: string;

  constructor(kind: ProblemKind, what: string, options: { place?: Place; next: string; cause?: unknown }) {
    super(what, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Problem';
    this.kind = kind;
    this.place = options.place;
    this.next = options.next;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** Several problems found at once, such as every mistake of a document. Its exit code is the worst of theirs. */
export class Problems extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.name = 'Problems';
    this.problems = problems;
  }

  get exitCode(): number {
    return Math.max(...this.problems.map((problem) => problem.exitCode));
  }
}

export function formatPlace(place: Place): string {
  const line = place.line === undefined ? '' : `:${String(place.line)}`;
  return `${place.file}${line}${place.line !== undefined && place.column !== undefined ? `:${String(place.column)}` : ''}`;
}

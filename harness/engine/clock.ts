/** The clock of one trial: the one home of time in the harness. */
export interface Clock {
  /** Wall-clock time of the trial's start, in milliseconds since the epoch. */
  readonly epochMs: number;
  /** Monotonic milliseconds since the trial's start. */
  readonly now: () => number;
  /** `epochMs + now()`: wall-clock time that never jumps within a trial. */
  readonly wall: () => number;
}

export function startClock(): Clock {
  const epochMs = Date.now();
  const start = performance.now();
  const now = (): number => performance.now() - start;
  return { epochMs, now, wall: () => epochMs + now() };
}

/** A clock that stands at 0 until it is started, so that what takes part in a trial can be made ready before its time begins. */
export interface StandingClock extends Clock {
  start(): void;
}

export function standingClock(): StandingClock {
  let started: Clock | undefined;
  return {
    get epochMs() {
      return started?.epochMs ?? Date.now();
    },
    now: () => started?.now() ?? 0,
    wall: () => started?.wall() ?? Date.now(),
    start: () => {
      started ??= startClock();
    },
  };
}

/** The time of day, RFC 3339 in UTC. */
export function timestamp(): string {
  return new Date().toISOString();
}

/** Resolves after so many milliseconds, or at once when the signal is aborted. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true || ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

import type { Output } from './output.ts';

/** How a run ended. */
export interface Exit {
  /** Goes on after the adapter's name: "ended with exit code 3". */
  readonly how: string;
  /** With exit code 0. */
  readonly clean: boolean;
}

/** One life of an instance of an adapter: a process, or a container. */
export interface Run {
  readonly output: Output;
  /** Resolves once nothing of it is left, its last output read; never rejects. */
  readonly exited: Promise<Exit>;
  /** SIGTERM. */
  terminate(): void;
  /** SIGKILL, to all of it. */
  kill(): void;
}

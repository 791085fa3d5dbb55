import { closeSync, openSync, unlinkSync, writevSync } from 'node:fs';
import { Problem } from '../model/errors.ts';
import { tableNames, type History } from '../model/history.ts';
import type { RunHeader, TrialHeader } from '../model/run.ts';
import { encodeRows } from './columns.ts';
import { encodeFrame, frameKinds, magic } from './frame.ts';
import { encodeTexts } from './stored-texts.ts';

export interface TrialEnd {
  readonly durationMs: number;
  /** Wall-clock time of the trial's zero, in milliseconds since the epoch: with the seed it gives every event again. */
  readonly epochMs: number;
}

/**
 * The append-only journal of a run. A trial is written as a header when it starts, and as its tables and an end when it
 * has ended: a trial without an end did not finish, and is never a pass.
 */
export class JournalWriter implements Disposable {
  readonly path: string;
  readonly #descriptor: number;
  #trials = 0;

  /** Makes the file, which must not be there, and writes the run's header. Throws a Problem, as every method does. */
  constructor(path: string, header: RunHeader) {
    this.path = path;
    this.#descriptor = attempt(path, () => openSync(path, 'wx'));
    try {
      this.#write([magic]);
      this.#frame(frameKinds.run, 0, 0, json(header));
    } catch (cause) {
      closeSync(this.#descriptor);
      unlinkSync(path);
      throw cause;
    }
  }

  /** Writes a trial's header and gives its number. */
  begin(header: TrialHeader): number {
    const trial = ++this.#trials;
    this.#frame(frameKinds.trial, 0, trial, json(header));
    return trial;
  }

  end(trial: number, history: History, end: TrialEnd): void {
    for (const texts of encodeTexts(history.texts.list)) this.#frame(frameKinds.texts, 0, trial, texts);
    for (const [index, name] of tableNames.entries()) {
      for (const rows of encodeRows(name, history[name])) this.#frame(frameKinds.rows, index, trial, rows);
    }
    this.#frame(frameKinds.trialEnd, 0, trial, json(end));
  }

  finish(durationMs: number): void {
    this.#frame(frameKinds.runEnd, 0, 0, json({ durationMs }));
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }

  #frame(kind: number, table: number, trial: number, payload: Uint8Array): void {
    this.#write(encodeFrame(kind, table, trial, payload));
  }

  #write(parts: readonly Uint8Array[]): void {
    let left = parts.filter((part) => part.length > 0);
    while (left.length > 0) {
      const pending = left;
      let written = attempt(this.path, () => writevSync(this.#descriptor, pending));
      left = pending.flatMap((part) => {
        const done = Math.min(written, part.length);
        written -= done;
        return done === part.length ? [] : [part.subarray(done)];
      });
    }
  }
}

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');

function attempt<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Problem('environment', `cannot write the journal: ${code}`, {
      place: { file: path },
      next: code === 'EEXIST' ? 'name another folder with --out' : 'give a writable folder with free space with --out',
      cause,
    });
  }
}

/** Work on one thing at a time (R10, R11). */
export class Lanes {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Works once all that came before under any of the names is done; what has other names is worked on beside it.
   * @param wait called where others are before it; what it gives is called when its turn comes
   */
  async run(names: readonly string[], wait: () => () => void, work: () => Promise<void>): Promise<void> {
    const before = names.flatMap((name) => this.#last.get(name) ?? []);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    for (const name of names) this.#last.set(name, done);
    try {
      if (before.length > 0) {
        const stopWaiting = wait();
        await Promise.all(before);
        stopWaiting();
      }
      await work();
    } finally {
      for (const name of names) if (this.#last.get(name) === done) this.#last.delete(name);
      resolve();
    }
  }
}

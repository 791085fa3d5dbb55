/** Work under one name is done one after another, in the order it came; work under different names side by side. */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether anything is at work under one of the names. */
  busy(names: readonly string[]): boolean {
    return names.some((name) => this.#last.has(name));
  }

  /** Starts once all that came before under any of the names has ended. */
  async run<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = names.map((name) => this.#last.get(name)).filter((promise) => promise !== undefined);
    const running = before.length === 0 ? work() : Promise.all(before).then(work);
    const ended = running.then(ignore, ignore);
    for (const name of names) this.#last.set(name, ended);
    try {
      return await running;
    } finally {
      for (const name of names) if (this.#last.get(name) === ended) this.#last.delete(name);
    }
  }
}

function ignore(): void {
  // Who waits in the same lane waits for the end, good or bad.
}

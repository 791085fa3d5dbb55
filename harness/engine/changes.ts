/** Something to wait on: whoever changes the trial's state says so, and whoever waits looks again. */
export class Changes {
  readonly #waiting = new Set<() => void>();

  changed(): void {
    for (const look of this.#waiting) look();
  }

  /** True once the condition holds; false when the time limit or the signal came first. */
  until(condition: () => boolean, limitMs: number, signal?: AbortSignal): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    if (signal?.aborted === true) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (reached: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        signal?.removeEventListener('abort', abandon);
        resolve(reached);
      };
      const look = (): void => {
        if (condition()) end(true);
      };
      const abandon = (): void => {
        end(false);
      };
      const timer = setTimeout(abandon, limitMs);
      signal?.addEventListener('abort', abandon, { once: true });
      this.#waiting.add(look);
    });
  }
}

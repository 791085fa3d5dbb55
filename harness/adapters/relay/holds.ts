interface Hold {
  readonly ms: number;
  readonly released: PromiseWithResolvers<void>;
  began: boolean;
}

/** Instances to which nothing is said on the bus for a while, from when they connect. */
export class Holds {
  readonly #armed = new Map<string, Hold>();

  /** Resolves once what was held back is let go. */
  arm(application: string, instance: number, ms: number): Promise<void> {
    const hold = { ms, released: Promise.withResolvers<void>(), began: false };
    this.#armed.set(nameOf(application, instance), hold);
    return hold.released.promise;
  }

  /** Of an instance that connects: until when nothing is to be said to it; undefined where nothing is held back. */
  begin(application: string, instance: number): Promise<void> | undefined {
    const name = nameOf(application, instance);
    const hold = this.#armed.get(name);
    if (hold === undefined) return undefined;
    if (!hold.began) {
      hold.began = true;
      setTimeout(() => {
        this.#armed.delete(name);
        hold.released.resolve();
      }, hold.ms);
    }
    return hold.released.promise;
  }
}

const nameOf = (application: string, instance: number): string => `${application} ${String(instance)}`;

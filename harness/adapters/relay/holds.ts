interface Hold {
  readonly ms: number;
  /** The consumer that it is about, as `<stream>.<consumer>`; absent where it is about everything. */
  readonly of: string | undefined;
  readonly over: PromiseWithResolvers<void>;
  began: boolean;
}

/** Until when an instance is kept waiting, and for what. */
export interface Silence {
  readonly over: Promise<void>;
  readonly of: string | undefined;
}

/** Instances that the bus keeps waiting when they connect: none of their connections is taken for a while, or nothing is said to them. */
export class Holds {
  readonly #refusals = new Map<string, Hold>();
  readonly #silences = new Map<string, Hold>();

  /** No connection of the instance is taken for so long from its first. Resolves once they are. */
  refuse(application: string, instance: number, ms: number): Promise<void> {
    return armed(this.#refusals, nameOf(application, instance), ms);
  }

  /**
   * Nothing is said to the instance for so long from when it connects, or nothing about the consumer `of`. Resolves once what was held back
   * is let go.
   */
  silence(application: string, instance: number, ms: number, of?: string): Promise<void> {
    return armed(this.#silences, nameOf(application, instance), ms, of);
  }

  /** Whether a connection that an instance makes now is not to be taken. */
  refuses(application: string, instance: number): boolean {
    return begun(this.#refusals, nameOf(application, instance)) !== undefined;
  }

  /** Of an instance that connects: until when nothing is to be said to it; undefined where nothing is held back. */
  silencing(application: string, instance: number): Silence | undefined {
    return begun(this.#silences, nameOf(application, instance));
  }
}

function armed(holds: Map<string, Hold>, name: string, ms: number, of?: string): Promise<void> {
  const hold = { ms, of, over: Promise.withResolvers<void>(), began: false };
  holds.set(name, hold);
  return hold.over.promise;
}

/** The hold of that name, if there is one. Its time begins with the first who asks. */
function begun(holds: Map<string, Hold>, name: string): Silence | undefined {
  const hold = holds.get(name);
  if (hold === undefined) return undefined;
  if (!hold.began) {
    hold.began = true;
    setTimeout(() => {
      holds.delete(name);
      hold.over.resolve();
    }, hold.ms);
  }
  return { over: hold.over.promise, of: hold.of };
}

const nameOf = (application: string, instance: number): string => `${application} ${String(instance)}`;

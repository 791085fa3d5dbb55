import { Problem, Problems, type Place } from '../model/errors.ts';

/** Most mistakes that one reading reports; more would hide the first. */
const mistakeLimit = 50;

/** Gathers every mistake of a document, so that a person meets them at once. */
export class Mistakes {
  readonly #list: Problem[] = [];

  get list(): readonly Problem[] {
    return this.#list;
  }

  /** `what` says what is wrong, without content; `next` what to do about it. */
  add(place: Place, what: string, next: string): void {
    this.addAll([new Problem('contract', what, { place, next })]);
  }

  /** The same said of the same line counts once. */
  addAll(problems: readonly Problem[]): void {
    for (const problem of problems) {
      const known = this.#list.some(
        ({ message, place }) =>
          message === problem.message && place?.file === problem.place?.file && place?.line === problem.place?.line,
      );
      if (!known && this.#list.length < mistakeLimit) this.#list.push(problem);
    }
  }

  /** What `read` gives; undefined where it throws problems, which are gathered. */
  async gather<T>(read: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof Problems) this.addAll(error.problems);
      else if (error instanceof Problem) this.addAll([error]);
      else throw error;
      return undefined;
    }
  }

  throwIfAny(): void {
    if (this.#list.length > 0) throw new Problems(this.#list);
  }
}

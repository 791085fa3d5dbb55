import { SequenceSet } from './sequence-set.ts';

/** Names of changes, by what stands before the sequence: one bit each. */
export class ChangeNames {
  readonly #sequences = new Map<string, SequenceSet>();

  has(name: string): boolean {
    const space = name.lastIndexOf(' ');
    return this.#sequences.get(name.slice(0, space))?.has(Number(name.slice(space + 1))) ?? false;
  }

  /** False where the name was there already. */
  add(name: string): boolean {
    const space = name.lastIndexOf(' ');
    const scope = name.slice(0, space);
    let sequences = this.#sequences.get(scope);
    if (sequences === undefined) this.#sequences.set(scope, (sequences = new SequenceSet()));
    return sequences.add(Number(name.slice(space + 1)));
  }

  remove(name: string): void {
    const space = name.lastIndexOf(' ');
    this.#sequences.get(name.slice(0, space))?.remove(Number(name.slice(space + 1)));
  }
}

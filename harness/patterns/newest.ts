import { parseTime, type CloudEvent } from '../model/event.ts';
import { memoryLimit } from './memory.ts';

/** The `ce-time` of the newest event handed over for each type and key; of most keys, the longest untouched go first. */
export class Newest {
  readonly #times = new Map<string, number>();

  of(event: CloudEvent): number | undefined {
    return this.#times.get(nameOf(event));
  }

  note(event: CloudEvent): void {
    const at = parseTime(event.headers['ce-time']);
    if (at === undefined) return;
    const name = nameOf(event);
    const known = this.#times.get(name) ?? at;
    this.#times.delete(name);
    this.#times.set(name, Math.max(known, at));
    if (this.#times.size <= memoryLimit) return;
    const [oldest] = this.#times.keys();
    if (oldest !== undefined) this.#times.delete(oldest);
  }
}

/** The thing whose last value an event is. */
export function nameOf(event: CloudEvent): string {
  return `${event.headers['ce-type'] ?? ''} ${event.headers['ce-partitionkey'] ?? ''}`;
}

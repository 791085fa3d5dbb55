import type { Event } from './event.ts';
import { parseTime } from './time.ts';

/** The values that were touched last, and no more of them than the port asks for. */
class Recent<T> {
  readonly #values = new Map<string, T>();

  get(name: string): T | undefined {
    return this.#values.get(name);
  }

  put(name: string, value: T): void {
    this.#values.delete(name);
    this.#values.set(name, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > 10_000 && oldest !== undefined) this.#values.delete(oldest);
  }
}

/** Events that were accepted (R3, S4): source and id, with a digest of type and body. */
export class Memory {
  readonly #digests = new Recent<string>();

  recall(event: Event): 'same' | 'other' | 'unknown' {
    const known = this.#digests.get(event.messageId);
    if (known === undefined) return 'unknown';
    return known === event.digest ? 'same' : 'other';
  }

  remember(event: Event): void {
    this.#digests.put(event.messageId, event.digest);
  }
}

/** R5: the `ce-time` of the newest event handed over for each type and key. */
export class Newest {
  readonly #times = new Recent<number>();

  outdated(event: Event): boolean {
    const [known, time] = [this.#times.get(valueName(event)), parseTime(event.get('ce-time'))];
    return known !== undefined && time !== undefined && time < known;
  }

  note(event: Event): void {
    const time = parseTime(event.get('ce-time'));
    if (time !== undefined)
      this.#times.put(valueName(event), Math.max(time, this.#times.get(valueName(event)) ?? time));
  }
}

/** What an event of a last-value flow is the value of. */
export const valueName = (event: Event): string => `${event.get('ce-type')} ${event.get('ce-partitionkey')}`;

import { Problem } from '../../model/errors.ts';
import type { Flow, Message, Receiver } from '../../model/flow.ts';
import { valuesAt, withValueAt } from '../../model/json.ts';
import { notOfSubjects } from '../../model/subject.ts';
import { drawField, fieldsOf } from '../events/header-field.ts';
import { acceptsHeader, drawHeader, headerFaults } from '../events/header-schema.ts';
import { accepts, samplePayload } from '../events/schemas.ts';
import type { Random } from '../random.ts';
import { wantedOf } from './filters.ts';
import { uuid } from './ids.ts';

/** Draws in a row that give no new key, after which all that there are have been used. */
const mostKnownKeys = 200;

/** The keys of one workload's events, such as valid payloads have them; distinct ones as long as there are any. */
export class Keys {
  readonly #flow: Flow;
  readonly #random: Random;
  /** Keys that were given out, and how often. */
  readonly #given = new Map<string, number>();

  constructor(flow: Flow, random: Random) {
    this.#flow = flow;
    this.#random = random;
  }

  /** The key of an event with an id, for a receiver; '' for none. */
  of(message: Message, id: string, receiver: Receiver): string {
    const { key } = this.#flow;
    if (key === undefined) return drawField(message, 'ce-partitionkey', this.#random) ?? this.#headerKey(message);
    return fieldsOf(message, 'ce-id').includes(key) ? id : this.fresh(message, receiver);
  }

  /** A key that was not used before; where all there are were used, the one that was used least. Where there is none, a Problem. */
  fresh(message: Message, to?: Receiver): string {
    const wanted = wantedOf(this.#flow, to, 'ce-partitionkey');
    for (let tries = 0; tries < mostKnownKeys; tries++) {
      const key = wanted === undefined ? this.#drawn(message) : this.#random.pick(wanted);
      if (key !== undefined && !this.#given.has(key)) {
        this.#given.set(key, 1);
        return key;
      }
    }
    const [least] = [...this.#given].filter(([key]) => wanted?.includes(key) ?? true).toSorted((a, b) => a[1] - b[1]);
    if (least === undefined) {
      throw new Problem('contract', `no key of ${this.#flow.id} can be made for ${message.name}`, {
        next: `let ${this.#flow.key ?? 'the key'} and ce-partitionkey allow one of letters, digits, /, _, = and -`,
      });
    }
    this.#given.set(least[0], least[1] + 1);
    return least[0];
  }

  /** A key that orders nothing, where the header schema asks for one. */
  #headerKey(message: Message): string {
    const asked = headerFaults(message, {}).has('ce-partitionkey');
    return asked ? (drawHeader(message, 'ce-partitionkey', this.#random.seed()) ?? '') : '';
  }

  /** The key of a valid payload, as it can stand in a subject; undefined where it cannot. */
  #drawn(message: Message): string | undefined {
    if (this.#flow.key === undefined) return uuid(this.#random);
    const payload = samplePayload(message, this.#random.seed());
    const found = valuesAt(payload, this.#flow.key)[0];
    if (typeof found !== 'string' && typeof found !== 'number') return undefined;
    const key = Array.from(String(found), (character) => (notOfSubjects.test(character) ? 'x' : character)).join('');
    if (key === '' || !acceptsHeader(message, 'ce-partitionkey', key)) return undefined;
    return key === String(found) || accepts(message, withValueAt(payload, this.#flow.key, key)) ? key : undefined;
  }
}

import type { Settlement } from '../model/audit.ts';
import { SequenceSet } from './sequence-set.ts';

interface End {
  readonly stream: string;
  readonly application: string;
  readonly sequence: number;
  readonly how: Settlement;
  readonly reason: string;
  readonly deliveries: number;
}

/** Which messages each application has settled: the first end that the server tells of counts, any later one is late. */
export class SettledMessages {
  readonly #sequences = new Map<string, SequenceSet>();
  /** Ends that an earlier run recorded and may not have acted on; the server may tell of them again. */
  readonly #recalled = new Set<string>();

  /** Whether the message was settled before. The same end, told again after a restart, is not "before". */
  mark(end: End): boolean {
    if (this.#recalled.delete(wholeName(end))) return false;
    return !this.#of(end).add(end.sequence);
  }

  /** Takes a mark back, since what should follow from it failed. */
  forget(end: End): void {
    this.#of(end).remove(end.sequence);
  }

  /** Takes over an end from the audit trail. */
  recall(end: End): void {
    this.#of(end).add(end.sequence);
    if (end.how === 'rejected' || end.how === 'exhausted') this.#recalled.add(wholeName(end));
  }

  #of({ stream, application }: End): SequenceSet {
    const key = `${stream} ${application}`;
    let sequences = this.#sequences.get(key);
    if (sequences === undefined) this.#sequences.set(key, (sequences = new SequenceSet()));
    return sequences;
  }
}

const wholeName = (end: End): string =>
  [end.stream, end.application, String(end.sequence), end.how, String(end.deliveries), end.reason].join(' ');

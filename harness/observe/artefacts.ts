import type { HistoryBuilder, RowOf } from '../model/history.ts';
import type { Scanner } from './scan/scanner.ts';

type Kind = RowOf<'scan'>['kind'];

/** So much of an artefact is gathered before it is searched; longer ones are searched in parts. */
const partBytes = 1024 ** 2;

interface Gathered {
  parts: string[];
  length: number;
  bytes: number;
  hits: number;
  control: boolean;
  skipped: number;
  unread: number;
  readonly found: Set<string>;
}

/** Texts of a trial that may hold no content, gathered by kind and searched for canaries. */
export class Artefacts {
  readonly #scanner: Scanner;
  readonly #kinds = new Map<Kind, Gathered>();

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  add(kind: Kind, text: string): void {
    let gathered = this.#kinds.get(kind);
    if (gathered === undefined) {
      gathered = { parts: [], length: 0, bytes: 0, hits: 0, control: true, skipped: 0, unread: 0, found: new Set() };
      this.#kinds.set(kind, gathered);
    }
    gathered.parts.push(text);
    gathered.length += text.length + 1;
    if (gathered.length >= partBytes) this.#search(gathered);
  }

  /** One row a kind, kinds of which there was nothing included: nothing was searched in those, and the row says so. */
  write(history: HistoryBuilder, at: number, kinds: readonly Kind[]): void {
    for (const kind of kinds) this.add(kind, '');
    for (const [kind, gathered] of this.#kinds) {
      this.#search(gathered);
      history.append('scan', {
        at,
        artefact: `${kind} of the trial`,
        kind,
        bytes: gathered.bytes,
        encodings: this.#scanner.encodings,
        canaries: this.#scanner.canaries,
        hits: gathered.hits,
        control: gathered.control && gathered.unread === 0 ? 'yes' : 'no',
        detail: detailOf(gathered),
      });
    }
  }

  #search(gathered: Gathered): void {
    const result = this.#scanner.scan(Buffer.from(gathered.parts.join('\n'), 'utf8'));
    gathered.parts = [];
    gathered.length = 0;
    gathered.bytes += result.bytes;
    gathered.hits += result.hits;
    gathered.control &&= result.control;
    gathered.skipped = result.skipped;
    gathered.unread += result.unread;
    for (const name of result.found) gathered.found.add(name);
  }
}

function detailOf({ found, skipped, unread }: Gathered): string {
  const inEncodings = found.size === 0 ? [] : [`found in ${[...found].join(', ')}`];
  const tooShort = skipped === 0 ? [] : [`${String(skipped)} too short to be looked for`];
  const tooLarge = unread === 0 ? [] : [`${String(unread)} compressed parts too large to look into`];
  return [...inEncodings, ...tooShort, ...tooLarge].join('; ');
}

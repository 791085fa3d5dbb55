import { encodings } from './encodings.ts';
import { gzipMembers } from './members.ts';
import { folded, gramLength, ManyPatterns } from './search.ts';

/** A text that nobody sends: planted in a copy of each artefact in every encoding, it must be found there. */
const control = 'busworthy-control-Q7RZ4MXK2T';
/** Gzip inside gzip is looked into this deep. */
const maxDepth = 3;

interface Pattern {
  /** Index of the canary; -1 for the control. */
  readonly canary: number;
  readonly encoding: number;
}

export interface ScanResult {
  readonly bytes: number;
  /** Canaries that were found, each counted once. */
  readonly hits: number;
  /** Encodings that they were found in, by name. */
  readonly found: readonly string[];
  /** Whether the control was found in every encoding. */
  readonly control: boolean;
  /** Canaries too short to be looked for: they would be found by chance. */
  readonly skipped: number;
  /** Gzip members too large to be unpacked: nobody can say what is in them. */
  readonly unread: number;
}

/** Looks for canaries in artefacts, in every encoding at once. Made once for a trial's canaries. */
export class Scanner {
  readonly encodings = encodings.length;
  readonly canaries: number;
  readonly #skipped: number;
  readonly #folded: ManyPatterns<Pattern>;
  readonly #exact: ManyPatterns<Pattern>;
  readonly #planted: Uint8Array;

  constructor(canaries: Iterable<string>) {
    const needles = [...new Set([...canaries].map(needleOf))];
    const usable = needles.filter((needle) => Buffer.byteLength(needle) >= minNeedleBytes);
    this.canaries = usable.length;
    this.#skipped = needles.length - usable.length;
    const all = [...usable.map((text, canary) => ({ text, canary })), { text: control, canary: -1 }];
    this.#folded = patternsOf(all, true);
    this.#exact = patternsOf(all, false);
    this.#planted = Buffer.concat(encodings.flatMap(({ plant }) => [Buffer.from('\n'), plant(control)]));
  }

  /** Searches an artefact. The control is put behind a copy of it, so that only a search that reaches the end finds it. */
  scan(artefact: Uint8Array): ScanResult {
    const seen = new Map<number, Set<number>>();
    const unread = this.#search(Buffer.concat([artefact, this.#planted]), 0, seen);
    const controls = seen.get(-1) ?? new Set<number>();
    seen.delete(-1);
    const found = new Set([...seen.values()].flatMap((inEncodings) => [...inEncodings]));
    return {
      bytes: artefact.length,
      hits: seen.size,
      found: [...found].map((index) => encodings[index]?.name ?? ''),
      control: encodings.every((_, index) => controls.has(index)),
      skipped: this.#skipped,
      unread,
    };
  }

  /** Whether a short text holds a canary in any encoding. */
  hit(text: string): boolean {
    let hit = false;
    const bytes = Buffer.from(text, 'utf8');
    const note = ({ canary }: Pattern): void => void (hit ||= canary >= 0);
    this.#folded.search(folded(bytes), note);
    this.#exact.search(bytes, note);
    return hit;
  }

  /** Notes what is found, with its encodings; gives how many members it could not look into. */
  #search(bytes: Uint8Array, depth: number, seen: Map<number, Set<number>>): number {
    const note = (canary: number, encoding: number): void => {
      let inEncodings = seen.get(canary);
      if (inEncodings === undefined) seen.set(canary, (inEncodings = new Set()));
      inEncodings.add(encoding);
    };
    const wrapped = depth > 0 ? gzipEncoding : undefined;
    this.#exact.search(bytes, ({ canary, encoding }) => note(canary, wrapped ?? encoding));
    this.#folded.search(folded(bytes), ({ canary, encoding }, at) => {
      note(canary, wrapped ?? encoding);
      if (canary < 0 && wrapped === undefined && encoding === rawEncoding && isUpper(bytes, at))
        note(canary, upperEncoding);
    });
    const { unpacked, tooLarge } = gzipMembers(bytes);
    if (depth === maxDepth) return unpacked.length + tooLarge;
    return unpacked.reduce((unread, member) => unread + this.#search(member, depth + 1, seen), tooLarge);
  }
}

const indexOf = (name: string): number => encodings.findIndex((encoding) => encoding.name === name);
const rawEncoding = indexOf('raw');
const upperEncoding = indexOf('upper case');
const gzipEncoding = indexOf('gzip');

/** Below this a needle is found by chance in a large artefact, or has no base64 form of its own. */
const minNeedleBytes = 8;

/**
 * What is looked for of a canary: the random word at its end where it has one, since what copies content may cut the rest
 * off or write it otherwise; else the whole.
 */
function needleOf(canary: string): string {
  const word = canary.split(/\s+/).at(-1) ?? '';
  return /^[A-Za-z0-9]{10,}$/.test(word) && /\d/.test(word) && /[A-Za-z]/.test(word) ? word : canary;
}

function patternsOf(
  needles: readonly { readonly text: string; readonly canary: number }[],
  ofFolded: boolean,
): ManyPatterns<Pattern> {
  const made = new Map<string, { bytes: Uint8Array; value: Pattern }>();
  for (const { text, canary } of needles) {
    for (const [encoding, { folded: isFolded, patterns }] of encodings.entries()) {
      if (isFolded !== ofFolded) continue;
      for (const pattern of patterns(text)) {
        const bytes = Buffer.from(ofFolded ? asciiFolded(pattern) : pattern, 'utf8');
        // One needle may have the same form in several encodings; the control counts in each of them.
        const key = `${String(canary)} ${canary < 0 ? String(encoding) : ''} ${bytes.toString('latin1')}`;
        if (bytes.length >= gramLength && !made.has(key)) made.set(key, { bytes, value: { canary, encoding } });
      }
    }
  }
  return new ManyPatterns(made.values());
}

const asciiFolded = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Whether what stands at a place has its control's letters in upper case. */
function isUpper(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] ?? 0;
  return first >= 0x41 && first <= 0x5a;
}

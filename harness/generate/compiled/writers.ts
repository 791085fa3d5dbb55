/** A writer for each place of a schema. */
import { liveOptions, smallestAt, type Build, type BuiltMember, type Node, type Option } from '../schema/index.ts';
import { size } from './distribution.ts';
import { writeNumbers } from './numbers.ts';
import type { Output, Write } from './output.ts';
import { writePlainText } from './text.ts';
import { encoded, writeOneOf, writeVariants } from './variants.ts';

/** Objects and arrays in one value; past it everything is as small as can be. */
const MAX_VISITS = 400;
/** How often a place may stand inside itself before the smallest is taken. */
const MAX_DEPTH = 3;
/** One in so many values is of a type that no keyword speaks about; one text in so many is not plain. */
const RARELY = 20;
const NOT_PLAIN = 8;

const PLAIN = /^[a-zA-Z0-9 ]*$/;
const COMMA = 0x2c;

export class Writers {
  readonly #variants: number;
  readonly #known = new Map<Node, Write>();
  /** Kinds of option that are written from variants, by their place in the schema. */
  readonly fallbacks: { readonly schemaPath: string; readonly kind: string }[] = [];

  constructor(variants: number) {
    this.#variants = variants;
  }

  of(node: Node): Write {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    // A place inside itself finds this one, which is complete before anything is written.
    let inner: Write = () => {};
    let depth = 0;
    let smallest: Uint8Array | undefined;
    const guarded: Write = (out) => {
      if (depth >= MAX_DEPTH || out.visits > MAX_VISITS) return out.copy((smallest ??= encoded(smallestAt(node))));
      out.visits += 1;
      depth += 1;
      inner(out);
      depth -= 1;
    };
    this.#known.set(node, guarded);
    const options = liveOptions(node);
    inner = chosen(
      options.map((option) => this.#option(option, node)),
      options.filter((option) => option.meant).length,
    );
    const isLeaf = options.every(({ kind }) => kind !== 'array' && kind !== 'object');
    if (isLeaf) this.#known.set(node, inner);
    return isLeaf ? inner : guarded;
  }

  #option(option: Option, node: Node): Write {
    const build = option.accepts === undefined ? option.build?.() : undefined;
    const written = build === undefined ? undefined : this.#built(build, option);
    if (written !== undefined) return written;
    this.fallbacks.push({ schemaPath: option.alternative.entries[0]?.located.path ?? node.path, kind: option.kind });
    return writeVariants(option, this.#variants);
  }

  #built(build: Build, option: Option): Write | undefined {
    switch (build.kind) {
      case 'values':
        return writeOneOf(build.values);
      case 'numbers':
        return writeNumbers(build);
      case 'text': {
        const plain = writePlainText(build.language);
        if (plain === undefined) return undefined;
        const others = writeVariants(option, this.#variants / 2, (text) => !PLAIN.test(text as string));
        return (out) => ((out.bits() >>> 8) % NOT_PLAIN === 0 ? others(out) : plain(out));
      }
      case 'array':
        return this.#array(build);
      default:
        return this.#object(build);
    }
  }

  #array({ nodes, rest, least, most }: Build & { kind: 'array' }): Write {
    const first = nodes.slice(0, most).map((node) => this.of(node));
    const further = most > nodes.length ? this.of(rest) : undefined;
    return (out) => {
      const length = size(out, least, most);
      const start = out.at;
      for (let index = 0; index < length; index += 1) {
        out.bytes[out.at++] = COMMA;
        const write = first[index] ?? further;
        write?.(out);
      }
      closed(out, start, 0x5b, 0x5d);
    };
  }

  #object({ members, optionals }: Build & { kind: 'object' }): Write {
    const all = members.map((member) => ({
      name: encoder.encode(`,${JSON.stringify(member.name)}:`),
      write: this.of(member.node),
      isRequired: member.isRequired,
    }));
    const isFree = optionals >= members.filter((member) => !member.isRequired).length;
    const included = inclusion(members);
    return (out) => {
      const start = out.at;
      let spare = isFree ? Infinity : optionals;
      let coins = out.bits();
      const tied = included?.(out);
      for (let index = 0; index < all.length; index += 1) {
        const { name, write, isRequired } = all[index] as (typeof all)[number];
        if (!isRequired) {
          if ((index & 31) === 31) coins = out.bits();
          const isIn = tied === undefined ? ((coins >>> (index & 31)) & 1) === 1 && spare > 0 : tied[index] === 1;
          if (!isIn) continue;
          spare -= 1;
        }
        out.copy(name);
        write(out);
      }
      closed(out, start, 0x7b, 0x7d);
    };
  }
}

/** Which members there are, where some need others; undefined where none does. */
function inclusion(members: readonly BuiltMember[]): ((out: Output) => Uint8Array) | undefined {
  if (members.every(({ needs }) => needs.length === 1)) return undefined;
  const needed = members.map(({ needs }) => needs.map((name) => members.findIndex((one) => one.name === name)));
  return (out) => {
    const isIn = new Uint8Array(members.length);
    for (const others of needed) if (out.bits() < 0) for (const one of others) isIn[one] = 1;
    return isIn;
  };
}

const encoder = new TextEncoder();

/** Each member or element was begun with a comma: the first one's becomes the bracket. */
function closed(out: Output, start: number, open: number, close: number): void {
  out.bytes[start] = open;
  if (out.at === start) out.at += 1;
  out.bytes[out.at++] = close;
}

/** One of the options that are meant; now and then any. */
function chosen(options: readonly Write[], meant: number): Write {
  const [only] = options as [Write];
  if (options.length === 1) return only;
  const usual = meant === 0 ? options.length : meant;
  const isMixed = usual < options.length;
  return (out) => {
    const count = isMixed && out.below(RARELY) === 0 ? options.length : usual;
    (options[count === 1 ? 0 : out.below(count)] as Write)(out);
  };
}

/**
 * JSON Schema 2020-12 → a seeded generator that writes valid JSON as bytes: for load, where a value must cost no more than
 * writing it. The values are those of the arbitrary of the same schema (`../schema`), found without a tree of choices, so they
 * do not shrink.
 */
import { placesOf, type SchemaSource } from '../schema/index.ts';
import { Output } from './output.ts';
import { Writers } from './writers.ts';

/** Values of which pages are filled; a longer value gets a page of its own. */
const PAGE_BYTES = 1 << 16;
/** The largest value, in bytes. */
const MAX_BYTES = 1 << 28;

export interface CompileOptions {
  /** Values kept of each place that cannot be written straight (default 256). */
  readonly variants?: number;
}

export interface Generator {
  /** The next value as UTF-8, without white space. It is never written to again; it keeps its page of 64 KiB alive. */
  readonly next: () => Uint8Array;
}

export interface Compiled {
  /** The same values in the same order for the same seed, whatever was drawn from others. */
  readonly generator: (seed: number) => Generator;
  /** Places in the schema whose values are chosen from a number that were made beforehand. */
  readonly fallbacks: readonly { readonly schemaPath: string; readonly kind: string }[];
}

/** @throws {SchemaError} as `valid` does: of what cannot be generated from */
export function compile(source: SchemaSource, { variants = 256 }: CompileOptions = {}): Compiled {
  const writers = new Writers(variants);
  const write = writers.of(placesOf(source));
  return {
    fallbacks: writers.fallbacks,
    generator: (seed) => {
      const out = new Output(new Uint8Array(PAGE_BYTES), seed);
      const begin = (bytes: Uint8Array): void => {
        out.bytes = bytes;
        out.at = 0;
      };
      const next = (): Uint8Array => {
        const { s0, s1 } = out;
        let start = out.at;
        for (let room = PAGE_BYTES; ; room *= 2) {
          out.visits = 0;
          write(out);
          if (out.at <= out.bytes.length) return out.bytes.subarray(start, out.at);
          if (room > MAX_BYTES) throw new RangeError(`a value has more than ${MAX_BYTES} bytes`);
          begin(new Uint8Array(room));
          out.s0 = s0;
          out.s1 = s1;
          start = 0;
        }
      };
      return { next };
    },
  };
}

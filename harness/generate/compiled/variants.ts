/** Values that were made, and so proved, before: what cannot be written straight is taken from them. */
import { sampleDrawn, type JsonValue, type Option } from '../schema/index.ts';
import type { Write } from './output.ts';

/** Bytes of all variants of one place. */
const MAX_BYTES = 1 << 20;
const SEED = 1;

const encoder = new TextEncoder();
export const encoded = (value: JsonValue): Uint8Array => encoder.encode(JSON.stringify(value));

export function writeOneOf(values: readonly JsonValue[]): Write {
  const variants = values.map(encoded);
  const [only] = variants as [Uint8Array];
  if (variants.length === 1) return (out) => out.copy(only);
  return (out) => out.copy(variants[out.below(variants.length)] as Uint8Array);
}

/** `count` values of the option, those that are wanted among them where there are any; fewer where they are large. */
export function writeVariants(
  option: Option,
  count: number,
  isWanted: (value: JsonValue) => boolean = () => true,
): Write {
  const values: JsonValue[] = [];
  let bytes = 0;
  for (let drawn = 0; drawn < count && bytes < MAX_BYTES; drawn += 16) {
    const more = sampleDrawn(option.draw as NonNullable<Option['draw']>, SEED + drawn, 16);
    for (const value of more) bytes += JSON.stringify(value).length;
    values.push(...more);
  }
  const wanted = values.filter(isWanted);
  return writeOneOf(wanted.length > 0 ? wanted : values);
}

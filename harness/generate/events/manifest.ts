import type { Message } from '../../model/flow.ts';
import { isJsonObject, valuesAt, withValueAt, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { PlannedContent } from '../../model/workload.ts';
import type { Random } from '../random.ts';
import { digestOf } from './content.ts';
import { accepts, samplePayload } from './schemas.ts';

/** Sizes of contents, in bytes. The largest takes two chunks of an object store (128 KiB), so that their order matters. */
export const contentSizes = [1024, 16_384, 140_000] as const;
/** Most bytes of one content that only the schema of the manifest calls for. */
const mostBytes = 16 * 1024 ** 2;
const mostContents = 50;
const mostDraws = 50;

/** A payload with the manifest of some contents: their sizes and digests, and all else that its items have as it was drawn. */
export function withManifest(payload: JsonValue, contents: readonly PlannedContent[], message: Message): JsonValue {
  const items = valuesAt(payload, '/manifest/*').filter((item) => isJsonObject(item));
  const filled = (named: boolean): JsonValue => {
    const manifest = contents.map((content, at): JsonObject => ({
      ...items[at % Math.max(1, items.length)],
      ...(named ? { name: `item-${String(at)}.bin` } : {}),
      bytes: content.bytes,
      sha256: digestOf(content),
    }));
    return withValueAt(payload, '/manifest', manifest);
  };
  // Names that differ, where they are free to be chosen.
  const named = filled(true);
  return accepts(message, named) ? named : filled(false);
}

/** Contents as the message's manifest allows them: so many of such sizes. Undefined where none were found. */
export function contentsFor(
  message: Message,
  random: Random,
  wanted: readonly number[],
): readonly PlannedContent[] | undefined {
  const own = (seed: number): readonly number[] =>
    valuesAt(samplePayload(message, seed), '/manifest/*/bytes').filter((bytes) => typeof bytes === 'number');
  for (let draw = 0; draw < mostDraws; draw++) {
    const seed = random.seed();
    const drawn = own(seed);
    const count = draw === 0 ? wanted.length : drawn.length;
    if (count === 0 || count > mostContents) continue;
    const choices = [wanted, contentSizes, drawn.map((bytes) => Math.min(bytes, mostBytes))].filter(
      (list) => list.length > 0,
    );
    for (const choice of choices) {
      const contents = Array.from({ length: count }, (_, at) => ({
        bytes: choice[at % choice.length] ?? 0,
        seed: random.seed(),
      }));
      if (manifestFits(message, contents, seed)) return contents;
    }
  }
  return undefined;
}

/** Whether the schema allows a manifest of such contents, whatever stands beside it. */
function manifestFits(message: Message, contents: readonly PlannedContent[], seed: number): boolean {
  const stated = contents.map(({ bytes }) => bytes);
  for (let draw = 0; draw < mostDraws; draw++) {
    const payload = samplePayload(message, seed + draw);
    const items = valuesAt(payload, '/manifest/*').filter((item) => isJsonObject(item));
    if (items.length === 0) continue;
    const manifest = stated.map((bytes, at): JsonObject => ({ ...items[at % items.length], bytes }));
    if (accepts(message, withValueAt(payload, '/manifest', manifest))) return true;
  }
  return false;
}

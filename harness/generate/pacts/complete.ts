import type { Message } from '../../model/flow.ts';
import type { JsonValue } from '../../model/json.ts';
import { overlay } from '../events/overlay.ts';
import { faultsOf, samplePayload, smallestPayload } from '../events/schemas.ts';
import { seedOf } from '../random.ts';

/** Payloads around which an example is tried. */
const mostDraws = 60;

export type Completion =
  | { readonly payload: JsonValue }
  /** What the message's schema says against the example wherever it stands, as `<keyword> <path>`. */
  | { readonly faults: readonly string[] };

/**
 * A valid payload that holds a consumer's example: what the consumer does not look at is drawn from the schema. Where there is none,
 * what the schema says against the example.
 */
export function complete(message: Message, example: JsonValue, seed: number): Completion {
  let common: ReadonlySet<string> | undefined;
  let fewest: readonly string[] | undefined;
  for (let draw = 0; draw <= mostDraws; draw++) {
    const base =
      draw < mostDraws ? samplePayload(message, seedOf(seed, `complete ${String(draw)}`)) : smallestPayload(message);
    const payload = overlay(base, example);
    const faults = faultsOf(message, payload);
    if (faults.length === 0) return { payload };
    const now = new Set(faults);
    common = common === undefined ? now : common.intersection(now);
    if (fewest === undefined || faults.length < fewest.length) fewest = faults;
  }
  return { faults: common === undefined || common.size === 0 ? (fewest ?? []) : [...common] };
}

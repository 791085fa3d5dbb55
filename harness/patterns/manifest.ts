import { valuesAt, isJsonObject } from '../model/json.ts';
import type { CloudEvent } from '../model/event.ts';
import { payloadOf } from '../model/payload.ts';

/** One entry of a bundle's manifest: what the object must be. */
export interface Item {
  /** Position in the manifest, from 0. */
  readonly index: number;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** The items of an event's manifest; none where it has no manifest. */
export function itemsOf(event: CloudEvent): readonly Item[] {
  return valuesAt(payloadOf(event), '/manifest/*')
    .filter(isJsonObject)
    .map(({ bytes, sha256 }, index) => ({
      index,
      bytes: Number(bytes),
      sha256: typeof sha256 === 'string' ? sha256.toLowerCase() : '',
    }));
}

/** Name of the object that holds an item's content. */
export function objectName(event: CloudEvent, item: Item): string {
  return `${event.headers['ce-id'] ?? ''}/${String(item.index)}`;
}

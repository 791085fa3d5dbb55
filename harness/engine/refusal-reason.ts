import { isJsonObject } from '../model/json.ts';
import type { RowOf } from '../model/history.ts';
import { payloadOf } from '../model/payload.ts';

/** What a refusal gives as its reason, in `code` or `reasonCodes`; any other word is content, and is not kept. */
export function refusalReason(body: Uint8Array): RowOf<'send'>['replyReason'] {
  const payload = payloadOf({ headers: {}, body });
  if (!isJsonObject(payload)) return 'other';
  const { code, reasonCodes } = payload;
  const said = code ?? (Array.isArray(reasonCodes) ? (reasonCodes as readonly unknown[])[0] : undefined);
  return (['invalid', 'rejected', 'unavailable'] as const).find((word) => word === said) ?? 'other';
}

import { expectedOf, type PactPart } from '../../model/pact.ts';

/** Headers whose values belong to the event and its trial, whatever an example has. */
const ownOfEvent: ReadonlySet<string> = new Set([
  'ce-specversion',
  'ce-id',
  'ce-type',
  'ce-time',
  'ce-datacontenttype',
  'ce-dataschema',
  'ce-causationid',
  'ce-partitionkey',
  'ce-sequence',
  'ce-expirytime',
]);

/** The headers of a part's example that a consumer's or an asker's message may carry as they are. */
export function expectedHeaders(part: PactPart): Record<string, string> {
  return Object.fromEntries(Object.entries(expectedOf(part).headers).filter(([name]) => !ownOfEvent.has(name)));
}

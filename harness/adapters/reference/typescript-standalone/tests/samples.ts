import { join } from 'node:path';

import { Contract, type Flow } from '../adapter/contract.ts';
import { Event } from '../adapter/event.ts';

export const folder = join(import.meta.dirname, 'contract');
export const contract = Contract.read(join(folder, 'asyncapi.yaml'));

export function flow(channel: string): Flow {
  const found = contract.flow(channel);
  if (found === undefined) throw new TypeError(`no channel ${channel}`);
  return found;
}

const sound = {
  'ce-specversion': '1.0',
  'ce-id': 'L1',
  'ce-source': 'urn:desk',
  'ce-type': 'BookLent',
  'ce-time': '2026-01-01T00:00:00Z',
  'ce-datacontenttype': 'application/json',
  'ce-dataschema': 'urn:library:BookLent:1',
  'ce-correlationid': 'C1',
  'ce-classification': 'OFFICIAL',
};

/** An event that is sound unless told otherwise; a header of undefined is left out. */
export function event(
  body: string | Uint8Array = '{"loan":"L1","shelf":"A/1"}',
  headers: Readonly<Record<string, string | undefined>> = {},
): Event {
  const given = Object.entries({ ...sound, ...headers }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return new Event(Object.fromEntries(given), Buffer.from(body));
}

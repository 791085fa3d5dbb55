import { messageOf, type Flow } from '../../model/flow.ts';
import type { PlannedMessage } from '../../model/workload.ts';
import { acceptsHeader } from '../events/header-schema.ts';
import { mayBeId } from './ids.ts';

/** The id of a planned message with the case of its letters turned, where its contract allows that: another id. */
export function otherCase(flow: Flow, { id, type }: PlannedMessage): string | undefined {
  const turned = id === id.toLowerCase() ? id.toUpperCase() : id.toLowerCase();
  return turned !== id && mayBeId(messageOf(flow, type), turned) ? turned : undefined;
}

/** Another source than a planned message's application names itself by, where its contract allows one. */
export function otherSource(flow: Flow, { type, application }: PlannedMessage): string | undefined {
  const source = `urn:application:${application}:second`;
  return acceptsHeader(messageOf(flow, type), 'ce-source', source) ? source : undefined;
}

import type { CloudEvent } from '../model/event.ts';
import { noticeSubject } from '../model/names.ts';
import type { Port } from './pattern.ts';
import { publish } from './publish.ts';

const patience = { waitMs: 2000, repeats: 3 };

/** Reports an event: its attributes and a reason, without its body. False where the bus did not take the report. */
export async function notify(port: Port, event: CloudEvent, reason: string): Promise<boolean> {
  const note = port.steps.notice(event, reason);
  if (note === undefined) return true;
  const publication = { subject: noticeSubject(port.application), body: note.body, headers: () => note.headers };
  const outcome = await publish(port, publication, patience);
  if (outcome.kind === 'stored') return true;
  port.log(`notice ${reason} not stored: ${outcome.kind}`);
  return false;
}

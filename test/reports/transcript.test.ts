import { describe, expect, it } from 'vitest';

import { HistoryBuilder, type PartialRow } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import { transcript } from '../../reports/transcript.ts';

const place = { stream: 'TASKS', sequence: 3 };

/** A task that its receiver's adapter gives up though the application was only busy. */
function history({ relayed = true, wpi = 0 } = {}): HistoryBuilder {
  const builder = new HistoryBuilder();
  builder.append('planned', { type: 'Other', id: 'o-1', application: 'custody', bytes: 9 });
  builder.append('planned', { type: 'Task', id: 't-1', application: 'custody', key: 'k', bytes: 1204, sequence: NONE });
  builder.append('send', { at: 10, done: 22, message: 1, application: 'custody', status: 202 });
  builder.append('stored', { at: 60, storedAt: 20, message: 1, ...place, subject: 'tasks.Task' });
  if (relayed) {
    const wire = (row: PartialRow<'wire'>): number => builder.append('wire', { application: 'forensic', ...row });
    wire({ at: 30, what: 'delivery', message: 1, ...place, deliveries: 1, bytes: 1400 });
    wire({ at: 31, what: 'delivery', message: 0, stream: 'TASKS', sequence: 4, deliveries: 1, bytes: 1 });
    for (let time = 0; time < wpi; time++)
      wire({ at: 40 + time, what: 'acknowledgement', message: NONE, ...place, deliveries: 1, verb: 'in-progress' });
    wire({
      at: 200,
      what: 'acknowledgement',
      message: NONE,
      ...place,
      deliveries: 1,
      verb: 'term',
      reason: 'rejected',
    });
  }
  builder.append('delivery', { at: 32, done: 112, message: 1, application: 'forensic', status: 503 });
  const settled = { ...place, application: 'forensic', deliveries: 1, verb: 'term', reason: 'rejected' } as const;
  builder.append('acknowledgement', { at: 201, ...settled });
  builder.append('deadLetter', { at: 210, message: 1, application: 'forensic', reason: 'rejected', attempts: 1 });
  return builder;
}

const dead = { table: 'deadLetter', row: 0 } as const;

describe('a transcript', () => {
  it('tells in the order of time what travelled with the message of a failure, and of no other', () => {
    expect(transcript(history().history(), [dead])).toEqual([
      'Task t-1 of custody, body 1,204 bytes, key k',
      '   10.0 ms  custody   application -> adapter  POST /: 202 after 12 ms',
      '   20.0 ms            bus                     stored as TASKS 3, tasks.Task',
      '   30.0 ms  forensic  bus -> adapter          TASKS 3, delivery 1, 1,400 bytes',
      '   32.0 ms  forensic  adapter -> application  POST /: 503 after 80 ms',
      '  200.0 ms  forensic  adapter -> bus          +TERM rejected of delivery 1',
      '  210.0 ms  forensic  bus                     dead letter, rejected, attempts 1',
    ]);
  });

  it('has from the bus what was acknowledged where no relay stood', () => {
    const lines = transcript(history({ relayed: false }).history(), [dead]);
    expect(lines).toContain('  201.0 ms  forensic  adapter -> bus          +TERM rejected of delivery 1');
    expect(lines.join('\n')).not.toContain('bus -> adapter');
  });

  it('finds the message by its place in a stream, and each once', () => {
    const [heading, ...rest] = transcript(history().history(), [
      { table: 'acknowledgement', row: 0 },
      { table: 'planned', row: 1 },
      dead,
    ]);
    expect(heading).toMatch(/^Task t-1/);
    expect(rest.filter((line) => !line.startsWith(' '))).toEqual([]);
  });

  it('of very much has the beginning and the end', () => {
    const lines = transcript(history({ wpi: 40 }).history(), [dead]);
    expect(lines.length).toBeLessThan(20);
    expect(lines.join('\n')).toMatch(/202 after.*\.\.\. 30 more \.\.\..*dead letter/s);
  });

  it('is empty where a failure is about no message', () => {
    const builder = history();
    builder.append('lifecycle', { at: 1, application: 'forensic', change: 'crashed' });
    expect(transcript(builder.history(), [{ table: 'lifecycle', row: 0 }])).toEqual([]);
  });
});

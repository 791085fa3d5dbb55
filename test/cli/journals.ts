import { rm } from 'node:fs/promises';
import { readJournal, type JournalTrial } from '../../harness/evidence/journal-reader.ts';
import { JournalWriter } from '../../harness/evidence/journal-writer.ts';

/** Writes a journal again with its trials changed, whole and with right checksums: what somebody has made of it. */
export async function rewritten(from: string, to: string, change: (trial: JournalTrial) => void): Promise<string> {
  const journal = readJournal(from);
  await rm(to, { force: true });
  using writer = new JournalWriter(to, journal.header);
  for (const trial of journal.trials) {
    change(trial);
    const number = writer.begin(trial.header);
    if (trial.end !== undefined) writer.end(number, trial.history, trial.end);
  }
  writer.finish(journal.durationMs ?? 0);
  return to;
}

/** Offsets at which the blocks of a journal begin, and where it ends. */
export function blocks(bytes: Buffer): readonly number[] {
  const offsets = [8];
  for (let at = 8; at < bytes.length;) {
    const payload = bytes.readUInt32LE(at);
    at += 16 + payload + ((8 - (payload % 8)) % 8);
    offsets.push(at);
  }
  return offsets;
}

import type * as Fs from 'node:fs';
import { readFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { readJournal } from '../../harness/evidence/journal-reader.ts';
import { JournalWriter } from '../../harness/evidence/journal-writer.ts';
import { runHeader } from '../fixtures/journal.ts';
import { end, Folder, plain, sampleHistory, trialHeader } from './journals.ts';

/** What the disk takes of the next writes, in bytes each; undefined for all of it, 'full' for none. */
const disk = vi.hoisted(() => ({ takes: undefined as number | 'full' | undefined }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  return {
    ...fs,
    writevSync: (descriptor: number, parts: readonly Uint8Array[]): number => {
      if (disk.takes === 'full') throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      if (disk.takes === undefined) return fs.writevSync(descriptor, parts);
      return fs.writeSync(descriptor, Buffer.concat(parts).subarray(0, disk.takes));
    },
  };
});

const folder = new Folder();
afterAll(() => {
  folder[Symbol.dispose]();
});
beforeEach(() => {
  disk.takes = undefined;
});

const history = sampleHistory();

test('a journal is the same where the disk takes a few bytes at a time', () => {
  const write = (name: string): Buffer => {
    {
      using writer = new JournalWriter(folder.file(name), runHeader());
      writer.end(writer.begin(trialHeader()), history, end);
      writer.finish(1);
    }
    return readFileSync(folder.file(name));
  };
  const whole = write('whole.bwj');
  disk.takes = 7;
  expect(write('bit-by-bit.bwj').equals(whole)).toBe(true);
});

test('a full disk is a problem of the environment, and what was written before is read', () => {
  const path = folder.file('full.bwj');
  {
    using writer = new JournalWriter(path, runHeader());
    writer.end(writer.begin(trialHeader({ id: 'before' })), history, end);
    const after = writer.begin(trialHeader({ id: 'after' }));
    disk.takes = 'full';
    expect(() => {
      writer.end(after, history, end);
    }).toThrow(
      expect.objectContaining({
        kind: 'environment',
        message: 'cannot write the journal: ENOSPC',
        next: expect.stringContaining('free space') as string,
      }),
    );
  }
  const { trials } = readJournal(path);
  expect(trials.map((trial) => [trial.header.id, trial.end])).toEqual([
    ['before', end],
    ['after', undefined],
  ]);
  expect(trials.map((trial) => plain(trial.history))[0]).toEqual(plain(history));
});

test('a disk that is full at once leaves no file behind', () => {
  const path = folder.file('never.bwj');
  disk.takes = 'full';
  expect(() => new JournalWriter(path, runHeader())).toThrow('ENOSPC');
  expect(() => readFileSync(path)).toThrow('ENOENT');
});

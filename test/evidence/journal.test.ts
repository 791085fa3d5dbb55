import { Buffer } from 'node:buffer';
import { chmodSync, existsSync, truncateSync, writeFileSync } from 'node:fs';
import { crc32, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeRows } from '../../harness/evidence/columns.ts';
import { encodeFrame, frameKinds, magic } from '../../harness/evidence/frame.ts';
import { readJournal, type Journal } from '../../harness/evidence/journal-reader.ts';
import { JournalWriter } from '../../harness/evidence/journal-writer.ts';
import { Problem } from '../../harness/model/errors.ts';
import { tableNames } from '../../harness/model/history.ts';
import { runHeader } from '../fixtures/journal.ts';
import {
  end,
  Folder,
  histories,
  journalOf,
  plain,
  sampleHistory,
  trialHeader,
  written,
  type WrittenTrial,
} from './journals.ts';

const folder = new Folder();
afterAll(() => {
  folder[Symbol.dispose]();
});

const one = trialHeader({ id: 'one' });
const two = trialHeader({ id: 'two' });
const sample: readonly WrittenTrial[] = [
  { header: one, history: sampleHistory('a'), end },
  { header: two, history: sampleHistory('b'), end },
];
const whole = journalOf(sample, { durationMs: 99 });

/** What reading gives: a journal, or the Problem; anything else that is thrown fails the test. */
function reading(path: string): Journal | Problem {
  try {
    return readJournal(path);
  } catch (cause) {
    if (cause instanceof Problem) return cause;
    throw cause;
  }
}

const readBytes = (bytes: Uint8Array): Journal | Problem => reading(written(folder, bytes));

/** A journal as plain data. */
const shown = ({ trials, ...rest }: Journal) => ({
  ...rest,
  trials: trials.map(({ history, ...trial }) => ({ ...trial, history: plain(history) })),
});

const original = shown(readBytes(whole) as Journal);

describe('a journal', () => {
  test('gives back every history that was written, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(histories, { maxLength: 3 }), (list) => {
        const trials = list.map((history, at) => ({ header: trialHeader({ id: String(at) }), history, end }));
        const journal = readBytes(journalOf(trials, { durationMs: 5 })) as Journal;
        expect(journal.brokenAt).toBeUndefined();
        expect(journal.durationMs).toBe(5);
        expect(journal.trials.map(({ header }) => header)).toEqual(trials.map(({ header }) => header));
        expect(journal.trials.map(({ history }) => plain(history))).toEqual(list.map(plain));
      }),
      { numRuns: 60 },
    );
  });

  test('finds a text where it is, and no text that is not there', () => {
    const { history } = (readBytes(whole) as Journal).trials[0] as Journal['trials'][number];
    for (const [at, text] of history.texts.list.entries()) expect(history.texts.find(text)).toBe(at);
    expect(history.texts.find('nowhere')).toBe(0xffffffff);
    expect(history.texts.at(history.texts.length)).toBe('');
  });

  test('gives back a table that was written in several blocks as one', () => {
    const { history } = sample[0] as WrittenTrial;
    const index = tableNames.indexOf('send');
    const blocks = [...encodeRows('send', history.send, 1)];
    expect(blocks.length).toBe(history.send.length);
    const others = frames(journalOf([{ header: one, history, end }])).filter(
      ({ kind, table }) => kind !== frameKinds.rows || table !== index,
    );
    const withBlocks = others.flatMap((frame) => [
      ...(frame.kind === frameKinds.trialEnd
        ? blocks.flatMap((block) => encodeFrame(frameKinds.rows, index, 1, block))
        : []),
      frame.bytes,
    ]);
    const journal = readBytes(Buffer.concat([magic, ...withBlocks])) as Journal;
    expect(plain((journal.trials[0] as Journal['trials'][number]).history)).toEqual(plain(history));
  });

  test('says of a trial that did not end that it did not', () => {
    const journal = readBytes(journalOf([{ header: one, history: sampleHistory() }])) as Journal;
    expect(journal.trials.map(({ end: ended }) => ended)).toEqual([undefined]);
    expect(journal.durationMs).toBeUndefined();
  });
});

describe('a journal that is cut off', () => {
  test('is read to its last whole block at every byte, and nothing is made up', () => {
    const path = written(folder, whole);
    const begin = frames(whole)[1]?.offset ?? 0;
    for (let bytes = whole.length - 1; bytes >= 0; bytes--) {
      truncateSync(path, bytes);
      const result = reading(path);
      if (bytes < begin) {
        expect([bytes, result]).toEqual([bytes, expect.any(Problem)]);
        continue;
      }
      const journal = shown(result as Journal);
      expect(journal.durationMs).toBeUndefined();
      expect(journal.trials.length).toBeLessThanOrEqual(original.trials.length);
      for (const [at, trial] of journal.trials.entries()) {
        const full = original.trials[at];
        expect(trial.header).toEqual(full?.header);
        for (const name of tableNames) expect([[], full?.history[name]]).toContainEqual(trial.history[name]);
        if (trial.end !== undefined) expect(trial).toEqual(full);
      }
      const ends = frames(whole).map((frame) => frame.offset + frame.bytes.length);
      expect(journal.brokenAt === undefined).toBe(ends.includes(bytes));
    }
  });
});

describe('a journal in which one bit has changed', () => {
  test('is never taken for whole, wherever the bit is', () => {
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const result = readBytes(changed);
      if (result instanceof Problem) continue;
      expect([at, result.brokenAt !== undefined && result.brokenAt <= at]).toEqual([at, true]);
      expect(result.durationMs).toBeUndefined();
    }
  });

  test('that is in a length is noticed for every bit', () => {
    for (const { offset } of frames(whole)) {
      for (let bit = 0; bit < 32; bit++) {
        const changed = Buffer.from(whole);
        const at = offset + (bit >> 3);
        changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
        const result = readBytes(changed);
        expect(result instanceof Problem || result.brokenAt === offset).toBe(true);
      }
    }
  });
});

describe('a file that is no journal', () => {
  const header = Buffer.from(JSON.stringify(runHeader()));
  const framed = (...parts: readonly (readonly Uint8Array[])[]): Buffer => Buffer.concat([magic, ...parts.flat()]);
  const begun = [
    encodeFrame(frameKinds.run, 0, 0, header),
    encodeFrame(frameKinds.trial, 0, 1, Buffer.from('{}')),
  ] as const;
  const files: Readonly<Record<string, Uint8Array>> = {
    'an empty file': Buffer.alloc(0),
    'a text': Buffer.from('this is no journal, and goes on for a while without being one'),
    'a gzip of a journal': gzipSync(whole),
    'a journal of another version': Buffer.concat([Buffer.from('BUSWJNL2'), whole.subarray(8)]),
    'the magic bytes alone': magic,
    'a huge length': Buffer.concat([magic, Buffer.alloc(16, 0xff), whole]),
    'zeros after the magic bytes': Buffer.concat([magic, Buffer.alloc(4096)]),
    'another format': framed(encodeFrame(frameKinds.run, 0, 0, Buffer.from('{"format":2}'))),
    'a header that is null': framed(encodeFrame(frameKinds.run, 0, 0, Buffer.from('null'))),
    'a header that is no JSON': framed(encodeFrame(frameKinds.run, 0, 0, Buffer.from('{'))),
    'rows of no trial': framed(begun[0], encodeFrame(frameKinds.rows, 0, 3, Buffer.alloc(8))),
    'rows of an unknown table': framed(...begun, encodeFrame(frameKinds.rows, 250, 1, Buffer.alloc(8))),
    'fewer rows than it says': framed(
      ...begun,
      encodeFrame(frameKinds.rows, 0, 1, Buffer.from([9, 0, 0, 0, 0, 0, 0, 0])),
    ),
    'texts that end before they begin': framed(
      ...begun,
      encodeFrame(frameKinds.texts, 0, 1, Buffer.from(Uint32Array.of(2, 4, 1, 0).buffer)),
    ),
    'more texts than it has': framed(
      ...begun,
      encodeFrame(frameKinds.texts, 0, 1, Buffer.from(Uint32Array.of(0xffffffff).buffer)),
    ),
    'a block of an unknown kind': framed(...begun, encodeFrame(77, 0, 1, Buffer.alloc(8))),
    'a trial that begins twice': framed(...begun, begun[1]),
  };

  test.each(Object.entries(files))('is one problem that names the file: %s', (_, bytes) => {
    const problem = readBytes(bytes);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ kind: 'journal', exitCode: 3, place: { file: folder.file('journal.bwj') } });
    expect((problem as Problem).next).toContain('journal');
  });

  test.each([
    ['is not there', 'nowhere.bwj', 'ENOENT'],
    ['is a folder', '.', 'EISDIR'],
  ])('is one problem where it %s', (_, name, code) => {
    const problem = reading(folder.file(name)) as Problem;
    expect(problem).toBeInstanceOf(Problem);
    expect(problem.message).toContain(code);
  });
});

describe('the writer of a journal', () => {
  const problemOf = (path: string): unknown => {
    try {
      new JournalWriter(path, runHeader())[Symbol.dispose]();
      return undefined;
    } catch (cause) {
      return cause;
    }
  };

  test('overwrites nothing', () => {
    const path = folder.file('there.bwj');
    writeFileSync(path, 'mine');
    expect(problemOf(path)).toMatchObject({ kind: 'environment', exitCode: 4, next: 'name another folder with --out' });
  });

  test('says where a folder is not there', () => {
    expect(problemOf(folder.file('no/journal.bwj'))).toMatchObject({
      kind: 'environment',
      message: expect.stringContaining('ENOENT') as string,
    });
  });

  test('says where a file stands in the place of a folder', () => {
    writeFileSync(folder.file('file'), '');
    expect(problemOf(folder.file('file/journal.bwj'))).toMatchObject({
      message: expect.stringContaining('ENOTDIR') as string,
    });
  });

  test('says where a folder may not be written to', ({ skip }) => {
    skip(process.getuid?.() === 0, 'the superuser may write everywhere');
    chmodSync(folder.path, 0o500);
    const problem = problemOf(folder.file('unwritable.bwj'));
    chmodSync(folder.path, 0o700);
    expect(problem).toMatchObject({ kind: 'environment', message: expect.stringContaining('EACCES') as string });
    expect(existsSync(folder.file('unwritable.bwj'))).toBe(false);
  });
});

interface RawFrame {
  readonly offset: number;
  readonly kind: number;
  readonly table: number;
  readonly bytes: Buffer;
}

/** The frames of a journal, by the description of the format, without the reader. */
function frames(file: Buffer): readonly RawFrame[] {
  const found: RawFrame[] = [];
  for (let offset = magic.length; offset < file.length;) {
    const length = file.readUInt32LE(offset);
    const size = 16 + Math.ceil(length / 8) * 8;
    const bytes = file.subarray(offset, offset + size);
    const checked = Buffer.concat([bytes.subarray(0, 4), bytes.subarray(8, 16 + length)]);
    expect(crc32(checked)).toBe(bytes.readUInt32LE(4));
    found.push({ offset, kind: bytes.readUInt8(8), table: bytes.readUInt8(9), bytes });
    offset += size;
  }
  return found;
}

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busworthy, quick, start, Started, shellCommand, TemporaryFolder, type Ended } from './busworthy.ts';
import { blocks, rewritten } from './journals.ts';

interface RunJson {
  readonly answer: string;
  readonly sentence: string;
  readonly exitCode: number;
  readonly verdicts: readonly { readonly clause: string; readonly verdict: string; readonly reason: string }[];
  readonly lines: readonly object[];
}

let folder: TemporaryFolder;
let run: Ended;
let journal: string;
beforeAll(async () => {
  folder = await TemporaryFolder.make();
  run = await busworthy(['run', ...quick, '--seed', '7', '--json', '--out', folder.file('out')]);
  journal = folder.file('out/latest/journal.bwj');
});
afterAll(() => folder[Symbol.asyncDispose]());

const json = ({ stdout }: Ended): RunJson => JSON.parse(stdout) as RunJson;

describe('a run', () => {
  it('that holds ends with 0, and leaves its reports, its contracts and its journal', async () => {
    expect(run).toMatchObject({ code: 0 });
    expect(json(run)).toMatchObject({ answer: 'holds', exitCode: 0 });
    const names = await folder.list('out');
    const id = names[0] ?? '';
    expect(names).toEqual([id, 'latest']);
    expect(await folder.list(`out/${id}`)).toEqual([
      'contracts',
      'index.html',
      'journal.bwj',
      'junit.xml',
      'run.json',
      'summary.md',
    ]);
    expect(await folder.list(`out/${id}/contracts`)).toEqual(['incident-lifecycle']);
    expect(await readFile(folder.file('out', id, 'run.json'), 'utf8')).toBe(run.stdout);
  });

  it('that leaves a MUST of its claim untested ends with 2', async () => {
    const args = ['--profile', 'release', '--flow', 'incident-lifecycle/incidents', '--clause', 'ORD-2,RES-1'];
    const ended = await busworthy(['run', ...args, '--json', '--out', folder.file('untested')]);
    expect(ended.code).toBe(2);
    const { answer, exitCode, verdicts } = json(ended);
    expect({ answer, exitCode }).toEqual({ answer: 'cannot be said', exitCode: 2 });
    const said = new Map(verdicts.map(({ clause, verdict }) => [clause, verdict]));
    expect([said.get('ORD-2'), said.get('RES-1')]).toEqual(['pass', 'not-tested']);
  });
});

describe('judging a journal again', () => {
  it('gives what its run gave, to the letter, without a bus', async () => {
    const nowhere = { BUSWORTHY_NATS_SERVER: '/nonexistent', PATH: '/nonexistent' };
    const judged = await busworthy(['judge', journal, '--json', '--out', folder.file('again')], { env: nowhere });
    expect(judged).toMatchObject({ code: 0, stdout: run.stdout });
    for (const name of ['run.json', 'junit.xml', 'summary.md', 'index.html']) {
      const [first, second] = await Promise.all([
        readFile(folder.file('out/latest', name), 'utf8'),
        readFile(folder.file('again', name), 'utf8'),
      ]);
      expect({ name, text: second }).toEqual({ name, text: first });
    }
  });

  it('deeply finds in it what the seed gives', async () => {
    expect(await busworthy(['judge', journal, '--deep'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('deeply refuses one whose planned events were changed', async () => {
    const changed = await rewritten(journal, folder.file('changed.bwj'), ({ history }) => {
      const { bytes } = history.planned.columns;
      bytes[3] = 1 + (bytes[3] ?? 0);
    });
    const { code, stdout, stderr } = await busworthy(['judge', changed, '--deep', '--json']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(
      /changed\.bwj: trial incident-lifecycle\/incidents\/happy-flow: event 3 is not the one that the seed gives\n {2}next: \S/,
    );
  });

  it('deeply refuses one that lacks planned events', async () => {
    const shorter = await rewritten(journal, folder.file('shorter.bwj'), ({ history }) => {
      (history.planned as { length: number }).length -= 1;
      for (const [name, cells] of Object.entries(history.planned.columns)) {
        Object.assign(history.planned.columns, { [name]: cells.subarray(0, -1) });
      }
    });
    const { code, stderr } = await busworthy(['judge', shorter, '--deep']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/the seed gives \d+ events, the journal has \d+/);
  });

  it('of a history with a lost event ends with 1, and names clause, proof and command', async () => {
    const broken = await rewritten(journal, folder.file('broken.bwj'), ({ history }) => {
      // The first event handed over comes again in place of the last one: that one never reaches its application.
      const { message, id } = history.delivery.columns;
      const last = history.delivery.length - 1;
      message[last] = message[0] ?? 0;
      id[last] = id[0] ?? 0;
    });
    const { code, stdout } = await busworthy(['judge', broken, '--out', folder.file('broken')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}/m);
    expect(stdout).toMatch(/^ {2}expected {2}/m);
    expect(stdout).toMatch(/^ {2}again {5}busworthy run incident-lifecycle .*--scenario happy-flow --seed 7/m);
    const written = JSON.parse(await readFile(folder.file('broken/run.json'), 'utf8')) as RunJson;
    expect(written).toMatchObject({ exitCode: 1, answer: 'does not hold' });
    expect(written.lines.length).toBeGreaterThan(0);
    expect(await readFile(folder.file('broken/junit.xml'), 'utf8')).toContain('<failure');
  });
});

describe('a journal that is cut off', () => {
  it('is judged to its last whole block, names the byte, and is never green', async () => {
    const bytes = await readFile(journal);
    const starts = blocks(bytes);
    expect(starts.at(-1)).toBe(bytes.length);
    const end = starts.at(-2) ?? 0;
    const middle = starts[Math.floor(starts.length / 2)] ?? 0;
    for (const [cut, whole] of [
      [bytes.length - 1, end],
      [end + 1, end],
      [middle + 20, middle],
      [(starts[1] ?? 0) + 3, starts[1] ?? 0],
    ] as const) {
      await writeFile(folder.file('cut.bwj'), bytes.subarray(0, cut));
      const ended = await busworthy(['judge', folder.file('cut.bwj'), '--json']);
      expect(ended).toMatchObject({ code: 2 });
      expect(ended.stderr.split('\n')[0]).toBe(
        `${folder.file('cut.bwj')}: the journal is whole up to byte ${String(whole)} only; what it does not tell is inconclusive`,
      );
      expect(json(ended)).toMatchObject({ exitCode: 2, answer: 'cannot be said' });
      expect(json(ended).sentence).toMatch(/as far as the journal goes/);
    }
  });

  it('between two blocks is no green either', async () => {
    const bytes = await readFile(journal);
    for (const cut of [blocks(bytes)[1], blocks(bytes).at(-2)]) {
      await writeFile(folder.file('short.bwj'), bytes.subarray(0, cut));
      const ended = await busworthy(['judge', folder.file('short.bwj')]);
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('ends before its run does') as unknown });
    }
  });

  it('or goes on with something else is no green, whatever follows', async () => {
    const bytes = await readFile(journal);
    await writeFile(folder.file('long.bwj'), Buffer.concat([bytes, Buffer.from('more')]));
    const ended = await busworthy(['judge', folder.file('long.bwj')]);
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`up to byte ${String(bytes.length)} only`) as unknown,
    });
  });

  it('or has one bit turned is no green', async () => {
    const bytes = Buffer.from(await readFile(journal));
    const at = blocks(bytes)[5] ?? 0;
    bytes[at + 24] = (bytes[at + 24] ?? 0) ^ 1;
    await writeFile(folder.file('turned.bwj'), bytes);
    const ended = await busworthy(['judge', folder.file('turned.bwj')]);
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`up to byte ${String(at)} only`) as unknown,
    });
  });
});

describe('what is no journal', () => {
  it.each([
    { what: 'is not there', path: 'nothing.bwj', says: 'cannot read the journal: ENOENT' },
    { what: 'is a folder', path: 'out/latest', says: 'not a journal that can be judged: it is a folder' },
    { what: 'is empty', content: '', says: /it does not begin as a journal/ },
    { what: 'is something else', content: '{"answer":"holds"}', says: /it does not begin as a journal/ },
    { what: 'is of another version', content: 'BUSWJNL9', says: /it does not begin as a journal/ },
    { what: 'has nothing but its first bytes', content: 'BUSWJNL1', says: /its first block, .*, is broken/ },
  ])('$what is refused with 3, and nothing is written', async ({ what, path, content, says }) => {
    const name = folder.file(path ?? `${what.replaceAll(' ', '-')}.bwj`);
    if (content !== undefined) await writeFile(name, content);
    const before = await folder.list();
    const { code, stdout, stderr } = await busworthy(['judge', name, '--out', folder.file('never')]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    const [line = '', next = '', ...rest] = stderr.split('\n');
    expect(line).toMatch(says);
    expect(line.startsWith(`${name}: `)).toBe(true);
    expect(next).toMatch(/^ {2}next: name (a|the) journal that .*journal\.bwj$/);
    expect(rest).toEqual(['']);
    expect(await folder.list()).toEqual(before);
  });

  it('is a device without an end is refused at once', async () => {
    expect(await busworthy(['judge', '/dev/zero'])).toMatchObject({ code: 3, stdout: '' });
  });
});

describe('the folder that judge writes its reports to', () => {
  it('is a file: nothing is written, and the answer does not come without them', async () => {
    await mkdir(folder.file('taken'), { recursive: true });
    await copyFile(journal, folder.file('taken/out'));
    const { code, stdout, stderr } = await busworthy(['judge', journal, '--out', folder.file('taken/out')]);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(
      /taken\/out: the folder of the reports cannot be written: there is a file of that name\n {2}next: name a folder with --out\n$/,
    );
    expect(await folder.list('taken')).toEqual(['out']);
  });

  it('is left as it was where judging is interrupted', async () => {
    await using judging = start(['judge', journal, '--out', folder.file('interrupted')]);
    judging.send('SIGINT');
    const { code, signal } = await judging.ended;
    expect(code ?? signal).toBeOneOf([130, 'SIGINT']);
    expect(await folder.list()).not.toContain('interrupted');
  });

  it('may be read by a shell that stops reading', async () => {
    await using judging = new Started(['/bin/sh', '-c', `${shellCommand(['judge', journal])} | head -1`]);
    expect((await judging.ended).stderr).toBe('');
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { cachedBinary, fillOnce } from '../../../harness/bus/runtime/binary/cache.ts';
import { findServer, type FindOptions } from '../../../harness/bus/runtime/binary/find.ts';
import type { BinarySource } from '../../../harness/bus/runtime/binary/source.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busworthy-binary-'));
  vi.stubEnv('BUSWORTHY_NATS_SERVER', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** A program that says that it is a nats-server of this version. */
async function fakeServer(path: string, version: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  await chmod(path, 0o755);
  return path;
}

function source(name: string, version: string | Error): BinarySource & { calls: number } {
  const self = {
    name,
    calls: 0,
    fetch: async (into: string): Promise<string> => {
      self.calls++;
      if (version instanceof Error) throw version;
      return await fakeServer(join(into, 'deep', 'nats-server'), version);
    },
  };
  return self;
}

const find = (options: FindOptions) =>
  findServer({ searchPath: join(folder, 'bin'), cache: join(folder, 'cache'), sources: [], ...options });

describe('nats-server is found', () => {
  test('at the configured path, before any other', async () => {
    await fakeServer(join(folder, 'bin', 'nats-server'), '2.11.0');
    const configured = await fakeServer(join(folder, 'own'), '2.15.2');
    expect(await find({ configured })).toEqual({ path: configured, version: [2, 15, 2], origin: 'configured' });
    vi.stubEnv('BUSWORTHY_NATS_SERVER', configured);
    expect(await find({})).toMatchObject({ path: configured, origin: 'configured' });
  });

  test('on PATH', async () => {
    const path = await fakeServer(join(folder, 'bin', 'nats-server'), '2.10.4');
    expect(await find({})).toEqual({ path, version: [2, 10, 4], origin: 'PATH' });
  });

  test('elsewhere, where the one on PATH is too old, which is said', async () => {
    const path = await fakeServer(join(folder, 'bin', 'nats-server'), '2.9.10');
    const lines: string[] = [];
    const found = await find({ sources: [source('a shop', '2.15.2')], progress: (line) => lines.push(line) });
    expect(found).toMatchObject({ version: [2, 15, 2], origin: 'fetched' });
    expect(lines[0]).toBe(`${path} is 2.9.10, 2.10.4 is needed: looking further`);
  });

  test('in the cache once it has been fetched, without a second fetch', async () => {
    const shop = source('a shop', '2.15.1');
    const first = await find({ sources: [shop] });
    const second = await find({ sources: [shop] });
    expect([first.origin, second.origin, shop.calls]).toEqual(['fetched', 'cache', 1]);
    expect(second).toMatchObject({ path: cachedBinary(join(folder, 'cache')), version: [2, 15, 1] });
  });

  test('by the next source where one fails or has too old a server', async () => {
    const shops = [source('closed', new Error('no host')), source('old', '2.9.0'), source('good', '2.15.2')];
    expect((await find({ sources: shops })).version).toEqual([2, 15, 2]);
    expect(await readdir(dirname(cachedBinary(join(folder, 'cache'))))).toEqual(['nats-server']);
  });
});

describe('nats-server is not found', () => {
  test('where every source fails: the error lists each with its reason, and says what to do', async () => {
    const sources = [source('one', new Error('no host')), source('two', '2.9.0')];
    await expect(find({ sources })).rejects.toMatchObject({
      kind: 'environment',
      message:
        'There is no nats-server here, and none could be fetched:\n  - one: no host\n  - two: it is 2.9.0, too old',
      next: expect.stringContaining('BUSWORTHY_NATS_SERVER') as unknown,
    });
    expect(await readdir(dirname(cachedBinary(join(folder, 'cache'))))).toEqual([]);
  });

  test('where the configured one is too old, though another would do', async () => {
    await fakeServer(join(folder, 'bin', 'nats-server'), '2.15.2');
    const configured = await fakeServer(join(folder, 'old'), '2.9.10');
    await expect(find({ configured })).rejects.toMatchObject({
      message: 'The configured nats-server is 2.9.10, and 2.10.4 is the oldest that will do.',
      place: { file: configured },
    });
  });

  test('where the configured one is not there', async () => {
    await expect(find({ configured: join(folder, 'none') })).rejects.toThrow(/does not run: .*not installed/);
  });

  test('where the cache cannot be written', async () => {
    await writeFile(join(folder, 'cache'), 'a file');
    await expect(find({ sources: [source('a shop', '2.15.2')] })).rejects.toThrow(/cache .* cannot be written/);
  });
});

describe('the cache', () => {
  test('is filled once by those who ask at the same time', async () => {
    const path = join(folder, 'shared', 'file');
    let made = 0;
    const make = async (into: string): Promise<string> => {
      const text = String(++made);
      await writeFile(join(into, 'x'), text);
      return join(into, 'x');
    };
    await Promise.all(Array.from({ length: 8 }, () => fillOnce(path, make)));
    expect([made, await readFile(path, 'utf8'), await readdir(dirname(path))]).toEqual([1, '1', ['file']]);
  });

  test('is filled once by several processes, whole', async () => {
    const path = join(folder, 'shared', 'file');
    const cache = join(import.meta.dirname, '../../../harness/bus/runtime/binary/cache.ts');
    const program = `
      import { appendFile, writeFile } from 'node:fs/promises';
      const { fillOnce } = await import(${JSON.stringify(cache)});
      await fillOnce(${JSON.stringify(path)}, async (into) => {
        await appendFile(${JSON.stringify(join(folder, 'made'))}, 'x');
        await writeFile(into + '/part', 'a'.repeat(1_000_000));
        return into + '/part';
      });`;
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', program]));
    const codes = await Promise.all(children.map(async (child) => ((await once(child, 'exit')) as [number])[0]));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(await readFile(join(folder, 'made'), 'utf8')).toBe('x');
    expect((await readFile(path)).length).toBe(1_000_000);
  });

  test('is not held up by the lock of a process that was killed', async () => {
    const path = join(folder, 'shared', 'file');
    await mkdir(dirname(path), { recursive: true });
    const gone = spawn('true');
    await once(gone, 'exit');
    await writeFile(`${path}.lock`, String(gone.pid));
    await fillOnce(path, async (into) => {
      await writeFile(join(into, 'x'), 'made');
      return join(into, 'x');
    });
    expect(await readFile(path, 'utf8')).toBe('made');
    expect(await readdir(dirname(path))).toEqual(['file']);
  });

  test('keeps nothing of a fetch that failed', async () => {
    const path = join(folder, 'shared', 'file');
    await expect(fillOnce(path, () => Promise.reject(new Error('planned')))).rejects.toThrow('planned');
    expect(await readdir(dirname(path))).toEqual([]);
  });
});

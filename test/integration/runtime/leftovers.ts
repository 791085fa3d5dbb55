import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A temporary folder for this test file alone, that the harness takes for the system's. */
export async function ownTemporaryFolder(): Promise<string> {
  const before = process.env['TMPDIR'];
  const folder = await mkdtemp(join(tmpdir(), 'busworthy-test-'));
  process.env['TMPDIR'] = folder;
  afterAll(async () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

interface Running {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

/** Processes of this machine (Linux) that have ended neither as a program nor as a zombie. */
async function running(): Promise<readonly Running[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const [status, command] = await Promise.all([
        readFile(`/proc/${id}/status`, 'utf8').catch(() => ''),
        readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''),
      ]);
      return { id: Number(id), parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]), command };
    }),
  );
  return found.filter(({ command }) => command !== '');
}

/** What a bus may leave: files in the temporary folder, a server that was configured from there, a watchdog of a process. */
export async function leftovers(temporary: string, owner = process.pid): Promise<readonly string[]> {
  const files = await readdir(temporary);
  const processes = (await running()).filter(
    ({ parent, command }) =>
      command.includes(temporary) || (command.includes('busworthy-watchdog') && parent === owner),
  );
  return [...files, ...processes.map(({ id, command }) => `${String(id)} ${command.replaceAll('\0', ' ')}`)];
}

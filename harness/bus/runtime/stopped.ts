import { readdir, readFile } from 'node:fs/promises';

import { run } from './binary/source.ts';

/** Whether a process has been stopped by SIGSTOP: all of its threads, for each is stopped in its own time. */
export async function isStopped(pid: number): Promise<boolean> {
  const tasks = `/proc/${String(pid)}/task`;
  const threads = await readdir(tasks).catch(() => undefined);
  // macOS
  if (threads === undefined)
    return (await run('ps', ['-o', 'stat=', '-p', String(pid)], { timeoutMs: 2_000 })).startsWith('T');
  const states = await Promise.all(threads.map((id) => stateOf(`${tasks}/${id}/stat`)));
  return states.every((state) => state === 'T' || state === 'gone');
}

/** The third field, after the program's name in parentheses, which may hold anything. */
async function stateOf(stat: string): Promise<string> {
  const text = await readFile(stat, 'utf8').catch(() => undefined);
  return text === undefined ? 'gone' : (/\) (\S)[^)]*$/.exec(text)?.[1] ?? '');
}

import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with those above it, and gives the outermost one that was made; undefined where it was there. Not the
 * `recursive` of mkdir: below a file system that takes no folders, such as /proc, that never ends (Node 24).
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isThere(at)); at = dirname(at)) missing.push(at);
  for (const folder of missing.toReversed()) await mkdir(folder).catch(unlessThere);
  if (missing.length === 0 && !(await stat(path)).isDirectory()) throw fileThere(path);
  return missing.at(-1);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
}

/** Another run may have made it in this moment. */
function unlessThere(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'EEXIST') throw cause;
}

const fileThere = (path: string): Error => Object.assign(new Error(`${path} is a file`), { code: 'EEXIST' });

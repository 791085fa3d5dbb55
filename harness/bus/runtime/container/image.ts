import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';

import { Problem } from '../../../model/errors.ts';
import { findServer, type FindOptions } from '../binary/find.ts';
import { pinnedVersion } from '../binary/pin.ts';
import { run } from '../binary/source.ts';
import { formatVersion } from '../version.ts';

/** Built from the binary that was found, so that no registry is needed; kept by the engine, one an executable. */
const repository = 'localhost/busworthy-nats-server';
const official = `nats:${formatVersion(pinnedVersion)}-scratch`;

/** Name of an image whose entry point is nats-server. Where this machine's binary is not one for Linux: the official one. */
export async function serverImage(engine: ContainerRuntimeClient, options: FindOptions): Promise<string> {
  if (platform() !== 'linux') return official;
  const { ImageName } = await import('testcontainers');
  const binary = await findServer(options);
  const digest = createHash('sha256')
    .update(await readFile(binary.path))
    .digest('hex');
  const name = `${repository}:${formatVersion(binary.version)}-${digest.slice(0, 12)}`;
  const image = ImageName.fromString(name);
  if (await engine.image.exists(image)) return name;
  const context = await mkdtemp(join(tmpdir(), 'busworthy-image-'));
  try {
    await fill(context, binary.path);
    await engine.image.build(context, { t: name, dockerfile: 'Dockerfile', labels: { 'org.testcontainers': 'true' } });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  if (await engine.image.exists(image)) return name;
  throw new Problem('environment', `The container engine did not build an image of ${binary.path}.`, {
    next: 'See its log; "docker build" with a Dockerfile FROM scratch has to work on it.',
  });
}

async function fill(context: string, binary: string): Promise<void> {
  const files = await filesOf(binary);
  for (const [source, target] of files) {
    const copy = join(context, 'root', target);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(source, copy);
  }
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY root/ /\nENTRYPOINT ["/nats-server"]\n');
}

/** The executable and, unless it is static, the libraries that it is loaded with, at their own places. */
async function filesOf(binary: string): Promise<ReadonlyMap<string, string>> {
  // ldd fails for a static executable
  const libraries = librariesIn(await run('ldd', [binary], { timeoutMs: 10_000 }).catch(() => ''));
  return new Map([[binary, '/nats-server'], ...libraries.map((path) => [path, path] as const)]);
}

/** Absolute paths in the output of `ldd`: `libc.so.6 => /lib/libc.so.6 (0x…)` and `/lib64/ld-linux-x86-64.so.2 (0x…)`. */
export function librariesIn(ldd: string): readonly string[] {
  return [...ldd.matchAll(/(?:^\s*|=> )(\/\S+) \(0x/gm)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

import { createHash } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { arch, platform } from 'node:os';
import { join } from 'node:path';

import { formatVersion } from '../version.ts';
import { pinnedVersion } from './pin.ts';
import { run, type BinarySource } from './source.ts';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', arm: 'arm7', ia32: '386' };
const sumsTimeoutMs = 15_000;
const archiveTimeoutMs = 300_000;
const maxArchiveBytes = 100 * 1024 * 1024;

/**
 * The project's own release. Its archive is held against the SHA256SUMS that are published beside it, both over TLS:
 * that shows a broken transfer, and is as trustworthy as the host.
 */
export const release: BinarySource = {
  name: 'the release of the NATS project',
  async fetch(folder, progress) {
    const restore = http.setGlobalProxyFromEnv();
    try {
      return await download(folder, progress);
    } finally {
      restore();
    }
  },
};

async function download(folder: string, progress: (line: string) => void): Promise<string> {
  const version = formatVersion(pinnedVersion);
  const name = `nats-server-v${version}-${platform()}-${architectures[arch()] ?? arch()}`;
  const base = `https://github.com/nats-io/nats-server/releases/download/v${version}`;
  const expected = checksumOf(await get(`${base}/SHA256SUMS`, sumsTimeoutMs), `${name}.tar.gz`);
  progress(`fetching ${name}`);
  const archive = await get(`${base}/${name}.tar.gz`, archiveTimeoutMs);
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== expected) throw new Error(`${name}.tar.gz has SHA-256 ${found}, its SHA256SUMS says ${expected}`);
  const path = join(folder, 'release.tar.gz');
  await writeFile(path, archive);
  await run('tar', ['-xzf', path, '-C', folder], { timeoutMs: 60_000 });
  const binary = join(folder, name, 'nats-server');
  await chmod(binary, 0o755);
  return binary;
}

/** The digest of a file in the format of `sha256sum`. */
export function checksumOf(sums: Uint8Array, file: string): string {
  for (const line of new TextDecoder().decode(sums).split('\n')) {
    const [digest, name] = line.trim().split(/\s+\*?/);
    if (name === file && digest && /^[0-9a-f]{64}$/.test(digest)) return digest;
  }
  throw new Error(`the release has no ${file}`);
}

async function get(url: string, timeoutMs: number): Promise<Uint8Array> {
  const host = new URL(url).host;
  let response: Response;
  let body: Uint8Array;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    const announced = Number(response.headers.get('content-length') ?? 0);
    if (announced > maxArchiveBytes) throw new Error(`${String(announced)} bytes announced`);
    body = response.ok ? await response.bytes() : new Uint8Array();
  } catch (cause) {
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new Error(`${host} not reached (${inner instanceof Error ? inner.message : String(inner)})`, { cause });
  }
  if (!response.ok) throw new Error(`${host} answered ${String(response.status)} for ${url}`);
  return body;
}

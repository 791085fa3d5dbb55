import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../digest.ts';
import { ownContracts } from '../service/shape.ts';

/** Services known to be sound that are remembered; the oldest are forgotten first. */
const limit = 200;

const file = fileURLToPath(new URL('../../../node_modules/.cache/busworthy/verified-contracts.json', import.meta.url));
const ownSources = fileURLToPath(new URL('../', import.meta.url));

let version: Promise<string> | undefined;

/** What the verification of a service's files rests on: the files, and everything that verifies them. */
export async function verificationKey(name: string, digest: string): Promise<string> {
  version ??= verifierVersion();
  return sha256(name, digest, await version);
}

/** Whether a service with this key was found sound before. A cache that cannot be read knows nothing. */
export async function isVerified(key: string): Promise<boolean> {
  return (await remembered()).includes(key);
}

/** Remembers a service as sound. Where the cache cannot be written, it is verified again the next time. */
export async function rememberVerified(keys: readonly string[]): Promise<void> {
  try {
    const list = [...new Set([...(await remembered()), ...keys])].slice(-limit);
    const scratch = `${file}.${String(process.pid)}`;
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(scratch, JSON.stringify(list));
    await rename(scratch, file);
  } catch {
    return;
  }
}

async function remembered(): Promise<readonly string[]> {
  try {
    const list: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(list) ? list.filter((key) => typeof key === 'string') : [];
  } catch {
    return [];
  }
}

/** SHA-256 over the sources of the verifier, its schemas, and the versions of its libraries. */
async function verifierVersion(): Promise<string> {
  const names = (await readdir(ownSources, { recursive: true })).filter((name) => name.endsWith('.ts')).toSorted();
  const files = [
    ...names.map((name) => join(ownSources, name)),
    ...['flow', 'rules'].map((name) => fileURLToPath(new URL(`${name}.schema.json`, ownContracts))),
    ...['rules', 'flow', 'event', 'json', 'subject', 'names'].map((name) => join(ownSources, '../model', `${name}.ts`)),
    fileURLToPath(new URL('../package.json', ownContracts)),
  ];
  return sha256(process.version, ...(await Promise.all(files.map((path) => readFile(path)))));
}

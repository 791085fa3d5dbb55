import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkContracts, type CheckSummary } from '../../harness/contracts/index.ts';

/** For a test that verifies documents in full: the AsyncAPI parser takes half a second of processor time a service. */
export const fullCheckMs = 60_000;

export const contracts = resolve(import.meta.dirname, '../../contracts');

/** A contracts folder of its own with copies of some services, gone at the end. */
export class Folder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async of(...services: readonly string[]): Promise<Folder> {
    const path = await mkdtemp(join(tmpdir(), 'contracts-'));
    for (const service of services) await cp(join(contracts, service), join(path, service), { recursive: true });
    return new Folder(path);
  }

  /** Replaces a text that must be there, once. */
  async edit(name: string, from: string, to: string): Promise<void> {
    const path = join(this.path, name);
    const text = await readFile(path, 'utf8');
    const parts = text.split(from);
    if (parts.length < 2) throw new Error(`${name} has no ${from}`);
    await writeFile(path, [parts[0], parts.slice(1).join(from)].join(to));
  }

  /** Replaces a text everywhere in a service's documents; it must stand somewhere. */
  async editAll(service: string, from: string, to: string): Promise<void> {
    let found = 0;
    for (const name of await readdir(join(this.path, service), { recursive: true })) {
      if (!/\.(json|yaml)$/.test(name)) continue;
      const text = await readFile(join(this.path, service, name), 'utf8');
      if (!text.includes(from)) continue;
      found += 1;
      await this.write(join(service, name), text.replaceAll(from, to));
    }
    if (found === 0) throw new Error(`${service} has no ${from}`);
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    await writeFile(join(this.path, name), content);
  }

  /** Line of the first occurrence of a text. */
  async lineOf(name: string, text: string): Promise<number> {
    const lines = (await readFile(join(this.path, name), 'utf8')).split('\n');
    return lines.findIndex((line) => line.includes(text)) + 1;
  }

  async check(): Promise<CheckSummary> {
    return checkContracts(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** A summary's mistakes, one a line, as a person would read them: `file:line what`. */
export function said(folder: Folder, summary: CheckSummary): readonly string[] {
  return summary.problems.map(({ place, message }) => {
    const file = place?.file.replace(`${folder.path}/`, '') ?? '';
    return `${file}${place?.line === undefined ? '' : `:${String(place.line)}`} ${message}`;
  });
}

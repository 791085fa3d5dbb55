import { access, constants, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Problem } from '../model/errors.ts';

/**
 * The folder of one run. It is filled under a name with a dot in front, and gets its own name once it is whole; disposing
 * before that takes it away.
 */
export class RunFolder implements AsyncDisposable {
  readonly id: string;
  readonly #out: string;
  #path: string;
  #whole = false;

  private constructor(out: string, id: string) {
    this.id = id;
    this.#out = out;
    this.#path = join(out, `.${id}.partial`);
  }

  static async make(out: string, id: string): Promise<RunFolder> {
    const folder = new RunFolder(out, id);
    try {
      await mkdir(out, { recursive: true });
      await access(out, constants.W_OK);
      await mkdir(folder.#path);
      return folder;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new Problem('environment', `cannot write the run’s folder: ${code}`, {
        place: { file: out },
        next: 'name a writable folder with --out',
        cause,
      });
    }
  }

  file(name: string): string {
    return join(this.#path, name);
  }

  /** Where it will be once it is whole. */
  get finalPath(): string {
    return join(this.#out, this.id);
  }

  /** Gives the folder its name, and points `latest` to it. */
  async finish(): Promise<void> {
    await rename(this.#path, this.finalPath);
    this.#path = this.finalPath;
    this.#whole = true;
    const link = join(this.#out, `.latest-${this.id}`);
    await symlink(basename(this.finalPath), link);
    await rename(link, join(this.#out, 'latest'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#whole) await rm(this.#path, { recursive: true, force: true });
  }
}

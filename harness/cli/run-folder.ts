import { rmdirSync, rmSync } from 'node:fs';
import { access, constants, mkdir, rename, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { unwritable } from './unwritable.ts';

/**
 * The folder of one run. It is filled under a name with a dot in front, and gets its own name once it is whole; disposing
 * before that, or the end of the program, takes it away with the folders above that were made for it.
 */
export class RunFolder implements Disposable {
  readonly id: string;
  readonly #out: string;
  readonly #partial: string;
  /** The outermost folder that had to be made. */
  readonly #made: string | undefined;
  readonly #discard = (): void => {
    this[Symbol.dispose]();
  };
  #ended = false;

  private constructor(out: string, id: string, made: string | undefined) {
    this.id = id;
    this.#out = out;
    this.#partial = partialOf(out, id);
    this.#made = made;
    process.on('exit', this.#discard);
  }

  static async make(out: string, id: string): Promise<RunFolder> {
    try {
      const made = await makeFolder(out);
      await access(out, constants.W_OK);
      await mkdir(partialOf(out, id));
      return new RunFolder(out, id, made);
    } catch (cause) {
      throw unwritable('the run’s folder', out, cause);
    }
  }

  file(name: string): string {
    return join(this.#partial, name);
  }

  /** Gives the folder its name, and points `latest` to it. Returns where it is then. */
  async finish(): Promise<string> {
    const path = join(this.#out, this.id);
    const link = join(this.#out, `.latest-${this.id}`);
    try {
      await rename(this.#partial, path);
      this.#end();
      await symlink(basename(path), link);
      await rename(link, join(this.#out, 'latest'));
    } catch (cause) {
      rmSync(link, { force: true });
      throw unwritable('the run’s folder', path, cause);
    }
    return path;
  }

  #end(): void {
    this.#ended = true;
    process.off('exit', this.#discard);
  }

  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#end();
    rmSync(this.#partial, { recursive: true, force: true });
    if (this.#made !== undefined) removeEmpty(resolve(this.#out), resolve(this.#made));
  }
}

const partialOf = (out: string, id: string): string => join(out, `.${id}.partial`);

/** Removes empty folders from the inner one up to the outer one; another run may have put something there meanwhile. */
function removeEmpty(inner: string, outer: string): void {
  for (let path = inner; ; path = dirname(path)) {
    try {
      rmdirSync(path);
    } catch {
      return;
    }
    if (path === outer) return;
  }
}

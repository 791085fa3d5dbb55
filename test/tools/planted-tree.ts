/** A throw-away repository with the habits of this one and planted files, to prove that a tool looks. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const REPOSITORY = resolve(import.meta.dirname, '../..');

const HABITS = ['package.json', 'tsconfig.json', '.oxlintrc.json', '.oxfmtrc.json', '.knip.json'];

export class PlantedTree implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'busworthy-planted-'));

  /** `files`: path from the root → text. */
  constructor(files: Readonly<Record<string, string>>) {
    for (const habit of HABITS) cpSync(join(REPOSITORY, habit), join(this.root, habit));
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.root, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

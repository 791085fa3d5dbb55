import { access, constants, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';

/** The words of a command line: spaces between, quotes around what holds spaces. No shell is asked. Undefined where a quote does not end. */
export function wordsOf(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}

/** Whether a program can be run from a folder: by its path, or by its name from one of the folders of `searched`. */
export async function findProgram(program: string, cwd: string, searched: string): Promise<boolean> {
  if (program === '') return false;
  const paths = program.includes('/')
    ? [resolve(cwd, program)]
    : searched.split(delimiter).map((folder) => resolve(cwd, folder, program));
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) continue;
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return true;
  }
  return false;
}

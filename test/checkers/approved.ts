import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Histories of the defect bank as they were on a real bus, a journal that `npm run record` writes. */
export const recordedFile = join(import.meta.dirname, 'recorded.bwj');

/** One part of a text that is read and approved. Its name is its first line, and the only one that is not indented. */
export interface Section {
  readonly name: string;
  readonly text: () => string;
}

/** The whole, as it is kept in a file. */
export const wholeText = (sections: readonly Section[]): string =>
  sections.map(({ name, text }) => `${name}\n${text()}`.trimEnd()).join('\n\n') + '\n';

/** What was approved, by the names of the sections. */
export function approvedIn(file: string): ReadonlyMap<string, string> {
  return new Map(
    readFileSync(join(import.meta.dirname, file), 'utf8')
      .trimEnd()
      .split('\n\n')
      .map((section) => {
        const [name = '', ...lines] = section.split('\n');
        return [name, lines.join('\n').trimEnd()] as const;
      }),
  );
}

import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Language } from './languages.ts';

/** Whose adapter it is to be. */
export interface Owner {
  readonly service: string;
  readonly application: string;
}

const reference = join(import.meta.dirname, '../reference');

/** Copies a reference adapter into an empty folder, as the adapter of its new owner; gives the names of the files. */
export async function copyStarter(language: Language, owner: Owner, target: string): Promise<readonly string[]> {
  const source = join(reference, language.folder);
  const names = await sourcesIn(source);
  for (const name of names) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await copyFile(join(source, name), join(target, name));
  }
  await writeFile(
    join(target, 'README.md'),
    readmeOf(await readFile(join(source, 'README.md'), 'utf8'), language, owner),
  );
  await writeFile(join(target, 'adapter.yaml'), adapterYaml(language, owner));
  return [...names, 'README.md', 'adapter.yaml'];
}

/** Whether the reference adapter of a language is in this checkout. */
export async function hasStarter({ folder }: Language): Promise<boolean> {
  return (await readdir(reference)).includes(folder);
}

/** All files but what git leaves out, the examples of adapter.yaml, and the readme, which is written anew. */
async function sourcesIn(folder: string): Promise<readonly string[]> {
  const leftOut = new Set(
    (await readFile(join(folder, '.gitignore'), 'utf8')).split('\n').map((line) => line.replace(/\/$/, '')),
  );
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !name.split('/').some((part) => leftOut.has(part)))
    .filter((name) => name !== 'README.md' && !/^[^/]+\.yaml$/.test(name))
    .toSorted();
}

function adapterYaml({ command }: Language, { service, application }: Owner): string {
  return `# Whose adapter this is, and how one instance of it is started. ADAPTERS.md of Busworthy says what else may stand here.
service: ${service}
application: ${application}
command: [${command.map(scalar).join(', ')}]
`;
}

/** As YAML takes it: what is not plain there is quoted. */
const scalar = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`);

/** The reference adapter's own readme from its table of files on, below what is said of the copy. */
function readmeOf(text: string, { title, needs, build, test }: Language, { service, application }: Owner): string {
  const table = text.indexOf('\n| ');
  return `# Adapter of ${application}, in ${title}

An adapter between the application \`${application}\` of the service \`${service}\` and the bus, for every exchange pattern and both roles.
Numbers in comments, such as \`R6\`, are those of the rules in ADAPTERS.md of Busworthy. It shares no code with Busworthy: it began as a
copy of its reference adapter, and is yours to change.

Needs ${needs}. In this folder:

\`\`\`sh
${[...build, test].join('\n')}
\`\`\`

[adapter.yaml](adapter.yaml) tells Busworthy whose adapter it is and how to start it. In the checkout of Busworthy:

\`\`\`sh
npm run --silent busworthy -- adapter check PATH/OF/THIS/FOLDER/adapter.yaml
\`\`\`
${text.slice(table)}`;
}

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { copyStarter, hasStarter, type Owner } from '../adapters/starter/copy.ts';
import { languages, type Language } from '../adapters/starter/languages.ts';
import { loadContracts, serviceNames } from '../contracts/index.ts';
import { Problem } from '../model/errors.ts';
import { interruptible, type Interrupt } from './interrupt.ts';
import { knownName } from './known.ts';
import { makeFolder } from './make-folder.ts';
import { unwritable } from './unwritable.ts';

export interface AdapterInitOptions {
  readonly language?: string;
  readonly service?: string;
  readonly application?: string;
  readonly contracts: string;
}

/** Whose adapter it is where nobody says: a consumer that also sends. */
const example: Owner = { service: 'custody-task', application: 'forensic' };

/** Writes a working adapter to start from into a folder, which is there whole or not at all; ends with what to do next. */
export function adapterInitCommand(folder: string, options: AdapterInitOptions): Promise<number> {
  return interruptible(async (interrupt) => {
    const language = await languageOf(options);
    const owner = await ownerOf(options);
    await checkEmpty(folder);
    const files = await write(language, owner, folder, interrupt);
    process.stdout.write(
      `${folder}: an adapter of ${owner.application} (${owner.service}) in ${language.title}, ${String(files.length)} files\n\nNext:\n`,
    );
    process.stdout.write(`  (cd ${quoted(folder)} && ${language.build.join(' && ')})\n`);
    process.stdout.write(`  busworthy adapter check ${quoted(join(folder, 'adapter.yaml'))}\n`);
    if (options.service === undefined) {
      process.stdout.write('\nFor another application change service and application in its adapter.yaml.\n');
    }
    return 0;
  });
}

async function languageOf({ language }: AdapterInitOptions): Promise<Language> {
  const names = Object.keys(languages);
  if (language === undefined) {
    throw new Problem('usage', 'there is no language to write the adapter in', {
      next: `give --language, one of ${names.join(', ')}`,
    });
  }
  const found = languages[knownName('language', language, names)];
  if (found !== undefined && (await hasStarter(found))) return found;
  throw new Problem('usage', `there is no adapter in ${language} to start from in this version`, {
    next: `take another language: ${names.filter((name) => name !== language).join(', ')}`,
  });
}

/** Both are known to the contracts. */
async function ownerOf({ service, application, contracts }: AdapterInitOptions): Promise<Owner> {
  if (service === undefined && application === undefined) return example;
  if (service === undefined) {
    throw new Problem('usage', `of which service is ${String(application)} an application?`, {
      next: 'give --service too',
    });
  }
  const name = knownName('service', service, await serviceNames(contracts));
  const [loaded] = (await loadContracts(contracts, [name])).services;
  const names = loaded?.applications.map((each) => each.name) ?? [];
  if (application === undefined) {
    throw new Problem('usage', `whose adapter of ${name} is it to be?`, {
      next: `give --application, one of ${names.join(', ')}`,
    });
  }
  return { service: name, application: knownName(`application of ${name}`, application, names) };
}

/** Nothing that is there is written over. */
async function checkEmpty(folder: string): Promise<void> {
  const there = await readdir(folder).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unwritable('the adapter', folder, cause, 'give another folder');
  });
  if (there.length === 0) return;
  throw new Problem(
    'usage',
    `${folder} is not empty: it has ${there.slice(0, 3).join(', ')}${there.length > 3 ? ', …' : ''}`,
    {
      next: 'give a folder that is empty or not there yet',
    },
  );
}

/** Fills a folder beside the named one and gives it its name once it is whole. */
async function write(
  language: Language,
  owner: Owner,
  folder: string,
  interrupt: Interrupt,
): Promise<readonly string[]> {
  const target = resolve(folder);
  const partial = join(dirname(target), `.${basename(target)}-${randomUUID()}.partial`);
  const discard = (): void => rmSync(partial, { recursive: true, force: true });
  process.on('exit', discard);
  try {
    await makeFolder(dirname(target));
    await mkdir(partial);
    const files = await copyStarter(language, owner, partial);
    await interrupt.check();
    // An empty folder of that name gives way.
    await rename(partial, target);
    return files;
  } catch (cause) {
    interrupt.signal.throwIfAborted();
    throw unwritable('the adapter', folder, cause, 'give another folder');
  } finally {
    discard();
    process.off('exit', discard);
  }
}

/** As a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

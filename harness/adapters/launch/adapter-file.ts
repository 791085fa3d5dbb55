import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { getCompileCacheDir } from 'node:module';
import { dirname, join, resolve } from 'node:path';

import { Mistakes } from '../../contracts/mistakes.ts';
import { meetsShape, shapeOf } from '../../contracts/service/shape.ts';
import { readBounded, shownPath } from '../../contracts/source/folder.ts';
import { child, placeAt, type Cursor } from '../../contracts/source/reference.ts';
import { parseSource } from '../../contracts/source/source.ts';
import { Problem } from '../../model/errors.ts';
import type { Application, Service } from '../../model/flow.ts';
import { nearest } from '../../model/nearest.ts';
import { findProgram, wordsOf } from './command.ts';

/** What starts or names an adapter. */
export type Start =
  | { readonly by: 'command'; readonly command: readonly string[]; readonly cwd: string }
  | { readonly by: 'image'; readonly image: string; readonly command: readonly string[] }
  | { readonly by: 'url'; readonly url: string; readonly applicationPort: number };

/** An adapter under test, as an adapter.yaml describes it. */
export interface AdapterFile {
  /** Path as a person is told it. */
  readonly file: string;
  /** SHA-256 of the file, in hex. */
  readonly digest: string;
  readonly service: string;
  readonly application: string;
  readonly start: Start;
  readonly environment: Readonly<Record<string, string>>;
  /** Most instances at once; absent where it is not limited. */
  readonly instances?: number;
  readonly startMs: number;
  readonly stopMs: number;
}

const defaultStartMs = 15_000;
const defaultStopMs = 10_000;

interface Written {
  readonly service: string;
  readonly application: string;
  readonly role?: Application['role'];
  readonly command?: string | readonly string[];
  readonly cwd?: string;
  readonly url?: string;
  readonly applicationPort?: number;
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly instances?: number;
  readonly startMs?: number;
  readonly stopMs?: number;
}

/** An adapter that the harness brings itself: a program that no adapter.yaml describes. */
export function ownAdapter(service: string, application: string, command: readonly string[]): AdapterFile {
  const compiled = getCompileCacheDir();
  return {
    file: '',
    digest: '',
    service,
    application,
    start: { by: 'command', command, cwd: process.cwd() },
    environment: compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled },
    startMs: defaultStartMs,
    stopMs: defaultStopMs,
  };
}

/** The shape of an adapter.yaml; whose it is has not been looked at yet. */
export interface ReadAdapter {
  readonly written: Written;
  readonly root: Cursor;
  readonly path: string;
  readonly digest: string;
}

/** The adapter.yaml that is meant: of a folder the one in it. */
export async function adapterPath(named: string): Promise<string> {
  const found = await stat(named).catch(() => undefined);
  return found?.isDirectory() === true ? join(named, 'adapter.yaml') : named;
}

/** Reads an adapter.yaml, or the one in a folder. Throws `Problems`: every mistake of its shape, with its line. */
export async function readAdapterFile(named: string): Promise<ReadAdapter> {
  const path = await adapterPath(named);
  const mistakes = new Mistakes();
  const bytes = await readBounded(path);
  const source = parseSource(shownPath(path), 'adapter.yaml', bytes);
  const root: Cursor = { source, path: [] };
  meetsShape(await shapeOf('adapter'), root, 'adapter.yaml', mistakes);
  mistakes.throwIfAny();
  const written = source.value as unknown as Written;
  checkWays(written, root, mistakes);
  mistakes.throwIfAny();
  return { written, root, path, digest: createHash('sha256').update(bytes).digest('hex') };
}

const ways = ['command', 'url', 'image'] as const;

/** Exactly one way to the adapter, and nothing that says something about another. */
function checkWays(written: Written, root: Cursor, mistakes: Mistakes): void {
  const [first, ...more] = ways.filter((way) => written[way] !== undefined);
  if (first === undefined) {
    mistakes.add(
      placeAt(root),
      'adapter.yaml names no command, url or image',
      'add command: the program that starts the adapter, with its arguments',
    );
    return;
  }
  const second = more.find((way) => !(first === 'command' && way === 'image'));
  if (second !== undefined) {
    mistakes.add(placeAt(child(root, second)), `adapter.yaml names both ${first} and ${second}`, 'keep one of them');
  }
  const without = (name: 'cwd' | 'applicationPort' | 'environment' | 'startMs' | 'stopMs', why: string): void => {
    if (written[name] !== undefined) {
      mistakes.add(placeAt(child(root, name)), `adapter.yaml: ${name} says nothing here: ${why}`, 'delete it');
    }
  };
  if (written.url === undefined) without('applicationPort', 'the harness takes a free port for what it starts');
  else {
    for (const name of ['environment', 'startMs', 'stopMs'] as const)
      without(name, 'an adapter given by url is not started');
    if (written.applicationPort === undefined) {
      mistakes.add(
        placeAt(child(root, 'url')),
        'adapter.yaml lacks applicationPort',
        'add it: the port of this machine on which the running adapter reaches its application',
      );
    }
  }
  if (written.url !== undefined || written.image !== undefined)
    without('cwd', 'it goes with a command on this machine');
}

/** The service that an adapter.yaml names, of those that there are. Throws a Problem with the nearest. */
export function serviceOf({ written, root }: ReadAdapter, services: readonly string[]): string {
  return named('service', written.service, services, child(root, 'service'));
}

/** The adapter for its service. Throws `Problems` where application, role or program are not to be found. */
export async function adapterOf(read: ReadAdapter, service: Service): Promise<AdapterFile> {
  const { written, root, path, digest } = read;
  const mistakes = new Mistakes();
  const names = service.applications.map(({ name }) => name);
  const application = named(`application of ${service.name}`, written.application, names, child(root, 'application'));
  const role = service.applications.find(({ name }) => name === application)?.role ?? '';
  if (written.role !== undefined && written.role !== role) {
    mistakes.add(
      placeAt(child(root, 'role')),
      `${application} is the ${role} of ${service.name}, not its ${written.role}`,
      'correct the role, or delete it: it follows from the contract',
    );
  }
  const start = await mistakes.gather(() => startOf(read));
  mistakes.throwIfAny();
  if (start === undefined) throw new RangeError('an adapter without a way to it');
  return {
    file: shownPath(path),
    digest,
    service: service.name,
    application,
    start,
    environment: written.environment ?? {},
    ...(written.instances === undefined ? {} : { instances: written.instances }),
    startMs: written.startMs ?? defaultStartMs,
    stopMs: written.stopMs ?? defaultStopMs,
  };
}

function named(what: string, name: string, known: readonly string[], at: Cursor): string {
  if (known.includes(name)) return name;
  const near = nearest(name, known);
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  throw new Problem('contract', `there is no ${what} ${JSON.stringify(name)}${meant}`, {
    place: placeAt(at),
    next: `give one of ${known.join(', ')}`,
  });
}

async function startOf({ written, root, path }: ReadAdapter): Promise<Start> {
  const { url, applicationPort, image } = written;
  if (url !== undefined && applicationPort !== undefined) return { by: 'url', url, applicationPort };
  const given = written.command ?? [];
  const command = typeof given === 'string' ? wordsOf(given) : given;
  if (command === undefined) {
    throw new Problem('contract', 'adapter.yaml.command has a quote that does not end', {
      place: placeAt(child(root, 'command')),
      next: 'end it, or write the command as a list',
    });
  }
  if (image !== undefined) return { by: 'image', image, command };
  const cwd = resolve(dirname(path), written.cwd ?? '.');
  const folder = await stat(cwd).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new Problem('contract', `there is no folder ${shownPath(cwd)}`, {
      place: placeAt(child(root, 'cwd')),
      next: 'correct cwd: it is relative to this file',
    });
  }
  const [program = ''] = command;
  const searched = written.environment?.['PATH'] ?? process.env['PATH'] ?? '';
  if (!(await findProgram(program, cwd, searched))) {
    throw new Problem('contract', `there is no program ${JSON.stringify(program)} that can be run`, {
      place: placeAt(child(root, 'command')),
      next: program.includes('/')
        ? `build it, or correct its path: it is relative to ${shownPath(cwd) || '.'}`
        : 'install it, or give its path: it is on no folder of PATH',
    });
  }
  return { by: 'command', command, cwd };
}

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run, type BinarySource } from './source.ts';

const timeoutMs = 180_000;

/** The suite that carries the distribution's newest packages, and the part of it that nats-server is in. */
const newest: Readonly<Record<string, { suite: string; component: string }>> = {
  debian: { suite: 'sid', component: 'main' },
  ubuntu: { suite: 'devel', component: 'universe' },
};

/**
 * The distribution's newest package, unpacked without root: its stable one is too old. The machine's own mirror and keys
 * are used, and the package is vouched for by the distribution's signature; the machine's package lists stay as they are.
 */
export const debian: BinarySource = {
  name: "the distribution's newest package",
  async fetch(folder, progress) {
    const source = await newestSource();
    progress(`fetching nats-server from ${source.split(' ').slice(-3).join(' ')}`);
    const options = await privateApt(folder, source);
    await run('apt-get', [...options, 'update'], { timeoutMs });
    await run('apt-get', [...options, 'download', 'nats-server'], { cwd: folder, timeoutMs });
    const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get: downloaded no package');
    await run('dpkg', ['-x', join(folder, archive), join(folder, 'root')], { timeoutMs });
    const binaries = ['usr/sbin', 'usr/bin'].map((at) => join(folder, 'root', at, 'nats-server'));
    for (const binary of binaries) {
      // a later package may move it
      if (
        await readFile(binary).then(
          () => true,
          () => false,
        )
      )
        return binary;
    }
    throw new Error(`${archive}: no nats-server in it`);
  },
};

/** One-line source entry of the newest suite on the mirror that this machine is configured with. */
async function newestSource(): Promise<string> {
  const about = parseRelease(await readFile('/etc/os-release', 'utf8').catch(() => ''));
  const wanted = newest[about.ID ?? ''];
  if (wanted === undefined) throw new Error('this is neither Debian nor Ubuntu');
  const targets = await run('apt-get', ['indextargets', 'Identifier: Packages'], { timeoutMs });
  const mirror = mirrorOf(targets, about.VERSION_CODENAME ?? '');
  if (mirror === undefined) throw new Error(`apt has no source for ${about.VERSION_CODENAME ?? 'this release'}`);
  const keys = mirror.signedBy === undefined ? '' : `[signed-by=${mirror.signedBy}] `;
  return `deb ${keys}${mirror.uri} ${wanted.suite} ${wanted.component}`;
}

/** Finds the distribution's own mirror among all sources that apt knows, in the output of `apt-get indextargets`. */
export function mirrorOf(targets: string, codename: string): { uri: string; signedBy?: string } | undefined {
  const own = new Set([codename, 'stable', 'oldstable', 'testing', 'unstable', 'sid', 'devel']);
  for (const stanza of targets.split(/\n\s*\n/)) {
    const field = (name: string): string | undefined => new RegExp(`^${name}: *(\\S+)`, 'm').exec(stanza)?.[1];
    const uri = field('Repo-URI');
    const signedBy = field('Signed-By');
    if (uri && own.has(field('Release') ?? '')) return { uri, ...(signedBy?.startsWith('/') && { signedBy }) };
  }
  return undefined;
}

export function parseRelease(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').map((line) => /^([A-Z_]+)="?([^"]*)"?$/.exec(line.trim()));
  return Object.fromEntries(lines.flatMap((match) => (match ? [[match[1] ?? '', match[2] ?? '']] : [])));
}

/** Options that make apt read and write nothing of the system's but its keys and its configuration. */
async function privateApt(folder: string, source: string): Promise<string[]> {
  const apt = join(folder, 'apt');
  await mkdir(join(apt, 'lists', 'partial'), { recursive: true });
  await mkdir(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
  await writeFile(join(apt, 'sources.list'), `${source}\n`);
  await writeFile(join(apt, 'status'), '');
  const settings = {
    'Dir::Etc::sourcelist': join(apt, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': apt,
    'Dir::State::lists': join(apt, 'lists'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': join(apt, 'cache'),
    'Acquire::Languages': 'none',
    // as root, apt would drop to a user that cannot write into a private folder
    'APT::Sandbox::User': 'root',
    'APT::Update::Post-Invoke-Success::': 'true',
  };
  return ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect as createConnectionTo, createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess } from '../../harness/bus/runtime/process.ts';
import type { Namespace, StartedBus } from '../../harness/bus/runtime/runtime.ts';
import { admin } from '../../harness/bus/security/spec.ts';
import { busworthy, leftBy, main, quick, Started, TemporaryFolder, troubled, type Ended } from './busworthy.ts';

const closers: (() => Promise<void>)[] = [];
let folder: TemporaryFolder;
let theirs: StartedBus;
beforeAll(async () => {
  folder = await TemporaryFolder.make();
  theirs = await startProcess();
});
afterAll(async () => {
  for (const close of closers) await close();
  await theirs[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closers.push(async () => {
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

async function script(name: string, ...lines: readonly string[]): Promise<string> {
  await writeFile(folder.file(name), ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(folder.file(name), 0o755);
  return folder.file(name);
}

/** Runs with these options; the output folder must not come to be, and nothing may stay behind. */
async function refused(...options: readonly string[]): Promise<Ended> {
  await mkdir(folder.file('tmp'), { recursive: true });
  const ended = await busworthy(['run', ...quick, '--out', folder.file('a/out'), ...options], {
    temporary: folder.file('tmp'),
  });
  expect(await folder.list()).not.toContain('a');
  await expect.poll(() => leftBy(folder.file('tmp'))).toEqual([]);
  return ended;
}

describe('a nats-server that', () => {
  it('is too old is named with its version and the oldest that will do', async () => {
    const path = await script('old', 'echo "nats-server: v2.9.10"');
    expect(await refused('--nats-server', path)).toMatchObject(
      troubled(/^\/.*\/old: The configured nats-server is 2\.9\.10, and 2\.10\.4 is the oldest that will do\.\n/),
    );
  });

  it('is a text file does not run', async () => {
    await writeFile(folder.file('notes.txt'), 'to do\n');
    expect(await refused('--nats-server', folder.file('notes.txt'))).toMatchObject(
      troubled(/notes\.txt: The configured nats-server does not run: .*EACCES/),
    );
  });

  it('is another program is no nats-server', async () => {
    expect(await refused('--nats-server', await script('other', 'echo hello'))).toMatchObject(
      troubled(/other: The configured nats-server does not run: .*is no version/),
    );
  });

  it('fails when it is asked for its version does not run', async () => {
    expect(await refused('--nats-server', await script('broken', 'exit 1'))).toMatchObject(
      troubled(/broken: The configured nats-server does not run/),
    );
  });

  it('says a version and then does not start is told with the end of its log', async () => {
    const path = await script(
      'dies',
      'if [ "$1" = -v ]; then echo "nats-server: v2.15.2"; exit; fi',
      'echo "no such luck" >&2',
      'exit 7',
    );
    expect(await refused('--nats-server', path)).toMatchObject(
      troubled(/dies: nats-server ended at once \(exit code 7\)\. The end of its log:\nno such luck\n/),
    );
  });

  it('is a folder, or is not there, does not run', async () => {
    expect(await refused('--nats-server', folder.path)).toMatchObject(
      troubled(/The configured nats-server does not run: .*EACCES/),
    );
    expect(await refused('--nats-server', folder.file('gone'))).toMatchObject(
      troubled(/gone: The configured nats-server does not run: .*gone: not installed/),
    );
  });
});

describe('somebody else’s bus that', () => {
  it('is not there cannot be reached', async () => {
    expect(await refused('--bus', 'nats://127.0.0.1:1')).toMatchObject(
      troubled(/^The bus at nats:\/\/127\.0\.0\.1:1 cannot be reached: /),
    );
  });

  it('is an HTTP server cannot be reached, and soon', async () => {
    const port = await listening(createHttpServer((_, response) => response.end('hello')));
    expect(await refused('--bus', `nats://127.0.0.1:${String(port)}`)).toMatchObject(troubled(/cannot be reached: /));
  });

  it('says nothing at all cannot be reached, and soon', async () => {
    const server = createServer();
    const sockets = new Set<{ destroy(): void }>();
    server.on('connection', (socket) => sockets.add(socket));
    const port = await listening(server);
    const ended = await refused('--bus', `nats://127.0.0.1:${String(port)}`);
    for (const socket of sockets) socket.destroy();
    expect(ended).toMatchObject(troubled(/cannot be reached: /));
  });

  it('does not know the credentials refuses them', async () => {
    await using other = await startProcess();
    await using namespace = await other.namespace({ users: [], requestSubjects: [] });
    const creds = (await namespace.credentialsFile(admin)) ?? '';
    expect(await refused('--bus', theirs.url, '--creds', creds)).toMatchObject(
      troubled(/\.creds: The bus at .* refused the credentials/),
    );
    expect(await refused('--bus', theirs.url)).toMatchObject(troubled(/refused the credentials/));
  });

  it('has credentials in a file that is not there, or is none', async () => {
    await writeFile(folder.file('none.creds'), 'hello\n');
    expect(await refused('--bus', theirs.url, '--creds', folder.file('gone.creds'))).toMatchObject(
      troubled(/gone\.creds: The file of credentials cannot be read/),
    );
    expect(await refused('--bus', theirs.url, '--creds', folder.file('none.creds'))).toMatchObject(
      troubled(/none\.creds: .*credentials/),
    );
  });

  it('has no JetStream says so', async () => {
    const port = await listening(natsWithoutJetStream());
    expect(await refused('--bus', `nats://127.0.0.1:${String(port)}`)).toMatchObject(troubled(/may not use JetStream/));
  });

  it('is too old is named with its version', async () => {
    const port = await listening(natsWithoutJetStream('2.9.10'));
    expect(await refused('--bus', `nats://127.0.0.1:${String(port)}`)).toMatchObject(
      troubled(/is 2\.9\.10, and 2\.10\.4 is the oldest that will do/),
    );
  });

  it('has an authority whose file is not there', async () => {
    expect(await refused('--bus', 'tls://127.0.0.1:1', '--ca', folder.file('gone.pem'))).toMatchObject(
      troubled(/gone\.pem/),
    );
  });
});

it('a bus in a container needs an engine, and says where it looked', async (context) => {
  // A machine without an engine: its sockets are hidden.
  const hidden = [
    'unshare',
    '--map-root-user',
    '--mount',
    '/bin/sh',
    '-c',
    'mount -t tmpfs none /run && exec "$@"',
    'sh',
  ];
  await using probe = new Started([...hidden, 'true']);
  context.skip((await probe.ended).code !== 0, 'this user may make no namespace');
  const env = { DOCKER_HOST: 'unix:///nonexistent.sock', HOME: folder.path };
  const args = ['run', ...quick, '--bus', 'container', '--out', folder.file('a/out')];
  await using started = new Started([...hidden, process.execPath, main, ...args], { env });
  expect(await started.ended).toMatchObject(
    troubled(/^No container engine answers \(tried unix:\/\/\/nonexistent\.sock\)\.\n/),
  );
  expect(await folder.list()).not.toContain('a');
});

it('a port that is in use is told by its number', async () => {
  const port = await listening(createServer());
  const ended = await busworthy(['bus', 'up', 'unit-state', '--port', String(port)]);
  expect(ended).toMatchObject(
    troubled(new RegExp(`The reference bus cannot listen on 127\\.0\\.0\\.1:${String(port)}: the port is in use`)),
  );
});

describe('a run on somebody else’s bus', () => {
  let namespace: Namespace;
  let creds: string;
  beforeAll(async () => {
    namespace = await theirs.namespace({ users: [], requestSubjects: [] });
    creds = (await namespace.credentialsFile(admin)) ?? '';
  });

  it('holds, one trial after another, and names bus and credentials in its command', async () => {
    const args = ['run', ...quick, '--bus', theirs.url, '--creds', creds, '--json', '--out', folder.file('out')];
    const { code, stdout } = await busworthy(args);
    expect(code).toBe(0);
    const { header } = JSON.parse(stdout) as { header: { command: string[]; environment: { bus: object } } };
    expect(header.command.join(' ')).toContain(`--bus ${theirs.url} --creds ${creds}`);
    expect(header.environment.bus).toMatchObject({ runtime: 'external' });
  });

  it('that changes what it carries ends with 1', async () => {
    // From the server to the clients each classification is another one of the same length, which is in no closed list.
    const port = await listening(
      relay(Number(new URL(theirs.url).port), 'ce-classification: OFFICIAL', 'ce-classification: OFFICIAX'),
    );
    const bus = `nats://127.0.0.1:${String(port)}`;
    const args = ['run', ...quick, '--bus', bus, '--creds', creds, '--out', folder.file('changed')];
    const { code, stdout, stderr } = await busworthy(args);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^FAIL {2}/m);
    expect(stdout).toMatch(/does not hold: /);
  });
});

/** A server that greets as nats-server does, answers pings, and has no responder for anything. */
function natsWithoutJetStream(version = '2.15.2'): Server {
  const info = { server_id: 'N', server_name: 'n', version, proto: 1, headers: true, max_payload: 1_048_576 };
  return createServer((socket) => {
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
    socket.setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.on('data', (text: string) => {
      for (const line of text.split('\r\n')) {
        if (line === 'PING') socket.write('PONG\r\n');
        const reply = /^PUB \$JS\.API\.\S+ (\S+) \d+$/.exec(line)?.[1];
        // the client's one subscription for all replies is its first
        if (reply !== undefined) socket.write(`HMSG ${reply} 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n`);
      }
    });
  });
}

/** Passes on everything, with one text in place of another of the same length on the way from the server. */
function relay(port: number, from: string, to: string): Server {
  return createServer((client) => {
    const upstream = createConnectionTo(port);
    client.pipe(upstream);
    let held = '';
    upstream.setEncoding('latin1');
    upstream.on('data', (text: string) => {
      const all = (held + text).replaceAll(from, to);
      // An end that may be the beginning of the text waits for what follows: a message never ends there.
      let keep = Math.min(from.length - 1, all.length);
      while (keep > 0 && !from.startsWith(all.slice(-keep))) keep--;
      held = keep === 0 ? '' : all.slice(-keep);
      client.write(all.slice(0, all.length - keep), 'latin1');
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  });
}

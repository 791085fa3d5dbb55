import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Application } from '../../../harness/adapters/application.ts';
import { AdapterClient } from '../../../harness/adapters/http/adapter-client.ts';
import { ApplicationServer } from '../../../harness/adapters/http/application-server.ts';
import { reservePort } from '../../../harness/adapters/launch/ports.ts';
import { writeEffective } from '../../../harness/contracts/index.ts';
import type { Service } from '../../../harness/model/flow.ts';
import { checkout, contracts, Started } from '../../cli/busworthy.ts';
import type { SampleBus } from '../patterns/sample-bus.ts';

const program = join(checkout, 'harness/adapters/reference/typescript/main.ts');

export function startProgram(environment: Readonly<Record<string, string>>): Started {
  return new Started([process.execPath, program], { env: environment });
}

/** A port of this process's own, for as long as it lives. */
export async function freePort(): Promise<number> {
  return (await reservePort()).port;
}

/** The environment of an adapter of a service, with a bus that is not there. */
export async function environmentOf(
  service: string,
  application: string,
  role: string,
): Promise<Record<string, string>> {
  return {
    CONTRACT: join(contracts, service, 'asyncapi.yaml'),
    SERVICE: service,
    APPLICATION: application,
    ROLE: role,
    BUS_URL: `nats://127.0.0.1:${await freePort()}`,
    INBOX_PREFIX: '_INBOX_x',
    LISTEN_PORT: String(await freePort()),
    APPLICATION_URL: 'http://127.0.0.1:9',
  };
}

/** The reference adapter of one application as a process of its own, with the application behind it. */
export class ReferenceProcess implements AsyncDisposable {
  readonly client: AdapterClient;
  readonly started: Started;
  readonly #server: ApplicationServer;
  readonly #folder: string;

  private constructor(started: Started, port: number, server: ApplicationServer, folder: string) {
    this.started = started;
    this.client = new AdapterClient(`http://127.0.0.1:${port}`, { timeoutMs: 20_000 });
    this.#server = server;
    this.#folder = folder;
  }

  /** Resolves once it is ready. */
  static async start(
    bus: SampleBus,
    service: Service,
    application: string,
    behind: Application,
  ): Promise<ReferenceProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'busworthy-test-'));
    const document = await writeEffective(service, join(contracts, service.name), join(folder, service.name));
    const credentials = join(folder, 'bus.creds');
    await writeFile(credentials, bus.space.credentials(application) ?? '');
    const unexpected = (line: string): never => {
      throw new Error(line);
    };
    const server = await ApplicationServer.open({ behind, log: unexpected, problem: unexpected });
    const role = service.applications.find(({ name }) => name === application)?.role ?? '';
    const environment: Record<string, string> = {
      ...(await environmentOf(service.name, application, role)),
      CONTRACT: document,
      BUS_URL: bus.space.url,
      BUS_CREDENTIALS: credentials,
      INBOX_PREFIX: bus.space.inboxPrefix(application),
      APPLICATION_URL: server.url,
    };
    const made = new ReferenceProcess(startProgram(environment), Number(environment['LISTEN_PORT']), server, folder);
    await made.started.until(/^ready$/m);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client[Symbol.dispose]();
    await this.started[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true });
  }
}

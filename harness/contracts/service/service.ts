import { consumersOf, providersOf, type Application, type Flow, type Service } from '../../model/flow.ts';
import { Mistakes } from '../mistakes.ts';
import { checkCircles } from '../schema/circles.ts';
import { newFindings, type SchemaFindings } from '../schema/walk.ts';
import { documentName, readFolder, type ServiceFolder } from '../source/folder.ts';
import { checkReferences, cursorId, placeAt } from '../source/reference.ts';
import { checkDurations } from './durations.ts';
import { checkEnvelopes } from './envelope.ts';
import { readDocument, type Channel, type ServiceDocument } from './document.ts';
import { readFlow, type ReadFlow } from './flow.ts';
import { checkKeys } from './keys.ts';
import { exampleFiles, readMessage, type ReadMessage } from './message.ts';
import { checkNames } from './names.ts';
import { checkPayloads } from './payloads.ts';
import { checkRules } from './rules.ts';

/** A service with the documents that it was read from. */
export interface ReadService {
  readonly service: Service;
  readonly folder: ServiceFolder;
  readonly flows: readonly ReadFlow[];
  readonly findings: SchemaFindings;
}

/** Reads the service of a folder. Throws `Problems`: every mistake that can be seen without compiling a schema. */
export async function readService(path: string): Promise<ReadService> {
  const folder = await readFolder(path);
  const mistakes = new Mistakes();
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(folder.name)) {
    mistakes.add(
      { file: folder.document.file },
      `the folder's name is the service's, and is not in kebab case`,
      'rename the folder',
    );
  }
  checkReferences(folder, mistakes);
  mistakes.throwIfAny();
  const document = readDocument(folder, mistakes);
  const findings = newFindings();
  const flows = await readFlows(folder, document, findings, mistakes);
  checkCircles(findings, mistakes);
  checkExampleNames(folder, document, mistakes);
  mistakes.throwIfAny();
  for (const check of [checkNames, checkKeys, checkDurations, checkEnvelopes, checkPayloads, checkRules])
    check(flows, mistakes);
  mistakes.throwIfAny();
  const service: Service = {
    name: folder.name,
    title: document.title,
    version: document.version,
    document: `${folder.name}/${documentName}`,
    digest: folder.digest,
    flows: flows.map(({ flow }) => flow),
    applications: applicationsOf(flows.map(({ flow }) => flow)),
  };
  return { service, folder, flows, findings };
}

async function readFlows(
  folder: ServiceFolder,
  document: ServiceDocument,
  findings: SchemaFindings,
  mistakes: Mistakes,
): Promise<readonly ReadFlow[]> {
  const known = new Map<string, Promise<ReadMessage | undefined>>();
  const messagesOf = async (channel: Channel): Promise<readonly ReadMessage[]> => {
    const read = channel.messages.map(({ name, at }) => {
      const id = `${name} ${cursorId(at)}`;
      const message = known.get(id) ?? readMessage(folder, name, at, findings, mistakes);
      known.set(id, message);
      return message;
    });
    return (await Promise.all(read)).filter((message) => message !== undefined);
  };
  const flows: ReadFlow[] = [];
  const replyChannels = new Set(document.operations.flatMap((operation) => operation.replyChannel ?? []));
  for (const channel of document.channels) {
    const isReply = replyChannels.has(channel.name);
    if (isReply !== (channel.flow === undefined)) {
      const what = isReply
        ? `channel ${channel.name} is one of replies and has an x-flow`
        : `channel ${channel.name} has no x-flow`;
      const next = isReply
        ? 'delete it: the x-flow of the requests holds for their replies'
        : 'say how its messages travel, or name it in the reply of an operation';
      mistakes.add(placeAt(channel.at), what, next);
    }
    const flow = await readFlow(folder.name, document, channel, messagesOf, mistakes);
    if (flow !== undefined) flows.push(flow);
  }
  return flows;
}

function checkExampleNames(folder: ServiceFolder, document: ServiceDocument, mistakes: Mistakes): void {
  const names = new Set(document.channels.flatMap(({ messages }) => messages.map(({ name }) => name)));
  for (const { source, of } of exampleFiles(folder)) {
    if (of !== undefined && names.has(of)) continue;
    const next = 'name it Message.valid.json or Message.invalid.json, or Message.what-it-shows.valid.json';
    mistakes.add({ file: source.file }, 'the example belongs to no message of the document', next);
  }
}

/** Every application, with its part in the main flow, else in the first flow that it meets. */
function applicationsOf(flows: readonly Flow[]): readonly Application[] {
  const roles = new Map<string, Application['role']>();
  for (const flow of flows) {
    for (const name of providersOf(flow)) roles.set(name, roles.get(name) ?? 'provider');
    for (const name of consumersOf(flow)) roles.set(name, roles.get(name) ?? 'consumer');
  }
  return [...roles].map(([name, role]) => ({ name, role }));
}

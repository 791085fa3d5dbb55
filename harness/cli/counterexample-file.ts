import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Problem, type Place } from '../model/errors.ts';
import { messagesOf, type Flow, type Service } from '../model/flow.ts';
import { partsOf, type Pact } from '../model/pact.ts';
import type { PactUse, Workload } from '../model/workload.ts';

/** What a replay reads of a counterexample's file. */
export interface CounterexampleFile {
  readonly path: string;
  readonly clause: string;
  readonly service: string;
  readonly flow: string;
  readonly found: {
    readonly trial: string;
    readonly scenario: string;
    readonly trialSeed: number;
    readonly runSeed: number;
  };
  readonly verdict: {
    readonly expected?: string;
    readonly observed?: string;
    readonly failed: number;
    readonly tried: number;
  };
  /** Service → SHA-256 over its documents. */
  readonly contracts: Readonly<Record<string, string>>;
  readonly timeScale: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly adapters?: readonly { readonly application: string; readonly file: string }[];
  readonly defect?: string;
  /** Those of the flow when it was found; absent where the workload shows nothing of pacts. */
  readonly pacts?: readonly Pact[];
  readonly workload: Workload;
}

const schemaUrl = new URL('../../reports/counterexample.schema.json', import.meta.url);
const knownFormat = 1;
const again = 'name a file that a run has written: reports/out/<run>/counterexample-….json';

/** Reads a counterexample. Throws a Problem for what is none, or is one of a version that this one does not know. */
export async function readCounterexample(path: string): Promise<CounterexampleFile> {
  const given = parsed(await read(path), path);
  const { kind, format } = given;
  if (kind !== 'busworthy-counterexample')
    throw wrong('not a counterexample: it has no "kind": "busworthy-counterexample"', { file: path }, again);
  if (format !== knownFormat) {
    throw wrong(
      `a counterexample of format ${JSON.stringify(format) ?? 'none'}, and this version reads format ${String(knownFormat)}`,
      { file: path },
      'replay it with the version of busworthy that wrote it; its member versions names it',
    );
  }
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(await readFile(schemaUrl, 'utf8')) as object);
  if (!validate(given)) {
    const [first] = validate.errors ?? [];
    throw wrong(
      `not a whole counterexample: ${first?.instancePath === '' ? 'it' : (first?.instancePath ?? 'it')} ${first?.message ?? 'is wrong'}`,
      { file: path },
      again,
    );
  }
  return { ...(given as unknown as CounterexampleFile), path };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : `it cannot be read (${code ?? 'unknown error'})`;
    throw wrong(`no counterexample: ${why}`, { file: path }, again, cause);
  }
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const at = /\(line (\d+) column (\d+)\)/u.exec(said);
    const place = at === null ? { file: path } : { file: path, line: Number(at[1]), column: Number(at[2]) };
    // The library's sentence may quote what the file says.
    const what = said.startsWith('Unexpected end') ? 'it ends too early' : 'it is broken here';
    throw wrong(`no JSON: ${what}`, place, 'take the file as the run wrote it', cause);
  }
}

const wrong = (what: string, place: Place, next: string, cause?: unknown): Problem =>
  new Problem('journal', what, { place, next, ...(cause === undefined ? {} : { cause }) });

/**
 * The flow of the counterexample, with the pacts that it was found with. Throws a Problem where these contracts have no such flow,
 * message or application, or the file no such pact.
 */
export function flowOf({ path, flow: id, workload, pacts }: CounterexampleFile, service: Service): Flow {
  const place = { file: path };
  const next = 'replay it with the contracts that it was found with: --contracts FOLDER';
  const flow = service.flows.find((candidate) => candidate.id === id);
  if (flow === undefined)
    throw wrong(
      `its flow ${id} is not there: ${service.name} has ${service.flows.map((each) => each.id).join(', ')}`,
      place,
      next,
    );
  const applications = new Set(service.applications.map(({ name }) => name));
  for (const message of workload.messages) {
    const own = service.flows.find((candidate) => candidate.id === message.flow);
    if (own === undefined || !messagesOf(own).some(({ name }) => name === message.type))
      throw wrong(`its message ${message.type} is not there on ${message.flow}`, place, next);
    if (!applications.has(message.application))
      throw wrong(`its application ${message.application} is not there in ${service.name}`, place, next);
  }
  const named = [
    ...workload.lanes.flat().flatMap((step) => ('application' in step ? [step.application] : [])),
    ...workload.scripts.map(({ application }) => application),
    ...Object.keys(workload.instances),
  ].find((name) => !applications.has(name));
  if (named !== undefined) throw wrong(`its application ${named} is not there in ${service.name}`, place, next);
  const dangling = indexesIn(workload).find((message) => workload.messages[message] === undefined);
  if (dangling !== undefined)
    throw wrong(
      `its workload names message ${String(dangling)}, and has ${String(workload.messages.length)}`,
      place,
      again,
    );
  const strange = workload.messages.flatMap(({ pact: use }) => use?.of ?? []).find((use) => !isThere(use, pacts));
  if (strange !== undefined)
    throw wrong(`its pacts have no interaction ${String(strange.interaction)} of ${strange.pact}`, place, again);
  return pacts === undefined ? flow : { ...flow, pacts };
}

function isThere({ pact, interaction, part }: PactUse['of'][number], pacts: readonly Pact[] = []): boolean {
  const found = pacts.find(({ name }) => name === pact)?.interactions[interaction];
  return found !== undefined && partsOf(found).some(([name]) => name === part);
}

function indexesIn(workload: Workload): readonly number[] {
  return [
    ...workload.lanes.flat().flatMap((step) => {
      if (step.do === 'inject-reply') return [step.message, step.request];
      if (step.do === 'send' || step.do === 'inject') return [step.message];
      if (step.do === 'open-loop') return step.arrivals.flatMap(({ message }) => message ?? []);
      return step.do === 'wait' && 'message' in step.for ? [step.for.message] : [];
    }),
    ...workload.scripts.flatMap(({ message, answers }) => [message, ...answers.flatMap(({ reply }) => reply ?? [])]),
    ...(workload.wire ?? []).map(({ message }) => message),
  ];
}

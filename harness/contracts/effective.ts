import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlias, parseDocument, type Document } from 'yaml';
import type { Flow, Service, Shortened } from '../model/flow.ts';
import { Mistakes } from './mistakes.ts';
import { readDocument } from './service/document.ts';
import { documentName, readFolder } from './source/folder.ts';
import { child, valueAt, type Cursor } from './source/reference.ts';

/**
 * The shortest that a time scale makes each duration, in milliseconds. `ackWaitMs`: a busy machine stalls a live holder for a second,
 * which must not look like its crash. `dedupeWindowMs`: an adapter publishes again after 2 s without an acknowledgement, which the bus
 * must still know as a repeat. `backoffMs`: shorter delays drown in timer lag, and so do
 * smaller differences of two. `expiryMs`: a message must be able to arrive before it expires.
 */
export const floorsMs = { ackWaitMs: 2000, dedupeWindowMs: 3000, backoffMs: 100, expiryMs: 1000 } as const;
type Duration = keyof typeof floorsMs;

/**
 * The service as a run performs it, with its durations multiplied by `timeScale` down to their floors, never lengthened. Of two back-offs
 * that differ the longer one stays longer: who waits for the first of them every time must show.
 */
export function shorten(
  service: Service,
  timeScale: number,
): { readonly service: Service; readonly shortened: readonly Shortened[] } {
  if (!(timeScale > 0)) throw new RangeError(`a time scale is above 0: ${String(timeScale)}`);
  const shortened: Shortened[] = [];
  const flows = service.flows.map((flow): Flow => {
    const effective = (what: string, declaredMs: number, effectiveMs: number): number => {
      if (effectiveMs < declaredMs) shortened.push({ flow: flow.id, what, declaredMs, effectiveMs });
      return effectiveMs;
    };
    const durations: Partial<Record<Duration, number>> = {};
    for (const name of ['ackWaitMs', 'dedupeWindowMs', 'expiryMs'] as const) {
      const declaredMs = flow[name];
      if (declaredMs !== undefined)
        durations[name] = effective(name, declaredMs, scaled(declaredMs, timeScale, floorsMs[name]));
    }
    const delays = scaledApart(flow.backoffMs, timeScale);
    const backoffMs = flow.backoffMs.map((delay, at) =>
      effective(`backoffMs[${String(at)}]`, delay, delays.get(delay) ?? delay),
    );
    return { ...flow, ...durations, backoffMs };
  });
  return shortened.length === 0 ? { service, shortened } : { service: { ...service, flows }, shortened };
}

const scaled = (declaredMs: number, timeScale: number, floorMs: number): number =>
  Math.min(declaredMs, Math.max(floorMs, Math.round(declaredMs * timeScale)));

/** Each declared delay as it is performed, from the shortest on. */
function scaledApart(declaredMs: readonly number[], timeScale: number): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  let floorMs: number = floorsMs.backoffMs;
  for (const delay of declaredMs.toSorted((a, b) => a - b)) {
    if (found.has(delay)) continue;
    const delayMs = scaled(delay, timeScale, floorMs);
    found.set(delay, delayMs);
    floorMs = delayMs + floorsMs.backoffMs;
  }
  return found;
}

/**
 * Writes a service's folder as a run performs it: the same documents, with the durations of `service` in the x-flows.
 * @param source the declared service's folder
 * @param target the folder that it is written to, which is made
 * @returns the path of the effective AsyncAPI document
 */
export async function writeEffective(service: Service, source: string, target: string): Promise<string> {
  const folder = await readFolder(source);
  const { channels } = readDocument(folder, new Mistakes());
  for (const [name, { text }] of folder.sources) {
    const document = parseDocument(text, { stringKeys: true, merge: true });
    let changed = false;
    for (const channel of channels) {
      const flow = service.flows.find((candidate) => candidate.channel === channel.name);
      if (flow === undefined || channel.flow?.source.name !== name) continue;
      changed = writeDurations(document, channel.flow, flow) || changed;
    }
    const path = join(target, name);
    await mkdir(dirname(path), { recursive: true });
    if (!changed) await cp(join(source, name), path);
    else {
      document.commentBefore = ` Effective document of one run: some durations are shortened.${document.commentBefore === null ? '' : `\n${document.commentBefore ?? ''}`}`;
      await writeFile(path, document.toString({ lineWidth: 0 }));
    }
  }
  return join(target, documentName);
}

/** Whether anything had to be changed. An x-flow that aliases share is written out in this place. */
function writeDurations(document: Document, at: Cursor, flow: Flow): boolean {
  let changed = false;
  for (const name of Object.keys(floorsMs) as readonly Duration[]) {
    const value = flow[name];
    if (value === undefined || JSON.stringify(valueAt(child(at, name))) === JSON.stringify(value)) continue;
    for (let depth = 1; depth <= at.path.length; depth += 1) unshare(document, at.path.slice(0, depth));
    document.setIn([...at.path, name], document.createNode(value, { flow: true }));
    changed = true;
  }
  return changed;
}

function unshare(document: Document, path: readonly (string | number)[]): void {
  const node: unknown = document.getIn(path, true);
  if (isAlias(node)) document.setIn(path, document.createNode(node.toJS(document)));
}

import { Problem, type Place } from '../model/errors.ts';
import type { Flow, Message, Service } from '../model/flow.ts';
import { headerFaults } from './events/header-schema.ts';
import { materialise } from './events/materialise.ts';
import { contradictionsOf } from './pacts/contradictions.ts';
import { SchemaError } from './schema/index.ts';
import { WorkloadBuilder } from './workload-builder.ts';

/** Headers that are copied and never checked. */
const unchecked: readonly string[] = ['traceparent', 'tracestate'];

/**
 * Makes a few messages of every type of a service, as a run would: what cannot be made is said of the contract, before anything
 * runs. Any start will do for `epochMs`.
 * @param tries messages of each type that are tried
 */
export function rehearse(service: Service, place: Place, epochMs: number, tries: number): readonly Problem[] {
  const seen = new Set<string>();
  const unmade = service.flows.flatMap((flow) =>
    [...flow.messages, ...flow.replies].flatMap((message) => {
      const name = `${flow.id} ${message.name}`;
      if (seen.has(name)) return [];
      seen.add(name);
      for (let seed = 1; seed <= tries; seed++) {
        const why = whyNot(service, flow, message, seed, epochMs);
        if (why !== undefined)
          return [
            new Problem('contract', `no valid ${message.name} of ${flow.id} can be made: ${why.what}`, {
              place,
              next: why.next,
            }),
          ];
      }
      return [];
    }),
  );
  return unmade.length > 0 ? unmade : contradictionsOf(service);
}

function whyNot(
  service: Service,
  flow: Flow,
  message: Message,
  seed: number,
  epochMs: number,
): { readonly what: string; readonly next: string } | undefined {
  try {
    const build = new WorkloadBuilder(service, flow, seed);
    const isReply = flow.replies.includes(message);
    const request = build.message(isReply ? {} : { type: message.name });
    const index = isReply ? build.reply(request, { type: message.name }) : request;
    const built = materialise(build.build(), service, epochMs).list[index];
    const faults = [...headerFaults(message, built?.event.headers ?? {})].filter((name) => !unchecked.includes(name));
    if (faults.length === 0) return undefined;
    return {
      what: `its header schema refuses every ${faults.join(', ')} that was tried`,
      next: 'let it allow what the envelope asks for; of further headers only those cross whose names begin with ce-',
    };
  } catch (cause) {
    if (cause instanceof Problem) return { what: cause.message, next: cause.next ?? 'correct its schemas' };
    if (cause instanceof SchemaError)
      return {
        what: cause.message,
        next: 'write it in a simpler way: a pattern without look-around, or a pattern alone in place of a format with a pattern',
      };
    throw cause;
  }
}

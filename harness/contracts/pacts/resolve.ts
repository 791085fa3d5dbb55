import { declaredNames } from '../../model/declared.ts';
import { consumersOf, providersOf, type Flow, type Message, type Service } from '../../model/flow.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { nearest } from '../../model/nearest.ts';
import { expectedOf, type PactPart } from '../../model/pact.ts';
import { subjectMatches, wildcardOf } from '../../model/subject.ts';
import type { Mistakes } from '../mistakes.ts';
import { placeAt } from '../source/reference.ts';
import type { RawPart } from './part.ts';

/** A message of the service that a part may be about. */
export interface Candidate {
  readonly flow: Flow;
  readonly message: Message;
}

/** The flows on which the consumer meets messages of the provider. */
export function flowsBetween(service: Service, consumer: string, provider: string): readonly Flow[] {
  return service.flows.filter((flow) => consumersOf(flow).includes(consumer) && providersOf(flow).includes(provider));
}

/**
 * The message that a part is about: the one that its metadata names as `ce-type`; without that, the only one of the candidates
 * that has every field of the example, on the subject that is asked for. Undefined, with the mistake said, where there is none.
 */
export function messageOfPart(
  part: RawPart,
  candidates: readonly Candidate[],
  service: Service,
  mistakes: Mistakes,
  isReply = false,
): Candidate | undefined {
  const { headers, subject: said } = expectedOf({ ...part, type: '' });
  // A reply has none that anybody could ask for, which is said elsewhere.
  const subject = isReply ? undefined : said;
  const type = headers['ce-type'];
  const onSubject = candidates.filter(({ flow }) => subject === undefined || subjectMatches(wildcardOf(flow), subject));
  if (subject !== undefined && onSubject.length === 0) {
    const known = [...new Set(candidates.map(({ flow }) => flow.address))].join(', ');
    const what = `the subject ${JSON.stringify(subject)} is none on which the consumer meets this provider’s messages`;
    mistakes.add(placeAt(part.at), what, `the contract has ${known}`);
    return undefined;
  }
  if (type !== undefined) {
    const found = onSubject.find(({ message }) => message.name === type);
    if (found === undefined) refuseType(type, part, candidates, service, mistakes);
    return found;
  }
  const fitting = onSubject.filter(({ message }) => hasEveryField(message, part.contents));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const names = (fitting.length === 0 ? onSubject : fitting).map(({ message }) => message.name).join(', ');
  const what =
    fitting.length === 0
      ? 'the interaction names no message, and none that the consumer meets has all of its fields'
      : `the interaction names no message, and may be about any of ${names}`;
  mistakes.add(placeAt(part.at), what, `name the message in the metadata as ce-type: one of ${names}`);
  return undefined;
}

function refuseType(
  type: string,
  part: PactPart | RawPart,
  candidates: readonly Candidate[],
  service: Service,
  mistakes: Mistakes,
): void {
  const known = candidates.map(({ message }) => message.name);
  const elsewhere = service.flows.find((flow) => [...flow.messages, ...flow.replies].some(({ name }) => name === type));
  const near = nearest(type, known);
  const what =
    elsewhere !== undefined
      ? `the consumer gets no ${type} from this provider: it travels on ${elsewhere.id}`
      : `${service.name} has no message ${type}${near === undefined ? '' : `; did you mean ${near}?`}`;
  mistakes.add(part.place, what, `name one of ${known.join(', ')} as ce-type, or correct consumer and provider`);
}

/** Whether every member of the example is one that the message's schema names somewhere. */
function hasEveryField(message: Message, contents: JsonValue | undefined): boolean {
  const declared = declaredNames(message.payload);
  const fits = (value: JsonValue): boolean => {
    if (Array.isArray(value)) return (value as readonly JsonValue[]).every(fits);
    return !isJsonObject(value) || Object.entries(value).every(([name, member]) => declared.has(name) && fits(member));
  };
  return contents !== undefined && isJsonObject(contents) && fits(contents);
}

import { Problem } from '../../model/errors.ts';
import { declaredNames } from '../../model/declared.ts';
import { requiredAttributes } from '../../model/event.ts';
import { classifications, messageOf, type Flow, type Message, type Service } from '../../model/flow.ts';
import { isJsonObject, pointerToken, valuesAt, type JsonValue } from '../../model/json.ts';
import { expectedOf, partsOf, type Pact, type PactPart } from '../../model/pact.ts';
import { entitled } from '../../model/subject.ts';
import { acceptsHeader } from '../events/header-schema.ts';
import { SchemaError } from '../schema/index.ts';
import { complete, type Completion } from './complete.ts';
import { randomFrom } from '../random.ts';
import { generatedContents, generatedMetadata } from './generate.ts';
import { narrowed } from './narrow.ts';

/** Whatever a pact expects that the contract rules out, each naming the field or header. What is pending is judged later, apart. */
export function contradictionsOf(service: Service): readonly Problem[] {
  return service.flows.flatMap((flow) =>
    (flow.pacts ?? []).flatMap((pact) =>
      pact.interactions
        .filter(({ pending }) => !pending)
        .flatMap((interaction) =>
          partsOf(interaction).flatMap(([name, part]) => {
            const say = (what: string, next: string): Problem =>
              new Problem('contract', `${JSON.stringify(interaction.description)}, ${name}: ${what}`, {
                place: part.place,
                next,
              });
            const message = messageOf(flow, part.type);
            const { states } = interaction;
            const narrow = narrowed(service, message, states);
            const metadata = generatedMetadata(part, states, randomFrom(0));
            return [
              ...headerContradictions(flow, pact, message, { ...part, metadata }, say),
              ...bodyContradictions(message, narrow.message, generatedContents(part, states, randomFrom(0)), say),
            ];
          }),
        ),
    ),
  );
}

type Say = (what: string, next: string) => Problem;

function headerContradictions(flow: Flow, pact: Pact, message: Message, part: PactPart, say: Say): readonly Problem[] {
  const { headers, subject } = expectedOf(part);
  const known = declaredNames(message.headers);
  const problems = Object.entries(headers).flatMap(([name, value]) => {
    const isKnown = known.has(name) || (requiredAttributes as readonly string[]).includes(name);
    if (!isKnown && name !== 'traceparent' && name !== 'tracestate') {
      return [
        say(`it asks for the header ${name}, which no ${message.name} has`, `see the header schema of ${message.name}`),
      ];
    }
    if (name === 'ce-classification' && isOver(flow, value)) {
      const next = `x-flow of ${flow.channel} allows at most ${flow.classification}`;
      return [say(`it asks for the classification ${value}, which ${flow.id} does not carry`, next)];
    }
    if (acceptsHeader(message, name, value) && (name !== 'ce-datacontenttype' || isJson(value))) return [];
    return [
      say(
        `it asks for ${name} ${JSON.stringify(value)}, which no ${message.name} has`,
        `see the header schema of ${message.name}`,
      ),
    ];
  });
  const receiver = flow.receivers.find(({ application }) => application === pact.consumer);
  if (subject === undefined || receiver === undefined || entitled(flow, receiver, subject)) return problems;
  const what = `it asks for the subject ${JSON.stringify(subject)}, which ${pact.consumer} never gets`;
  return [...problems, say(what, `see the filter of ${pact.consumer} and the address ${flow.address}`)];
}

const isJson = (type: string): boolean => /^application\/json\s*(;|$)/i.test(type);

function isOver(flow: Flow, value: string): boolean {
  const level = (classifications as readonly string[]).indexOf(value);
  return level < 0 || level > classifications.indexOf(flow.classification);
}

function bodyContradictions(
  message: Message,
  inState: Message,
  contents: JsonValue | undefined,
  say: Say,
): readonly Problem[] {
  if (contents === undefined) return [];
  const undeclared = undeclaredIn(message, contents);
  if (undeclared.length > 0) {
    return undeclared.map((path) =>
      say(
        `it asks for the field ${path}, which the schema of ${message.name} does not have`,
        `take it out, or have it added to the contract`,
      ),
    );
  }
  const found = completed(inState, contents);
  if (found === undefined) {
    const what = `no payload of ${message.name} meets its schema and that of the provider state: the state cannot be`;
    return [say(what, 'correct what states.yaml says of it, or the parameters that the pact gives')];
  }
  if ('payload' in found) return [];
  // What only gathers the faults of its branches says nothing of its own.
  const own = found.faults.filter((fault) => !/^(if|allOf|anyOf|oneOf) /.test(fault));
  return (own.length === 0 ? found.faults : own).map((fault) => {
    const end = fault.lastIndexOf(' ');
    const [keyword, path] = [fault.slice(0, end), fault.slice(end + 1)];
    const value = valuesAt(contents, path)[0];
    const shown = value === undefined ? '' : ` ${JSON.stringify(value).slice(0, 60)}`;
    const against = inState === message ? '' : ' in this provider state';
    return say(
      `its ${path === '' ? 'contents' : path}${shown} is against ${keyword} of the schema of ${message.name}${against}`,
      `correct the example${keyword === 'false schema' ? ': the contract forbids it there' : ''}, or have the contract changed`,
    );
  });
}

/** Undefined where the state leaves no payload at all. */
function completed(inState: Message, contents: JsonValue): Completion | undefined {
  try {
    return complete(inState, contents, 0);
  } catch (cause) {
    if (cause instanceof SchemaError) return undefined;
    throw cause;
  }
}

/** Members of the example that the schema names nowhere, as JSON Pointers; none where the schema has maps, whose names are anybody's. */
function undeclaredIn(message: Message, contents: JsonValue): readonly string[] {
  const declared = declaredNames(message.payload);
  if (hasMaps(message.payload)) return [];
  const visit = (value: JsonValue, path: string): readonly string[] => {
    if (Array.isArray(value)) {
      return (value as readonly JsonValue[]).flatMap((item, at) => visit(item, `${path}/${String(at)}`));
    }
    if (!isJsonObject(value)) return [];
    return Object.entries(value).flatMap(([name, member]) => {
      const at = `${path}/${pointerToken(name)}`;
      return declared.has(name) ? visit(member, at) : [at];
    });
  };
  return visit(contents, '');
}

function hasMaps(schema: JsonValue): boolean {
  if (Array.isArray(schema)) return (schema as readonly JsonValue[]).some(hasMaps);
  if (!isJsonObject(schema)) return false;
  const { additionalProperties, patternProperties } = schema;
  return isJsonObject(additionalProperties) || patternProperties !== undefined || Object.values(schema).some(hasMaps);
}

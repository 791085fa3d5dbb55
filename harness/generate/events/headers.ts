import { classifications, type Flow, type Message } from '../../model/flow.ts';
import type { HeaderFault, PlannedMessage } from '../../model/workload.ts';
import { seedOf, type Random } from '../random.ts';
import { acceptsHeader, meetHeaderSchema } from './header-schema.ts';

const hourMs = 3_600_000;

const hex = '0123456789abcdef';

/** How a time may be written; an adapter copies it as it stands. */
const timeStyles: readonly ((at: number) => string)[] = [
  (at) => new Date(at).toISOString(),
  (at) => new Date(at).toISOString().replace('Z', '+00:00'),
  (at) => inZone(at, 1),
  (at) => new Date(at).toISOString().replace('Z', '456Z'),
];

/** The same time is written the same way: in one of them there is more than milliseconds. Neighbours, 1 ms or 10 ms apart, are not. */
function styleFor<T>(timeMs: number, styles: readonly T[]): T {
  const at = Math.abs(Math.round(timeMs));
  const found = styles[(at + Math.floor(at / 10)) % styles.length];
  if (found === undefined) throw new RangeError('no way to write a time');
  return found;
}

/** Headers whose value is what the workload plans, and no other would do. */
const fixed: readonly string[] = [
  'ce-id',
  'ce-type',
  'ce-time',
  'ce-dataschema',
  'ce-partitionkey',
  'ce-sequence',
  'ce-expirytime',
  'traceparent',
  'tracestate',
];

/**
 * The headers that the sending application gives an event: a valid set, changed as the workload says. What the header schema asks
 * for beside the envelope's own is drawn from it; an application names itself the same way each time.
 */
export function headersOf(
  planned: PlannedMessage,
  flow: Flow,
  message: Message,
  epochMs: number,
  random: Random,
): Record<string, string> {
  const timeMs = epochMs + planned.timeMs;
  const styles = timeStyles.filter((write) => acceptsHeader(message, 'ce-time', write(timeMs)));
  const style = styleFor(planned.timeMs, styles.length === 0 ? timeStyles : styles);
  const headers: Record<string, string | null> = {
    'ce-specversion': '1.0',
    'ce-id': planned.id,
    'ce-source': `urn:application:${planned.application}`,
    'ce-type': planned.type,
    'ce-time': style(timeMs),
    'ce-datacontenttype': 'application/json',
    'ce-dataschema': message.dataschema,
    'ce-correlationid': `correlation-${random.text(12, hex)}`,
    'ce-causationid': `cause-${random.text(12, hex)}`,
    'ce-classification': random.pick(classifications.slice(0, classifications.indexOf(flow.classification) + 1)),
    ...(planned.key === '' ? {} : { 'ce-partitionkey': planned.key }),
    ...(planned.sequence === 0 ? {} : { 'ce-sequence': String(planned.sequence) }),
    ...(planned.expiresMs === undefined
      ? {}
      : { 'ce-expirytime': inZone(epochMs + planned.expiresMs, planned.expiryZone ?? 0) }),
    traceparent: `00-${random.text(31, hex)}1-${random.text(15, hex)}1-01`,
    tracestate: `busworthy=${random.text(8, hex)}`,
    ...planned.headers,
  };
  const given = Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  const kept = new Set([...fixed, ...Object.keys(planned.headers)]);
  const seed = random.seed();
  return meetHeaderSchema(message, given, kept, (name) =>
    name === 'ce-source' ? seedOf(0, planned.application) : seedOf(seed, name),
  );
}

/** A time as it is written where clocks are so many hours ahead of UTC. */
function inZone(ms: number, hours: number): string {
  if (hours === 0) return new Date(ms).toISOString();
  return `${new Date(ms + hours * hourMs).toISOString().slice(0, -1)}+${String(hours).padStart(2, '0')}:00`;
}

/** Headers that no contract allows, for a planned violation. */
export function violateHeader(
  headers: Readonly<Record<string, string>>,
  header: string,
  how: HeaderFault,
): Record<string, string> {
  const { [header]: value = '', ...others } = headers;
  switch (how) {
    case 'absent':
      return others;
    case 'in-capitals':
      return { ...others, [capitals(header)]: value };
    case 'malformed':
      return { ...others, [header]: malformed(header, value) };
    case 'not-allowed':
      return { ...others, [header]: notAllowed(header) };
    case 'batch-mode':
      return { ...others, [header]: 'application/cloudevents-batch+json' };
    case 'with-parameter':
      return { ...others, [header]: `${value}; charset=utf-8` };
  }
}

/** `Ce-Time` of `ce-time`, as many a library of HTTP writes it. */
const capitals = (header: string): string => header.replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());

function malformed(header: string, value: string): string {
  if (header === 'ce-time' || header === 'ce-expirytime') return value.replace(/(Z|[+-]\d{2}:\d{2})$/, '');
  if (header === 'ce-sequence') return `${value}x`;
  if (header === 'traceparent') return '00-not-a-trace';
  return `${value}~`;
}

function notAllowed(header: string): string {
  if (header === 'ce-classification') return 'TOP-SECRET';
  if (header === 'ce-specversion') return '0.3';
  if (header === 'ce-datacontenttype') return 'application/cloudevents+json';
  if (header === 'ce-dataschema') return 'urn:busworthy:no-such-schema';
  return 'not-allowed';
}

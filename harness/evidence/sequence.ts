import { rowAt, type History, type RowOf, type TableName } from '../model/history.ts';
import type { Lifeline, Sequence, SequenceEntry } from '../model/sequence.ts';
import { NONE } from '../model/table.ts';
import type { Evidence } from '../model/verdict.ts';

/** Entries that a sequence has at most: what proves a failure comes before the rest. */
const mostEntries = 80;

/** An entry whose ends are still names. */
type Draft = { readonly at: number; readonly text: string; readonly row: Evidence } & (
  | { readonly from: Lifeline; readonly to: Lifeline; readonly answer?: true }
  | { readonly on: Lifeline }
);

const bus: Lifeline = { kind: 'bus', name: 'bus' };
const harness: Lifeline = { kind: 'harness', name: 'harness' };
const application = (name: string): Lifeline => ({ kind: 'application', name });
const adapter = (name: string, instance = 0): Lifeline => ({
  kind: 'adapter',
  name: instance === 0 ? `adapter of ${name}` : `adapter ${String(instance + 1)} of ${name}`,
});

/** What a history says happened between applications, adapters and bus, in the order of time. */
export function sequenceOf(history: History, proof: readonly Evidence[] = []): Sequence {
  const drafts = [
    ...rows(history, 'send', sends),
    ...rows(history, 'injection', injections),
    ...rows(history, 'stored', storings),
    ...rows(history, 'delivery', deliveries),
    ...rows(history, 'acknowledgement', acknowledgements),
    ...rows(history, 'deadLetter', deadLetters),
    ...rows(history, 'notice', notices),
    ...lifecycle(history),
    ...rows(history, 'fault', faults),
  ];
  const proves = ({ table, row }: Evidence): boolean =>
    proof.some((other) => other.table === table && other.row === row);
  // What is proof and has no arrow of its own, such as a line of the audit trail, is a mark on the bus.
  const shown = new Set(drafts.map(({ row }) => `${row.table} ${String(row.row)}`));
  const others = proof
    .filter(
      ({ table, row }) => table !== 'planned' && !shown.has(`${table} ${String(row)}`) && row < history[table].length,
    )
    .map((row): Draft => ({ at: timeOf(history, row), text: `${words(row.table)} ${String(row.row)}`, row, on: bus }));
  const all = [...drafts, ...others].filter(({ at }) => !Number.isNaN(at)).toSorted((a, b) => a.at - b.at);
  const kept = all.length <= mostEntries ? all : telling(all, proves);
  const lifelines = lifelinesOf(kept);
  const index = ({ kind, name }: Lifeline): number =>
    lifelines.findIndex((lifeline) => lifeline.kind === kind && lifeline.name === name);
  return {
    lifelines,
    entries: kept.map((draft): SequenceEntry => {
      const said = { at: draft.at, text: draft.text, proof: proves(draft.row) };
      if ('on' in draft) return { ...said, what: 'mark', on: index(draft.on) };
      return { ...said, what: 'arrow', from: index(draft.from), to: index(draft.to), answer: draft.answer === true };
    }),
    messages: rows(history, 'planned', (row, at) => [{ number: at + 1, text: plannedText(row) }]).slice(0, mostEntries),
    leftOut: all.length - kept.length,
  };
}

/** What proves the failure, and what came first beside it. */
function telling(all: readonly Draft[], proves: (row: Evidence) => boolean): readonly Draft[] {
  const proof = all.filter(({ row }) => proves(row)).slice(0, mostEntries);
  const rest = new Set(all.filter((draft) => !proof.includes(draft)).slice(0, mostEntries - proof.length));
  return all.filter((draft) => proof.includes(draft) || rest.has(draft));
}

/** Senders left of the bus, receivers right of it, the harness at the edge; each adapter between its application and the bus. */
function lifelinesOf(drafts: readonly Draft[]): readonly Lifeline[] {
  const left: Lifeline[] = [];
  const right: Lifeline[] = [];
  const known = (lifeline: Lifeline): boolean => [...left, ...right].some(({ name }) => name === lifeline.name);
  let injected = false;
  for (const draft of drafts) {
    const ends = 'on' in draft ? [draft.on] : [draft.from, draft.to];
    injected ||= ends.some(({ kind }) => kind === 'harness');
    const sends = 'from' in draft && draft.from.kind === 'application' && draft.answer !== true;
    for (const end of ends) {
      if (end.kind === 'bus' || end.kind === 'harness' || known(end)) continue;
      (sends || (end.kind === 'adapter' && 'to' in draft && draft.to.kind === 'bus' && left.length === 0)
        ? left
        : right
      ).push(end);
    }
  }
  const owner = ({ name }: Lifeline): string => name.replace(/^adapter (\d+ )?of /u, '');
  const side = (list: readonly Lifeline[], outer: 'first' | 'last'): readonly Lifeline[] => {
    const owners = [...new Set(list.map(owner))];
    return owners.flatMap((name) => {
      const own = list.filter((lifeline) => owner(lifeline) === name);
      const [apps, adapters] = [
        own.filter(({ kind }) => kind === 'application'),
        own.filter(({ kind }) => kind === 'adapter'),
      ];
      return outer === 'first' ? [...apps, ...adapters] : [...adapters, ...apps];
    });
  };
  return [...side(left, 'first'), ...(injected ? [harness] : []), bus, ...side(right, 'last')];
}

function rows<T extends TableName, R>(
  history: History,
  table: T,
  read: (row: RowOf<T>, at: number, history: History) => readonly R[],
): readonly R[] {
  return Array.from({ length: history[table].length }, (_, at) => read(rowAt(history, table, at), at, history)).flat();
}

const numbered = (message: number): string => (message === NONE ? 'unplanned event' : `#${String(message + 1)}`);

function plannedText({ type, application: by, key, sequence, violation, role }: RowOf<'planned'>): string {
  const said = [
    `${type} from ${by}`,
    ...(key === '' ? [] : [`key ${key}`]),
    ...(sequence === 0 ? [] : [`sequence ${String(sequence)}`]),
    ...(role === 'reply' ? ['a reply'] : []),
    ...(violation === '' ? [] : [`breaks ${violation}`]),
  ];
  return said.join(', ');
}

function sends(row: RowOf<'send'>, at: number): readonly Draft[] {
  const [app, own] = [application(row.application), adapter(row.application, row.instance)];
  const evidence = { table: 'send', row: at } as const;
  const reply = row.replyType === '' ? '' : ` ${row.replyType}${row.reply === NONE ? '' : ` ${numbered(row.reply)}`}`;
  const answer = row.outcome === 'info' && row.status === 0 ? 'no answer' : `${String(row.status)}${reply}`;
  return [
    { at: row.at, text: `sends ${numbered(row.message)}`, row: evidence, from: app, to: own },
    ...(row.done > 0 ? [{ at: row.done, text: answer, row: evidence, from: own, to: app, answer: true } as const] : []),
  ];
}

function injections(row: RowOf<'injection'>, at: number): readonly Draft[] {
  const verb = { event: 'puts', reply: 'replies with', replay: 'replays' }[row.what];
  return [
    {
      at: row.at,
      text: `${verb} ${numbered(row.message)}`,
      row: { table: 'injection', row: at },
      from: harness,
      to: bus,
    },
  ];
}

/** What an adapter put into a stream; what the harness put there has its own arrow. */
function storings(row: RowOf<'stored'>, at: number, history: History): readonly Draft[] {
  const evidence = { table: 'stored', row: at } as const;
  const text = `stores ${numbered(row.message)} as ${String(row.sequence)}`;
  const injected = rows(history, 'injection', ({ stream, sequence }) => [`${stream} ${String(sequence)}`]);
  if (row.message === NONE || row.replayFor !== '' || injected.includes(`${row.stream} ${String(row.sequence)}`))
    return [{ at: row.at, text, row: evidence, on: bus }];
  const { application: by } = rowAt(history, 'planned', row.message);
  return [{ at: row.at, text, row: evidence, from: adapter(by), to: bus }];
}

function deliveries(row: RowOf<'delivery'>, at: number): readonly Draft[] {
  const [app, own] = [application(row.application), adapter(row.application, row.instance)];
  const evidence = { table: 'delivery', row: at } as const;
  const times = row.time > 1 ? `, time ${String(row.time)}` : '';
  const answer =
    row.outcome === 'info' ? 'no answer' : `${String(row.status)}${row.effect === 'yes' ? ', an effect' : ''}`;
  return [
    { at: row.at, text: `hands over ${numbered(row.message)}${times}`, row: evidence, from: own, to: app },
    ...(row.done > 0 ? [{ at: row.done, text: answer, row: evidence, from: app, to: own, answer: true } as const] : []),
  ];
}

function acknowledgements(row: RowOf<'acknowledgement'>, at: number, history: History): readonly Draft[] {
  if (row.verb === 'in-progress' || row.verb === 'next') return [];
  const message = rows(history, 'stored', ({ stream, sequence, message: planned }) =>
    stream === row.stream && sequence === row.sequence ? [planned] : [],
  )[0];
  const reason = row.reason === '' ? '' : `: ${row.reason}`;
  const text = `${row.verb} ${message === undefined ? String(row.sequence) : numbered(message)}${reason}`;
  return [{ at: row.at, text, row: { table: 'acknowledgement', row: at }, from: adapter(row.application), to: bus }];
}

const deadLetters = (row: RowOf<'deadLetter'>, at: number): readonly Draft[] => [
  {
    at: row.at,
    text: `dead letter of ${numbered(row.message)} for ${row.application}: ${row.reason}`,
    row: { table: 'deadLetter', row: at },
    on: bus,
  },
];

const notices = (row: RowOf<'notice'>, at: number): readonly Draft[] => [
  {
    at: row.at,
    text: `reports ${numbered(row.message)}: ${row.reason}`,
    row: { table: 'notice', row: at },
    from: adapter(row.application),
    to: bus,
  },
];

/** Starts and ends while messages travel: those before the first and after the last are every trial's. */
function lifecycle(history: History): readonly Draft[] {
  const times = [...rows(history, 'send', ({ at }) => [at]), ...rows(history, 'injection', ({ at }) => [at])];
  const drained = rows(history, 'wait', ({ what, done }) => (what === 'observer' ? [done] : []));
  const [first, last] = [Math.min(...times), Math.max(...drained, ...times)];
  return rows(history, 'lifecycle', (row, at): readonly Draft[] => {
    const meanwhile = row.at >= first && row.at <= last;
    if (!meanwhile || row.change === 'ready') return [];
    const text = row.reason === '' ? row.change : `${row.change}: ${row.reason}`;
    return [{ at: row.at, text, row: { table: 'lifecycle', row: at }, on: adapter(row.application, row.instance) }];
  });
}

/** What befell a connection; a scripted crash is told by the lifecycle. */
function faults(row: RowOf<'fault'>, at: number): readonly Draft[] {
  if (row.kind === 'crash' || row.took !== 'yes') return [];
  return [{ at: row.at, text: row.kind, row: { table: 'fault', row: at }, on: adapter(row.target) }];
}

function timeOf(history: History, { table, row }: Evidence): number {
  const cells = rowAt(history, table, row) as Readonly<Record<string, number | string>>;
  return typeof cells['at'] === 'number' ? cells['at'] : Number.NaN;
}

const words = (table: string): string => table.replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);

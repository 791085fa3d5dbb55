import { tableShapes } from '../model/history.ts';
import { codeOf } from '../model/table.ts';
import type { Judgement } from './judgement.ts';
import { row, type Trial } from './trial.ts';
import { wireRows } from './wire-rows.ts';

/** What may be on its way through an adapter at once of one content: chunks in its hands, and the buffers of four connections. */
const mostHeldBytes = 15 * 1024 ** 2;
const TAKEN = codeOf(tableShapes.transfer.way, 'taken');

/** A moment at which an instance got bytes of a content, or let them go; of a provider's from its application to the bus. */
interface Move {
  readonly at: number;
  readonly bytes: number;
  /** The content that it belongs to, by its name on this side of the adapter. */
  readonly content: string;
  readonly table: 'transfer' | 'wire';
  readonly row: number;
}

/**
 * Contents stream through an adapter: what it has got and not passed on is never a whole one of the large, for each that is under way
 * at the moment. Put to the test by each instance and way through which more went than it may hold.
 *
 * Relies on `transfer`, `wire` (publish, delivery: `.subject`, `.bytes`).
 */
export function judgeHolding(trial: Trial, judgement: Judgement): void {
  const { got, passed } = movesOf(trial);
  for (const [name, gains] of got) {
    const losses = passed.get(name) ?? [];
    const total = gains.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= mostHeldBytes) continue;
    judgement.exercise();
    const worst = worstOf(gains, losses);
    if (worst.held <= worst.most) continue;
    judgement.fail(() => ({
      application: name.split(' ')[0] ?? '',
      expected: `contents to stream through, of which at most ${worst.most} bytes are on their way at once`,
      observed: `${worst.held} bytes had come in and not gone out`,
      evidence: [row(worst.move.table, worst.move.row)],
    }));
  }
}

/** Where most was held beyond what was allowed at the moment. */
function worstOf(
  gains: readonly Move[],
  losses: readonly Move[],
): { readonly held: number; readonly most: number; readonly move: Move } {
  const moves = [...gains, ...losses.map((loss) => ({ ...loss, bytes: -loss.bytes }))];
  // What went out at the moment at which other bytes came in went first.
  const inTurn = moves.toSorted((one, other) => one.at - other.at || one.bytes - other.bytes);
  const [first] = inTurn;
  if (first === undefined) throw new RangeError('nothing moved');
  const [coming, going] = [underWay(gains), underWay(losses)];
  let held = 0;
  let worst = { held: 0, most: mostHeldBytes, move: first };
  for (const move of inTurn) {
    held = Math.max(0, held + move.bytes);
    const most = mostHeldBytes * Math.max(1, coming(move.at), going(move.at));
    if (held - most > worst.held - worst.most) worst = { held, most, move };
  }
  return worst;
}

/** How many contents move at a time: between the first and the last of their bytes. */
function underWay(moves: readonly Move[]): (at: number) => number {
  const spans = new Map<string, { readonly from: number; to: number }>();
  for (const { content, at } of moves) {
    const span = spans.get(content);
    if (span === undefined) spans.set(content, { from: at, to: at });
    else span.to = at;
  }
  const all = [...spans.values()];
  return (at) => all.filter(({ from, to }) => from <= at && at <= to).length;
}

/** By `<application> <instance> <way>`. */
interface Moves {
  readonly got: ReadonlyMap<string, readonly Move[]>;
  readonly passed: ReadonlyMap<string, readonly Move[]>;
}

function movesOf(trial: Trial): Moves {
  const { transfer, wire, texts } = trial.history;
  const [got, passed] = [new Map<string, Move[]>(), new Map<string, Move[]>()];
  const add = (to: Map<string, Move[]>, name: string, move: Move): void => {
    const moves = to.get(name);
    if (moves === undefined) to.set(name, [move]);
    else moves.push(move);
  };
  const before = new Map<string, number>();
  for (let at = 0; at < transfer.length; at++) {
    const { application, instance, way, message, item, bytes } = transfer.columns;
    const who = `${texts.at(application[at] ?? 0)} ${instance[at] ?? 0}`;
    const taken = way[at] === TAKEN;
    const content = `${message[at] ?? 0} ${item[at] ?? 0}`;
    const of = `${who} ${taken ? 'out' : 'in'} ${content}`;
    const known = before.get(of) ?? 0;
    const now = bytes[at] ?? 0;
    before.set(of, now);
    // A content that begins anew begins at 0.
    const delta = now > known ? now - known : now;
    add(taken ? got : passed, `${who} ${taken ? 'out' : 'in'}`, {
      at: transfer.columns.at[at] ?? 0,
      bytes: delta,
      content,
      table: 'transfer',
      row: at,
    });
  }
  for (const { row: at, application, instance, way, bytes } of wireRows(trial).chunks) {
    add(way === 'to-bus' ? passed : got, `${application} ${instance} ${way === 'to-bus' ? 'out' : 'in'}`, {
      at: wire.columns.at[at] ?? 0,
      bytes,
      content: String(wire.columns.subject[at] ?? 0),
      table: 'wire',
      row: at,
    });
  }
  return { got, passed };
}

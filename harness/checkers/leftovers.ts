import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import type { Judgement } from './judgement.ts';
import { crashed } from './lives.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { injectedEvents } from './stored-rows.ts';
import { rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { wireRows, type Chunk } from './wire-rows.ts';
import { isRefusal, NO } from './words.ts';

/**
 * Claim-check: of a bundle that was refused for its contents, nothing stays in the store that is not as its manifest says: neither an
 * object, nor chunks without one, as long as its adapter lived and kept its connection.
 *
 * Relies on `content` (in the store at the end: `.message`, `.intact`), `orphan`, `send.status`, and of `wire` on who published a chunk.
 */
export function judgeLeftovers(trial: Trial, judgement: Judgement): void {
  judgeObjects(trial, judgement);
  judgeChunks(trial, judgement);
}

function judgeObjects(trial: Trial, judgement: Judgement): void {
  const { content, planned, send, texts } = trial.history;
  const broken = new Set(violations(trial).of('content'));
  const injected = injectedEvents(trial);
  for (let at = 0; at < content.length; at++) {
    const message = content.columns.message[at] ?? NONE;
    if (content.columns.where[at] !== 0 || content.columns.intact[at] !== NO) continue;
    if (!broken.has(message) || injected[message] === 1) continue;
    const refused = rowsOf(sends(trial).byMessage, message).find((row) => isRefusal(send.columns.status[row] ?? 0));
    if (refused === undefined) continue;
    judgement.fail(() => ({
      application: texts.at(planned.columns.application[message] ?? 0),
      expected: `nothing wrong to stay in the store of ${named(trial, message)}, which was refused`,
      observed: `item ${content.columns.item[at] ?? 0} is there`,
      evidence: rows(['planned', message], ['send', refused], ['content', at]),
    }));
  }
}

function judgeChunks(trial: Trial, judgement: Judgement): void {
  const { orphan, planned, send, texts, wire } = trial.history;
  const broken = new Set(violations(trial).of('content'));
  for (let at = 0; at < orphan.length; at++) {
    const chunk = wireRows(trial).chunks.find(
      ({ row, way }) => way === 'to-bus' && wire.columns.subject[row] === orphan.columns.subject[at],
    );
    if (chunk === undefined || wasDisturbed(trial, chunk)) continue;
    // What one of several bundles at once has put there may be any one's: all of them must have been refused for their contents.
    const published = wire.columns.at[chunk.row] ?? 0;
    const open = [...send.columns.message.keys()].filter(
      (row) =>
        texts.at(send.columns.application[row] ?? 0) === chunk.application &&
        send.columns.instance[row] === chunk.instance &&
        (send.columns.at[row] ?? 0) <= published &&
        published <= (send.columns.done[row] ?? 0),
    );
    const isRefused = (row: number): boolean =>
      broken.has(send.columns.message[row] ?? NONE) && isRefusal(send.columns.status[row] ?? 0);
    const [refused] = open;
    if (refused === undefined || !open.every(isRefused)) continue;
    const message = send.columns.message[refused] ?? NONE;
    judgement.fail(() => ({
      application: texts.at(planned.columns.application[message] ?? 0),
      expected: `nothing of the contents of ${named(trial, message)}, which was refused, to stay in the store`,
      observed: `chunks of an object that is not there: ${orphan.columns.chunks[at] ?? 0}`,
      evidence: rows(['planned', message], ['send', refused], ['wire', chunk.row], ['orphan', at]),
    }));
  }
}

/** Its adapter may have been kept from clearing up: it ended without being told to, or its connection did. */
function wasDisturbed(trial: Trial, { row, application, instance }: Chunk): boolean {
  const { wire } = trial.history;
  const isOwn = (cut: number): boolean =>
    wire.columns.application[cut] === wire.columns.application[row] && wire.columns.instance[cut] === instance;
  return wireRows(trial).cuts.some(isOwn) || crashed(trial, application, wire.columns.at[row] ?? 0, Infinity, instance);
}

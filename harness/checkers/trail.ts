import { busStreams } from '../model/names.ts';
import { NONE } from '../model/table.ts';
import { sortedRows } from './groups.ts';
import { lastRow } from './gap.ts';
import type { Judgement } from './judgement.ts';
import { row, type Trial } from './trial.ts';
import { NO, YES } from './words.ts';

/** No digest that a dictionary of the run's own fields gives. Relies on `audit.digest`. */
export function judgeDigests(trial: Trial, judgement: Judgement): void {
  const { columns, length } = trial.history.audit;
  for (let at = 0; at < length; at++) {
    if (columns.digest[at] === NO) judgement.exercise();
    if (columns.digest[at] !== YES) continue;
    judgement.fail(() => ({
      expected: 'no digest of content in the audit trail',
      observed: 'a digest that a dictionary of the content gives',
      evidence: [row('audit', at)],
    }));
  }
}

/**
 * The chain holds from record 1 to the signed final anchor, without a record changed, missing, doubled or out of its place.
 * The whole trail of the namespace is judged, whatever flow a record is of.
 *
 * Relies on `audit.number`, `.sequence`, `.chain`, and `anchor` (number, signature, head, final).
 */
export function judgeTrail(trial: Trial, judgement: Judgement): void {
  const { audit } = trial.history;
  const { number, sequence, chain } = audit.columns;
  let before = NONE;
  for (const at of sortedRows(sequence, () => true)) {
    const own = number[at] ?? 0;
    const due = before === NONE ? 1 : (number[before] ?? 0) + 1;
    if (chain[at] === YES) judgement.exercise();
    if (chain[at] === NO) {
      judgement.fail(() => ({
        expected: `record ${own} to carry the hash of the record before it`,
        observed: 'another hash: a record was changed, removed, inserted or moved',
        evidence: [row('audit', at)],
      }));
    }
    if (own !== due) {
      const last = before;
      judgement.fail(() => ({
        expected: `record ${due}`,
        observed: `record ${own}`,
        evidence: last === NONE ? [row('audit', at)] : [row('audit', last), row('audit', at)],
      }));
    }
    before = at;
  }
  judgeKept(trial, judgement);
  judgeAnchors(trial, before === NONE ? 0 : (number[before] ?? 0), judgement);
}

/** Whether the audit stream still has at the end what was seen in it. Relies on `streamState` of the audit stream. */
function judgeKept(trial: Trial, judgement: Judgement): void {
  const { streamState, texts } = trial.history;
  const { first, last, messages, stream } = streamState.columns;
  const at = lastRow(stream, texts.find(busStreams.audit));
  if (at === NONE || (last[at] ?? 0) === 0) return;
  const gone = (last[at] ?? 0) - (messages[at] ?? 0);
  if (gone === 0 && (first[at] ?? 0) <= 1) return;
  judgement.fail(() => ({
    expected: `all ${last[at] ?? 0} records to be in the audit stream at the end`,
    observed: `${messages[at] ?? 0}, from record ${first[at] ?? 0} on: others were let go of or removed`,
    evidence: [row('streamState', at)],
  }));
}

function judgeAnchors(trial: Trial, last: number, judgement: Judgement): void {
  const { audit, anchor } = trial.history;
  const { number, signature, head, final } = anchor.columns;
  let ended = NONE;
  for (let at = 0; at < anchor.length; at++) {
    const describe = (expected: string, observed: string) => () => ({
      expected,
      observed,
      evidence: [row('anchor', at)],
    });
    if (audit.length > 0 && signature[at] === YES && head[at] === YES) judgement.exercise();
    if (signature[at] === NO)
      judgement.fail(describe('anchors that the recorder signed', 'a signature that is not valid'));
    if ((number[at] ?? 0) > last) {
      judgement.fail(
        describe(
          `a trail of at least ${number[at] ?? 0} records, as the anchor has it`,
          `${last} records: its tail was cut`,
        ),
      );
    } else if (head[at] === NO)
      judgement.fail(describe(`record ${number[at] ?? 0} to have the hash that the anchor has`, 'another one'));
    if (final[at] === YES) ended = at;
  }
  if (audit.length === 0) return;
  if (ended === NONE) {
    judgement.lack(() => ({
      expected: 'a final anchor, without which a cut tail does not show',
      observed: 'there is none',
      evidence: [row('audit', audit.length - 1)],
    }));
  } else if ((number[ended] ?? 0) < last) {
    judgement.fail(() => ({
      expected: `nothing to follow record ${number[ended] ?? 0}, which the final anchor names as the last`,
      observed: `the trail goes on to record ${last}`,
      evidence: [row('anchor', ended)],
    }));
  }
}

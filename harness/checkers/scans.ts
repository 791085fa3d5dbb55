import { rowAt } from '../model/history.ts';
import type { Judgement } from './judgement.ts';
import { SENT, storedRows } from './stored-rows.ts';
import { row, type Trial } from './trial.ts';
import { NO, YES } from './words.ts';
import type { TableName } from '../model/history.ts';

/**
 * Canaries in subjects and headers. The fact of a stored message counts only beside a search whose positive control was found.
 *
 * Relies on `scan` of kinds subject and header, `stored.canary`, `uncovered`.
 */
export function judgePersonalData(trial: Trial, judgement: Judgement): void {
  const { stored } = trial.history;
  const controlled = judgeScans(trial, (kind) => kind === 'subject' || kind === 'header', judgement);
  const seen = storedRows(trial);
  let clean = 0;
  for (let place = 0; place < seen.rows.length; place++) {
    if (seen.origin[place] !== SENT) continue;
    const at = seen.rows[place] ?? 0;
    if (stored.columns.canary[at] === NO) clean++;
    if (stored.columns.canary[at] === YES) {
      judgement.fail(() => ({
        expected: 'no personal data in a subject or a header',
        observed: 'a value of the payload stands in the subject or a header of a stored message',
        evidence: [row('stored', at)],
      }));
    }
  }
  if (clean > 0 && controlled) judgement.exercise(clean);
  if (clean > 0 && !controlled) judgement.undecide('no search of subjects and headers found its positive control');
}

/**
 * Canaries in whatever the bus and the adapters write about messages; and notices, which have no body.
 *
 * Relies on `scan` of every other kind, `audit.canary`, `deadLetter.canary` (its reason and headers of the bus), `notice.canary`,
 * `notice.bytes`, `uncovered`.
 */
export function judgeContent(trial: Trial, judgement: Judgement): void {
  const { audit, deadLetter, notice } = trial.history;
  judgeScans(trial, (kind) => kind !== 'subject' && kind !== 'header', judgement);
  const tables = [
    ['audit', audit.columns.canary, 'an audit record'],
    ['deadLetter', deadLetter.columns.canary, 'what the bus wrote on a dead letter'],
    ['notice', notice.columns.canary, 'a notice'],
  ] as const;
  for (const [table, canary, where] of tables) judgeCanaries(table, canary, where, judgement);
  for (let at = 0; at < notice.length; at++) {
    const bytes = notice.columns.bytes[at] ?? 0;
    if (bytes === 0) continue;
    judgement.fail(() => ({
      expected: 'a notice without a body',
      observed: `a body of ${bytes} bytes`,
      evidence: [row('notice', at)],
    }));
  }
}

function judgeCanaries(table: TableName, canary: Uint8Array, where: string, judgement: Judgement): void {
  for (let at = 0; at < canary.length; at++) {
    if (canary[at] !== YES) continue;
    judgement.fail(() => ({
      expected: `no content of a message in ${where}`,
      observed: 'a value of a payload',
      evidence: [row(table, at)],
    }));
  }
}

type ScanKind = ReturnType<typeof rowAt<'scan'>>['kind'];

/** Whether there was a search at all, and every one of them found its positive control. */
function judgeScans(trial: Trial, wanted: (kind: ScanKind) => boolean, judgement: Judgement): boolean {
  const { history } = trial;
  let searches = 0;
  let blind = 0;
  for (let at = 0; at < history.scan.length; at++) {
    const scan = rowAt(history, 'scan', at);
    if (!wanted(scan.kind)) continue;
    searches++;
    if (scan.hits > 0) {
      judgement.fail(() => ({
        expected: `no content of a message in ${scan.artefact}`,
        observed: `${scan.hits} hits${scan.detail === '' ? '' : `: ${scan.detail}`}`,
        evidence: [row('scan', at)],
      }));
    }
    if (scan.control !== 'yes') {
      blind++;
      judgement.undecide(`the search of ${scan.artefact} did not find its positive control`);
    } else if (scan.canaries > 0 && scan.encodings > 0) judgement.exercise();
  }
  for (let at = 0; at < history.uncovered.length; at++) {
    const { type, path } = rowAt(history, 'uncovered', at);
    judgement.note(`not covered, too little room for a canary: ${type} ${path}`);
  }
  return searches > 0 && blind === 0;
}

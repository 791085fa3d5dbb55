import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { records } from './audit-records.ts';
import { deadLetters } from './dead-letters.ts';
import { receiversIn } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { ACKED, OPEN, settlementAt, settlements, TERMED } from './settlements.ts';
import { REPLAYED, storedRows } from './stored-rows.ts';
import { receiverAt, row, rows, type Trial } from './trial.ts';

const how = (word: (typeof tableShapes.audit.how)[number]): number => codeOf(tableShapes.audit.how, word);

/**
 * One record for each change of custody: stored; settled, for each subscriber, with how and after how many deliveries;
 * dead-lettered; replayed.
 *
 * Relies on `audit` (change, stream, streamSequence, application, how, deliveries, id, source, flow), `stored`, `acknowledgement`,
 * `advisory`, `deadLetter`, all complete at drain.
 */
export function judgeCustody(trial: Trial, judgement: Judgement): void {
  const { audit, stored } = trial.history;
  const seen = storedRows(trial);
  const width = trial.receivers.length;
  const found = records(trial);
  const kept = deadLetters(trial);
  for (let place = 0; place < seen.rows.length; place++) {
    const at = seen.rows[place] ?? 0;
    const evidence = () => rows(['stored', at], ['audit', found.accepted.first[place]]);
    const times = found.accepted.count[place] ?? 0;
    const replay = seen.origin[place] === REPLAYED;
    if (times === 1) judgement.exercise();
    if (times === 0 && !replay) {
      judgement.exercise();
      judgement.lack(() => ({
        expected: `an audit record that ${nameAt(trial, place)} was accepted`,
        observed: 'there is none',
        evidence: evidence(),
      }));
    }
    if (times > 1)
      judgement.fail(() => ({
        expected: `one audit record that ${nameAt(trial, place)} was accepted`,
        observed: `${times}`,
        evidence: evidence(),
      }));
    const record = found.accepted.first[place] ?? NONE;
    if (record !== NONE && audit.columns.flow[record] !== trial.flowText) {
      judgement.fail(() => ({
        expected: `the flow of ${nameAt(trial, place)} in its audit record`,
        observed: `"${trial.history.texts.at(audit.columns.flow[record] ?? 0)}"`,
        evidence: evidence(),
      }));
    }
    if (
      record !== NONE &&
      (audit.columns.id[record] !== stored.columns.id[at] || audit.columns.source[record] !== stored.columns.source[at])
    ) {
      judgement.fail(() => ({
        expected: `the source and id of ${nameAt(trial, place)} in its audit record`,
        observed: 'others',
        evidence: evidence(),
      }));
    }
    for (const receiver of receiversIn(seen.entitled[place] ?? 0)) judgeSettled(trial, place, receiver, judgement);
  }
  for (let cell = 0; cell < kept.count.length; cell++) {
    const letters = kept.count[cell] ?? 0;
    const times = found.deadLettered.count[cell] ?? 0;
    if (letters === 0 && times === 0) continue;
    judgement.exercise();
    if (letters === times) continue;
    const describe = () => ({
      application: receiverAt(trial, cell % width),
      expected: `${letters} audit records that ${nameAt(trial, Math.floor(cell / width))} was dead-lettered`,
      observed: `${times}`,
      evidence: rows(['deadLetter', kept.first[cell]], ['audit', found.deadLettered.first[cell]]),
    });
    if (times > Math.max(1, letters)) judgement.fail(describe);
    else judgement.lack(describe);
  }
  judgeReplays(trial, judgement);
  for (const at of found.strange) {
    judgement.lack(() => ({
      expected: 'audit records of what happened',
      observed: `one of sequence ${audit.columns.streamSequence[at] ?? 0}, which was not stored, or of no subscriber`,
      evidence: [row('audit', at)],
    }));
  }
}

function nameAt(trial: Trial, place: number): string {
  const seen = storedRows(trial);
  const message = seen.message[place] ?? NONE;
  return message === NONE
    ? `sequence ${trial.history.stored.columns.sequence[seen.rows[place] ?? 0] ?? 0}`
    : named(trial, message);
}

function judgeSettled(trial: Trial, place: number, receiver: number, judgement: Judgement): void {
  const { audit, advisory } = trial.history;
  const { settled } = records(trial);
  const { end, exhausted, rows: settling } = settlements(trial);
  const cell = place * trial.receivers.length + receiver;
  const told = exhausted[cell] ?? NONE;
  const ended = end[cell] ?? OPEN;
  const times = settled.count[cell] ?? 0;
  const record = settled.first[cell] ?? NONE;
  if (ended === OPEN && told === NONE && (deadLetters(trial).count[cell] ?? 0) === 0) {
    // Neither seen on the wire nor recorded: whether it had to end is DLQ-4.
    if (times === 0 || audit.columns.how[record] === how('discarded')) return;
  }
  judgement.exercise();
  const application = receiverAt(trial, receiver);
  const evidence = () => {
    const settlement = settlementAt(trial, cell);
    return [
      ...rows(
        ['stored', storedRows(trial).rows[place]],
        ['advisory', settlement === undefined ? told : NONE],
        ['audit', record],
      ),
      ...(settlement === undefined ? [] : [settlement.evidence]),
    ];
  };
  if (times !== 1) {
    const describe = () => ({
      application,
      expected: `one audit record of how ${application} settled ${nameAt(trial, place)}`,
      observed: times === 0 ? 'there is none' : `${times}`,
      evidence: evidence(),
    });
    if (times > 1) judgement.fail(describe);
    else judgement.lack(describe);
    return;
  }
  const right = expectedHow(trial, cell);
  const recorded = audit.columns.how[record] ?? 0;
  if (!right.includes(recorded)) {
    judgement.fail(() => ({
      application,
      expected: `${nameAt(trial, place)} on record as ${right.map((code) => tableShapes.audit.how[code]).join(' or ')}`,
      observed: tableShapes.audit.how[recorded] ?? '',
      evidence: evidence(),
    }));
    return;
  }
  const bySettling = ended !== OPEN && recorded !== how('exhausted') && settling[cell] !== NONE;
  const deliveries = bySettling
    ? (settlementAt(trial, cell)?.deliveries ?? 0)
    : told === NONE
      ? 0
      : (advisory.columns.deliveries[told] ?? 0);
  if (deliveries === 0 || audit.columns.deliveries[record] === deliveries) return;
  judgement.fail(() => ({
    application,
    expected: `${deliveries} deliveries on record for ${nameAt(trial, place)}`,
    observed: `${audit.columns.deliveries[record] ?? 0}`,
    evidence: evidence(),
  }));
}

function expectedHow(trial: Trial, cell: number): readonly number[] {
  const { end, exhausted } = settlements(trial);
  const used = exhausted[cell] !== NONE;
  if (end[cell] === ACKED) return used ? [how('acknowledged'), how('exhausted')] : [how('acknowledged')];
  if (end[cell] === TERMED)
    return settlementAt(trial, cell)?.reason === 'expired' ? [how('expired')] : [how('rejected')];
  return used || (deadLetters(trial).count[cell] ?? 0) > 0
    ? [how('exhausted')]
    : [how('acknowledged'), how('rejected'), how('expired'), how('discarded')];
}

function judgeReplays(trial: Trial, judgement: Judgement): void {
  const { stored, texts } = trial.history;
  const seen = storedRows(trial);
  const replays = new Map<string, number[]>();
  for (let place = 0; place < seen.rows.length; place++) {
    if (seen.origin[place] !== REPLAYED) continue;
    const at = seen.rows[place] ?? 0;
    const name = `${String(stored.columns.source[at] ?? 0)} ${String(stored.columns.id[at] ?? 0)}`;
    replays.set(name, [...(replays.get(name) ?? []), at]);
  }
  const recorded = records(trial).replayed;
  for (const name of new Set([...replays.keys(), ...recorded.keys()])) {
    const put = replays.get(name) ?? [];
    const noted = recorded.get(name) ?? [];
    judgement.exercise(put.length);
    if (put.length === noted.length) continue;
    const describe = () => ({
      expected: `${put.length} audit records of replays of ${texts.at(Number(name.split(' ')[1]))}`,
      observed: `${noted.length}`,
      evidence: rows(...put.map((at) => ['stored', at] as const), ...noted.map((at) => ['audit', at] as const)),
    });
    if (put.length > 0 && noted.length > put.length) judgement.fail(describe);
    else judgement.lack(describe);
  }
}

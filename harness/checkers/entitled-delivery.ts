import { NONE } from '../model/table.ts';
import { entitlement } from './entitlement.ts';
import { isExcused, wasReceived } from './excuse.ts';
import { rowsOf, sizeOf } from './groups.ts';
import { handovers, hasReceiver, receiversIn, STRANGER } from './handovers.ts';
import { starvedBetween } from './heard.ts';
import type { Judgement } from './judgement.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { settlementAt, settlements } from './settlements.ts';
import { injectedEvents, SENT, storedRows, storedTime } from './stored-rows.ts';
import { receiverAt, rows, type Trial } from './trial.ts';
import { leftWaiting } from './waiting.ts';
import { violations } from './violation.ts';
import { NO } from './words.ts';

/**
 * Who has to be handed a stored message: those whose filter lets through the subject that the contract gives it, or for what
 * the harness injected and replayed, the subject it was put on.
 */
export const owed = memo((trial: Trial): Uint32Array => {
  const { planned } = trial.history;
  const seen = storedRows(trial);
  const maskOf = entitlement(trial);
  return seen.entitled.map((mask, place) => {
    const message = seen.message[place] ?? NONE;
    if (seen.origin[place] !== SENT || message === NONE) return mask;
    const subject = planned.columns.subject[message] ?? 0;
    return subject === 0 ? mask : maskOf(subject);
  });
});

/**
 * Every entitled subscriber receives every stored message, and nobody else does.
 *
 * Relies on `stored`, `planned.subject`, `stored.subjectIntact`, `delivery`, `acknowledgement` (reason), `advisory`, `lag`, all complete at drain (or what `leftWaiting` relies on), and for claim-check on
 * `delivery.contentsIntact`.
 */
export function judgeEntitlement(trial: Trial, judgement: Judgement): void {
  const { advisory, planned, stored, texts } = trial.history;
  const seen = storedRows(trial);
  const { valid } = violations(trial);
  const width = trial.receivers.length;
  const masks = owed(trial);
  const { first } = handovers(trial);
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    if (message === NONE || valid[message] !== 1) continue;
    const at = seen.rows[place] ?? 0;
    if (seen.origin[place] === SENT && stored.columns.subjectIntact[at] === NO) {
      judgement.fail(() => ({
        application: texts.at(planned.columns.application[message] ?? 0),
        expected: `${named(trial, message)} on the subject that its contract gives it`,
        observed: 'another subject, which other subscribers may read',
        evidence: rows(['planned', message], ['stored', at]),
      }));
    }
    for (const receiver of receiversIn(masks[place] ?? 0)) {
      if (wasReceived(trial, message, receiver)) {
        judgement.exercise();
        continue;
      }
      if (isExcused(trial, place, receiver)) continue;
      judgement.exercise();
      const cell = place * width + receiver;
      const settled = settlementAt(trial, cell);
      const handed = first[message * width + receiver] ?? NONE;
      const gaveUp = settlements(trial).exhausted[cell] ?? NONE;
      if (gaveUp !== NONE && starvedBetween(trial, storedTime(trial, place), advisory.columns.at[gaveUp] ?? 0)) {
        judgement.lag(`the harness lagged while attempts at ${named(trial, message)} were used up`);
        continue;
      }
      const waiting = handed === NONE ? leftWaiting(trial, place, receiver) : undefined;
      if (waiting !== undefined) {
        const { state, waitedMs, row } = waiting;
        judgement.fail(() => ({
          application: receiverAt(trial, receiver),
          expected: `${named(trial, message)} to reach ${receiverAt(trial, receiver)}`,
          observed: `its adapter, ready and with nothing in hand, took nothing from consumer ${state.consumer} for ${waitedMs.toFixed(0)} ms, where ${state.pending} wait`,
          evidence: rows(['stored', at], ['consumerState', row]),
        }));
        continue;
      }
      judgement.lack(() => ({
        application: receiverAt(trial, receiver),
        expected: `${named(trial, message)} to reach ${receiverAt(trial, receiver)}`,
        observed: `it was ${handed === NONE ? 'never handed over' : 'handed over, and neither taken nor refused'}${settled === undefined ? '' : `, and yet settled${settled.reason === '' ? '' : ` as ${settled.reason}`}`}`,
        evidence: [...rows(['stored', at], ['delivery', handed]), ...(settled === undefined ? [] : [settled.evidence])],
      }));
    }
  }
  judgeStrangers(trial, masks, judgement);
}

function judgeStrangers(trial: Trial, masks: Uint32Array, judgement: Judgement): void {
  const { delivery, texts } = trial.history;
  const handed = handovers(trial);
  const seen = storedRows(trial);
  const injected = injectedEvents(trial);
  const known = unplanned(trial);
  for (const at of handed.rows) {
    const message = delivery.columns.message[at] ?? NONE;
    const receiver = handed.receiver[at] ?? STRANGER;
    const application = texts.at(delivery.columns.application[at] ?? 0);
    const fail = (expected: string, observed: string): void => {
      judgement.fail(() => ({
        application,
        expected,
        observed,
        evidence: rows(['planned', message], ['delivery', at]),
      }));
    };
    if (message !== NONE && violations(trial).valid[message] === 1 && delivery.columns.contentsIntact[at] === NO) {
      fail(
        `${named(trial, message)} to be handed over once all of its contents are staged whole`,
        'contents were absent or damaged',
      );
    }
    if (receiver === STRANGER)
      fail('only subscribers of the flow to be handed its events', `${application}, which is none, was handed one`);
    else if (message === NONE) {
      if (!known.has(nameOf(delivery.columns.source[at] ?? 0, delivery.columns.id[at] ?? 0))) {
        fail(
          'only events that somebody sent',
          `${texts.at(delivery.columns.type[at] ?? 0)} ${texts.at(delivery.columns.id[at] ?? 0)}, which nobody sent`,
        );
      }
    } else {
      const places = rowsOf(seen.byMessage, message);
      if (places.length === 0) {
        const came = sizeOf(sends(trial).byMessage, message) > 0 || injected[message] === 1;
        if (!came) fail('only events that somebody sent', `${named(trial, message)}, which nobody had sent`);
      } else if (!places.some((place) => hasReceiver(masks[place] ?? 0, receiver))) {
        fail(
          'only events that the subscriber’s filter lets through',
          `${application} was handed ${named(trial, message)}, which its filter does not let through`,
        );
      }
    }
  }
}

const nameOf = (source: number, id: number): string => `${String(source)} ${String(id)}`;

/** Stored messages that nobody planned, by source and id: refusals that adapters made. Whether they may is ENV-2. */
const unplanned = memo((trial: Trial): ReadonlySet<string> => {
  const { stored } = trial.history;
  const seen = storedRows(trial);
  const found = new Set<string>();
  for (let place = 0; place < seen.rows.length; place++) {
    if (seen.message[place] !== NONE) continue;
    const at = seen.rows[place] ?? 0;
    found.add(nameOf(stored.columns.source[at] ?? 0, stored.columns.id[at] ?? 0));
  }
  return found;
});

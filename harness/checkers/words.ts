import { outcomes, tableShapes, verbs } from '../model/history.ts';
import { codeOf, fact } from '../model/table.ts';

/** Codes of the words that scans compare with. */
export const UNKNOWN = codeOf(fact, 'unknown');
export const NO = codeOf(fact, 'no');
export const YES = codeOf(fact, 'yes');

export const OK = codeOf(outcomes, 'ok');
export const FAIL = codeOf(outcomes, 'fail');
export const INFO = codeOf(outcomes, 'info');

export const ACK = codeOf(verbs, 'ack');
export const NAK = codeOf(verbs, 'nak');
export const TERM = codeOf(verbs, 'term');
export const IN_PROGRESS = codeOf(verbs, 'in-progress');

const injected = tableShapes.injection.what;
export const INJECTED_EVENT = codeOf(injected, 'event');
export const INJECTED_REPLY = codeOf(injected, 'reply');
export const INJECTED_REPLAY = codeOf(injected, 'replay');

export const REPLY_ROLE = codeOf(tableShapes.planned.role, 'reply');

const advisories = tableShapes.advisory.kind;
export const TERMINATED = codeOf(advisories, 'terminated');
export const MAX_DELIVER = codeOf(advisories, 'max-deliver');
export const ACKNOWLEDGED = codeOf(advisories, 'acknowledged');

const changes = tableShapes.lifecycle.change;
export const STARTED = codeOf(changes, 'started');
export const READY = codeOf(changes, 'ready');
export const STOPPING = codeOf(changes, 'stopping');
export const ENDED = codeOf(changes, 'ended');
export const CRASHED = codeOf(changes, 'crashed');
export const FAILED = codeOf(changes, 'failed');

/** 2xx. */
export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** What an application refuses for good: any 4xx but 408 and 429. */
export const isRejection = (status: number): boolean =>
  status >= 400 && status < 500 && status !== 408 && status !== 429;

/** How an adapter refuses what fails its check: any 4xx but those that say something else. */
export const isRefusal = (status: number): boolean => isRejection(status) && status !== 409;

/** Why nothing is said of what only the relay can see. */
export const withoutRelay = 'without the relay nobody sees what adapters say to the bus';

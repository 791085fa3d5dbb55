import type { RequestSubjectSpec, UserSpec } from '../../model/topology.ts';

/** Bounds of each of the two accounts of a namespace; absent is no bound. */
export interface AccountLimits {
  readonly diskBytes?: number;
  readonly memoryBytes?: number;
  readonly streams?: number;
  readonly consumers?: number;
  readonly connections?: number;
}

/** What a namespace is asked to be. A `Topology` is one as it stands. */
export interface NamespaceSpec {
  readonly users: readonly UserSpec[];
  readonly requestSubjects: readonly RequestSubjectSpec[];
  readonly limits?: AccountLimits;
}

/** The harness's own user in the main account: no restrictions. In every namespace; not to be asked for. */
export const admin = 'admin';
/** The same in the answerers' account. */
export const answerersAdmin = 'answerers-admin';

/** The prefix that a user's client has to make its inboxes with. */
export const inboxPrefixOf = (user: string): string => `_INBOX_${user}`;

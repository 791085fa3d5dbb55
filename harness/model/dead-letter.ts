/** Headers that the router puts in front of the original ones of a dead letter. */
export const deadLetterHeaders = {
  reason: 'Busworthy-Reason',
  /** Deliveries until it was given up. */
  attempts: 'Busworthy-Attempts',
  stream: 'Busworthy-Stream',
  /** In the original stream. */
  sequence: 'Busworthy-Sequence',
  /** As stored in the original stream. */
  subject: 'Busworthy-Subject',
  application: 'Busworthy-Application',
} as const;

/** Headers of a dead letter that was put back into its stream. */
export const replayHeaders = {
  /** Sequence of the dead letter in the stream of dead letters. */
  deadLetter: 'Busworthy-Dead-Letter',
  /** The identity that had it replayed. */
  by: 'Busworthy-Replayed-By',
} as const;

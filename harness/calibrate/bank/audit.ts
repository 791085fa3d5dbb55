import { createHash } from 'node:crypto';
import type { AuditEntry } from '../../model/audit.ts';
import { busStreams } from '../../model/names.ts';
import type { StoredMessage } from '../../bus/steps.ts';
import type { Defect } from '../defect.ts';
import { busStream } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';
const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';

type Breaks = Defect['breaks'];

/** A recorder that writes something else down, or nothing. */
const recording = (change: (entry: AuditEntry) => AuditEntry | undefined): Breaks => ({ busSteps: { entry: change } });
const leavingOut = (which: (entry: AuditEntry) => boolean): Breaks =>
  recording((entry) => (which(entry) ? undefined : entry));

/** A recorder that writes something of the message itself into a record. */
const telling = (what: (message: StoredMessage) => string): Breaks => ({
  busSteps: {
    entry: async (entry, message) => {
      const stored = await message();
      return stored === undefined ? entry : { ...entry, reason: what(stored) };
    },
  },
});
const textOf = ({ body }: StoredMessage): string => Buffer.from(body).toString('utf8');

/** Faults of the audit recorder, and of who may write its trail. */
export const ofTheAudit: readonly Defect[] = [
  {
    name: 'audit-of-another-application',
    title: 'the recorder writes down that another application settled it',
    clause: 'AUD-1',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: recording((entry) => (entry.change === 'settled' ? { ...entry, application: 'forensic' } : entry)),
  },
  {
    name: 'audit-of-another-id',
    title: 'the recorder writes down another id',
    clause: 'AUD-1',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: recording((entry) => ({ ...entry, id: 'other' })),
  },
  {
    name: 'audit-of-another-flow',
    title: 'the recorder writes down another flow',
    clause: 'AUD-1',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: recording((entry) => ({ ...entry, flow: 'custody-task/completions' })),
  },
  {
    name: 'audit-one-sequence-on',
    title: 'the recorder counts sequences from 0',
    clause: 'AUD-1',
    flow: hits,
    scenario: 'happy-flow',
    breaks: recording((entry) => (entry.change === 'accepted' ? { ...entry, sequence: entry.sequence - 1 } : entry)),
  },
  {
    name: 'audit-of-rejection-as-acknowledgement',
    title: 'the recorder writes down that a rejected message was acknowledged',
    clause: 'AUD-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: recording((entry) => (entry.how === 'rejected' ? { ...entry, how: 'acknowledged' } : entry)),
  },
  {
    name: 'audit-without-one-type',
    title: 'the recorder does not write down that messages of one type were accepted',
    clause: 'AUD-1',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: leavingOut(({ change, type }) => change === 'accepted' && type === 'ReviewDue'),
  },
  {
    name: 'audit-without-dead-letters',
    title: 'the recorder does not write dead letters down',
    clause: 'AUD-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: leavingOut(({ change }) => change === 'dead-lettered'),
  },
  {
    name: 'audit-without-replays',
    title: 'the recorder does not write down that dead letters were put back',
    clause: 'AUD-1',
    flow: incidents,
    scenario: 'gap',
    breaks: leavingOut(({ change }) => change === 'replayed'),
  },
  {
    name: 'audit-without-expiries',
    title: 'the recorder does not write down what expired',
    clause: 'DEL-6',
    flow: hits,
    scenario: 'expiry',
    breaks: leavingOut(({ how }) => how === 'expired'),
  },
  {
    name: 'audit-without-answers',
    title: 'the recorder does not write down that requests were answered',
    clause: 'AUD-1',
    flow: 'records-check/vehicle-checks',
    scenario: 'happy-flow',
    breaks: leavingOut(({ change }) => change === 'answered'),
  },
  {
    name: 'audit-stream-lets-go',
    title: 'the audit stream lets go of its oldest records once it is full',
    clause: 'AUD-4',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: { topology: busStream(busStreams.audit, { discard: 'old', maxBytes: 8000 }) },
  },
  {
    name: 'record-removed',
    title: 'a record in the middle is taken away',
    clause: 'AUD-4',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: { busSteps: { keep: (text, number) => (number === 5 ? undefined : text) } },
  },
  {
    name: 'no-final-anchor',
    title: 'nothing says where the trail ended',
    clause: 'AUD-4',
    flow: hits,
    scenario: 'happy-flow',
    breaks: { busSteps: { anchor: (anchor) => ({ ...anchor, final: false }) } },
  },
  {
    name: 'anchor-counts-short',
    title: 'the anchor counts one record less than there are',
    clause: 'AUD-4',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: { busSteps: { anchor: (anchor) => ({ ...anchor, number: anchor.number - 1 }) } },
  },
  {
    name: 'content-in-lower-case-in-audit',
    title: 'the recorder writes down what the message says, in lower case',
    clause: 'AUD-2',
    flow: tasks,
    scenario: 'canaries',
    breaks: telling((message) => textOf(message).toLowerCase().slice(0, 400)),
  },
  {
    name: 'content-in-url-in-audit',
    title: 'the recorder writes down what the message says, as a URL has it',
    clause: 'AUD-2',
    flow: tasks,
    scenario: 'canaries',
    breaks: telling((message) => encodeURIComponent(textOf(message))),
  },
  {
    name: 'digest-of-body-in-audit',
    title: 'the recorder writes down a digest without a key of the whole body',
    clause: 'AUD-3',
    flow: hits,
    scenario: 'canaries',
    breaks: telling(({ body }) => createHash('sha1').update(body).digest('base64')),
  },
  {
    name: 'short-digest-in-audit',
    title: 'the recorder writes down an MD5 of a registration mark',
    clause: 'AUD-3',
    flow: hits,
    scenario: 'canaries',
    breaks: telling((message) => {
      const { vrm } = JSON.parse(textOf(message)) as { readonly vrm?: string };
      return createHash('md5')
        .update(vrm ?? '')
        .digest('hex');
    }),
  },
];

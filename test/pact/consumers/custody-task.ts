import { MatchersV3 } from '@pact-foundation/pact';
import { oneOf, shaped, text, time, userRef, type Body, type ConsumerTest, type EventExpected } from './consumer.ts';

const { eachLike, integer } = MatchersV3;
const service = 'custody-task';
const provider = 'custody';

const taskId = shaped('^[!-~]{1,128}$', '5f0c2d9e-0001-4b0a-8f3e-2a4f6f0f9d01');
const custodyNo = shaped('^\\d{2}[A-Z]{2}/\\d{1,5}/\\d{2}$', '01ZD/448/26');
const asn = shaped('^\\d{2}[A-Z0-9]{6,7}\\d{11}[A-HJ-NP-RT-Z]$', '1101ZD0100000448754K');

const task = (type: string, expected: Omit<EventExpected, 'type' | 'subject'>): EventExpected => ({
  ...expected,
  type,
  subject: `^custody-task\\.tasks\\.${type}$`,
});

const completed: EventExpected = {
  description: 'how a task ended',
  subject: '^custody-task\\.completions$',
  type: 'TaskCompleted',
  body: { taskId, custodyNo, outcome: oneOf('DONE', 'NOT-DONE'), completedAt: time(), completedBy: userRef() },
  use: ({ custodyNo: no, outcome }) => `${String(no)} ${String(outcome)}`,
  gives: '01ZD/448/26 DONE',
};

const tasks: readonly ConsumerTest[] = [
  {
    service,
    provider,
    consumer: 'forensic',
    events: [
      task('BiometricRequest', {
        description: 'a sample to be taken',
        body: {
          taskId,
          custodyNo,
          asn,
          sample: { kind: oneOf('DNA', 'FINGERPRINTS', 'PHOTOGRAPH') },
          requestedAt: time(),
        },
        use: ({ sample }) => (sample as Body)['kind'],
        gives: 'DNA',
      }),
      task('BiometricRequest', {
        description: 'a DNA sample to be taken',
        given: { 'a sample of a kind is wanted': { kind: 'DNA' } },
        body: { taskId, sample: { kind: 'DNA', kitBarcode: shaped('^[0-9]{8}$', '04485550'), swabs: integer(2) } },
        use: ({ sample }) => (sample as Body)['kitBarcode'],
        gives: '04485550',
      }),
    ],
  },
  {
    service,
    provider,
    consumer: 'appropriate-adult',
    events: [
      task('AppropriateAdultRequest', {
        description: 'an adult who is needed',
        body: {
          taskId,
          custodyNo,
          reason: text('UNDER-18'),
          requestedAt: time(),
          neededBy: time('2026-03-05T15:30:00Z'),
        },
        use: ({ reason, neededBy }) => `${String(reason)} by ${String(neededBy)}`,
        gives: 'UNDER-18 by 2026-03-05T15:30:00Z',
      }),
    ],
  },
  {
    service,
    provider,
    consumer: 'review',
    events: [
      task('DetentionAuthorised', {
        description: 'a detention that begins',
        body: {
          taskId,
          custodyNo,
          asn,
          grounds: eachLike(text('SECURE-EVIDENCE'), 1),
          authorisedAt: time(),
          authorisedBy: userRef(),
        },
        use: ({ custodyNo: no }) => no,
        gives: '01ZD/448/26',
      }),
      task('ReviewDue', {
        description: 'a review that is due',
        body: { taskId, custodyNo, reviewType: text('FIRST'), reviewNo: integer(1), dueAt: time() },
        use: ({ reviewType, reviewNo }) => `${String(reviewType)} ${String(reviewNo)}`,
        gives: 'FIRST 1',
      }),
    ],
  },
  {
    service,
    provider,
    consumer: 'property',
    events: [
      task('DetaineeReleased', {
        description: 'a person whose property is to be given back',
        body: { taskId, custodyNo, disposalCode: text('CHARGED'), releasedAt: time(), bagCount: integer(0) },
        use: ({ bagCount }) => bagCount,
        gives: 0,
      }),
    ],
  },
];

export const custodyTask: readonly ConsumerTest[] = [
  ...tasks,
  ...tasks.map(({ consumer }) => ({ service, provider: consumer, consumer: provider, events: [completed] })),
];

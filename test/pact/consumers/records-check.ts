import { MatchersV3 } from '@pact-foundation/pact';
import { oneOf, shaped, text, time, userRef, type Body, type ConsumerTest, type ReplyExpected } from './consumer.ts';

const { boolean, integer } = MatchersV3;
const service = 'records-check';
const provider = 'records-gateway';

const vrm = shaped('^[A-Z0-9]{1,12}$', 'AB00CDE');
const reasonCode = oneOf(
  'ROAD-TRAFFIC',
  'STOP-SEARCH',
  'ARREST',
  'MISSING-PERSON',
  'CRIME-ENQUIRY',
  'WELFARE',
  'ADMINISTRATION',
);
const asked = { reasonCode, userRef: userRef(), deadline: time() };
const vehicleAsked = { vrm, ...asked };
const personAsked = { surname: text('Sample'), dateOfBirth: shaped('^\\d{4}-\\d{2}-\\d{2}$', '1990-01-31'), ...asked };
const outcomes = oneOf('NOT-FOUND', 'FOUND', 'RESTRICTED');
const said = ({ outcome }: Body): unknown => outcome;

const aboutVehicle: ReplyExpected = {
  description: 'what is known of a vehicle',
  type: 'VehicleCheckRequest',
  body: vehicleAsked,
  replies: [
    { type: 'VehicleCheckReply', body: { vrm, outcome: outcomes, checkedAt: time() }, use: said, gives: 'NOT-FOUND' },
  ],
};

const aboutKnownVehicle: ReplyExpected = {
  description: 'make and colour of a vehicle that is known',
  given: { 'the vehicle is known': {} },
  type: 'VehicleCheckRequest',
  body: vehicleAsked,
  replies: [
    {
      type: 'VehicleCheckReply',
      body: { vrm, outcome: 'FOUND', vehicle: { make: text('EXAMPLE'), colour: text('BLUE') } },
      use: ({ vehicle }) => `${String((vehicle as Body)['colour'])} ${String((vehicle as Body)['make'])}`,
      gives: 'BLUE EXAMPLE',
    },
  ],
};

const refusedForNow: ReplyExpected = {
  description: 'that the records cannot be asked now',
  given: { 'the records are overloaded': {} },
  type: 'VehicleCheckRequest',
  body: vehicleAsked,
  replies: [
    {
      type: 'CheckError',
      body: { code: oneOf('throttled', 'unavailable'), retryable: true },
      use: ({ retryable }) => (retryable === true ? 'ask again' : 'give up'),
      gives: 'ask again',
    },
  ],
};

const aboutPerson: ReplyExpected = {
  description: 'what is known of a person',
  type: 'PersonCheckRequest',
  body: personAsked,
  replies: [
    {
      type: 'PersonCheckReply',
      body: { outcome: oneOf('NO-TRACE', 'TRACE'), matchCount: integer(0), checkedAt: time() },
      use: ({ outcome, matchCount }) => `${String(outcome)}, ${String(matchCount)}`,
      gives: 'NO-TRACE, 0',
    },
    {
      type: 'CheckError',
      body: { code: text('unavailable'), retryable: boolean(true) },
      use: ({ code }) => code,
      gives: 'unavailable',
    },
  ],
};

export const recordsCheck: readonly ConsumerTest[] = [
  { service, provider, consumer: 'mobile', requests: [aboutVehicle, aboutKnownVehicle, aboutPerson] },
  { service, provider, consumer: 'control-room', requests: [aboutVehicle, refusedForNow, aboutPerson] },
];

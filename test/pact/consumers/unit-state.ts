import { MatchersV3 } from '@pact-foundation/pact';
import { shaped, time, userRef, type ConsumerTest, type EventExpected } from './consumer.ts';

const { eachLike, integer, number } = MatchersV3;
const service = 'unit-state';

const callsign = shaped('^[A-Z]{2}\\d{2,4}[A-Z]?$', 'AB12');

const status: EventExpected = {
  description: 'the status of a unit',
  subject: '^unit-state\\.status\\.StatusChanged\\.[A-Z0-9]+$',
  type: 'StatusChanged',
  body: { callsign, statusCode: integer(2), changedAt: time() },
  use: ({ callsign: unit, statusCode }) => `${String(unit)} ${String(statusCode)}`,
  gives: 'AB12 2',
};

const emergency: EventExpected = {
  description: 'a unit in an emergency',
  given: { 'a unit calls for help': {} },
  type: 'StatusChanged',
  body: { callsign, statusCode: 0 },
  use: ({ statusCode }) => statusCode === 0,
  gives: true,
};

const crew: EventExpected = {
  description: 'the crew of a unit',
  type: 'CrewChanged',
  given: { 'a unit is crewed': {} },
  body: { callsign, crew: eachLike(userRef(), 1), crewSize: integer(1) },
  use: ({ crew: members }) => (members as readonly unknown[]).length,
  gives: 1,
};

const snapshot: EventExpected = {
  description: 'all that is known of a unit',
  type: 'UnitSnapshot',
  body: { callsign, statusCode: integer(2), crewSize: integer(0), takenAt: time() },
  use: ({ callsign: unit }) => unit,
  gives: 'AB12',
};

const position: EventExpected = {
  description: 'where a unit is',
  subject: '^unit-state\\.positions\\.PositionReported\\.[A-Z0-9]+$',
  type: 'PositionReported',
  body: { callsign, lat: number(53.4), lon: number(-2.2), accuracyM: number(10), fixTime: time() },
  use: ({ callsign: unit, lat, lon }) => `${String(unit)} ${String(lat)} ${String(lon)}`,
  gives: 'AB12 53.4 -2.2',
};

export const unitState: readonly ConsumerTest[] = [
  { service, provider: 'radio', consumer: 'map', events: [status, snapshot] },
  { service, provider: 'radio', consumer: 'mobilisation', events: [status, emergency, crew] },
  { service, provider: 'radio', consumer: 'analytics', events: [status] },
  ...['map', 'mobilisation', 'analytics'].map((consumer) => ({
    service,
    provider: 'vehicle-location',
    consumer,
    events: [position],
  })),
];

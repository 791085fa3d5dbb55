import { MatchersV3 } from '@pact-foundation/pact';
import { oneOf, shaped, text, time, userRef, type ConsumerTest, type EventExpected } from './consumer.ts';

const { eachLike, integer } = MatchersV3;
const service = 'anpr-hit';
const provider = 'anpr-matching';

const uuid = shaped('^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', '3f2504e0-4f89-41d3-9a0c-0305e82c3301');
const vrm = shaped('^[A-Z0-9]{1,12}$', 'AB00CDE');
const cameraId = shaped('^[A-Z]{2}\\d{4}-[A-Z0-9]{1,4}$', 'EX0042-N1');

const hit = (consumer: string, most: number): EventExpected => ({
  description: `a hit that ${consumer} is to hear of`,
  subject: `^anpr-hit\\.hits\\.[1-${String(most)}]$`,
  type: 'AnprHit',
  body: {
    hitId: uuid,
    priority: integer(1),
    vrm,
    cameraId,
    capturedAt: time(),
    expiresAt: time('2026-03-05T14:45:00Z'),
  },
  use: ({ vrm: plate, cameraId: camera }) => `${String(plate)} at ${String(camera)}`,
  gives: 'AB00CDE at EX0042-N1',
});

const cancelled: EventExpected = {
  description: 'a hit that is withdrawn',
  type: 'HitCancelled',
  body: { hitId: uuid, priority: integer(1), reason: text('MISREAD'), cancelledAt: time() },
  use: ({ hitId }) => hitId,
  gives: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
};

const read: EventExpected = {
  description: 'a read',
  subject: '^anpr-hit\\.reads$',
  type: 'AnprRead',
  body: { readId: uuid, vrm, cameraId, capturedAt: time(), confidence: integer(97), heading: integer(180) },
  use: ({ vrm: plate, confidence }) => `${String(plate)} ${String(confidence)} %`,
  gives: 'AB00CDE 97 %',
};

const camera: EventExpected = {
  description: 'the state of a camera',
  subject: '^anpr-hit\\.camera-status$',
  type: 'CameraStatus',
  body: { cameraId, state: oneOf('ONLINE', 'DEGRADED', 'OFFLINE'), since: time(), reportedAt: time() },
  use: ({ state }) => state,
  gives: 'ONLINE',
};

const tampered: EventExpected = {
  description: 'a camera that was tampered with',
  given: { 'a camera was tampered with': {} },
  type: 'CameraStatus',
  body: { cameraId, state: 'OFFLINE', faults: eachLike(text('TAMPER'), 1) },
  use: ({ faults }) => (faults as readonly string[]).includes('TAMPER'),
  gives: true,
};

const acknowledged: EventExpected = {
  description: 'what is done about a hit',
  subject: '^anpr-hit\\.acknowledgements$',
  type: 'HitAcknowledged',
  body: {
    hitId: uuid,
    decision: oneOf('NOTED', 'ATTENDING', 'UNABLE'),
    acknowledgedBy: userRef(),
    acknowledgedAt: time(),
  },
  use: ({ decision }) => decision,
  gives: 'NOTED',
};

export const anprHit: readonly ConsumerTest[] = [
  { service, provider, consumer: 'control-room', events: [hit('the control room', 3), cancelled, read, camera] },
  { service, provider, consumer: 'in-vehicle', events: [hit('a vehicle', 2)] },
  { service, provider, consumer: 'intelligence', events: [hit('intelligence', 5), read, tampered] },
  { service, provider: 'control-room', consumer: provider, events: [acknowledged] },
  { service, provider: 'in-vehicle', consumer: provider, events: [acknowledged] },
];

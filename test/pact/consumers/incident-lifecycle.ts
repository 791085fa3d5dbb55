import { MatchersV3 } from '@pact-foundation/pact';
import { oneOf, shaped, text, time, userRef, type ConsumerTest, type EventExpected } from './consumer.ts';

const { eachLike, integer } = MatchersV3;
const service = 'incident-lifecycle';
const provider = 'command-and-control';
const subject = '^incident-lifecycle\\.incidents\\.[A-Za-z0-9/_=-]+$';

const incidentNo = shaped('^[1-9]\\d{0,4}/\\d{2}[A-Z]{3}\\d{2}$', '4711/05MAR26');
const grade = oneOf('I', 'S', 'E', 'R');
const location = { easting: integer(432_100), northing: integer(387_400) };

const event = (expected: Omit<EventExpected, 'subject'>): EventExpected => ({ ...expected, subject });

export const incidentLifecycle: readonly ConsumerTest[] = [
  {
    service,
    provider,
    consumer: 'mobile',
    events: [
      event({
        description: 'an incident that an officer may be sent to',
        type: 'IncidentCreated',
        body: {
          incidentNo,
          seq: integer(1),
          grade,
          openingCode: text('BURGLARY'),
          location,
          summary: text('Glass broken'),
        },
        use: ({ incidentNo: no, grade: of, summary }) => `${String(of)} ${String(no)}: ${String(summary)}`,
        gives: 'I 4711/05MAR26: Glass broken',
      }),
      event({
        description: 'a unit that is sent',
        type: 'ResourceAssigned',
        body: {
          incidentNo,
          callsign: shaped('^[A-Z]{2}\\d{2,4}[A-Z]?$', 'AB12'),
          assignedAt: time(),
          crew: eachLike(userRef(), 1),
        },
        use: ({ callsign, crew }) => `${String(callsign)}, ${String((crew as readonly unknown[]).length)} on board`,
        gives: 'AB12, 1 on board',
      }),
      event({
        description: 'another grade',
        type: 'IncidentGraded',
        body: { incidentNo, grade, previousGrade: grade },
        use: ({ previousGrade, grade: of }) => `${String(previousGrade)} to ${String(of)}`,
        gives: 'I to I',
      }),
    ],
  },
  {
    service,
    provider,
    consumer: 'crime-recording',
    events: [
      event({
        description: 'an incident with its results',
        type: 'IncidentClosed',
        body: {
          incidentNo,
          resultCodes: eachLike(shaped('^[A-Z]{3}\\d{2}$', 'CRI01'), 1),
          closedAt: time(),
          closedBy: userRef(),
        },
        use: ({ resultCodes }) => (resultCodes as readonly string[]).some((code) => code.startsWith('CRI')),
        gives: true,
      }),
      event({
        description: 'an incident of which a crime was recorded',
        given: { 'a crime was recorded': {} },
        type: 'IncidentClosed',
        body: { incidentNo, crimeRecorded: true },
        use: ({ crimeRecorded }) => crimeRecorded,
        gives: true,
      }),
    ],
  },
  {
    service,
    provider,
    consumer: 'analytics',
    events: [
      event({
        description: 'an incident to be counted',
        type: 'IncidentCreated',
        body: {
          incidentNo,
          openingCode: text('BURGLARY'),
          reportedVia: text('999'),
          reportedAt: time(),
          openedAt: time(),
        },
        use: ({ openingCode, reportedVia }) => `${String(openingCode)} by ${String(reportedVia)}`,
        gives: 'BURGLARY by 999',
      }),
      event({
        description: 'a remark to be counted',
        type: 'IncidentUpdated',
        body: { incidentNo, kind: text('REMARK'), recordedAt: time() },
        use: ({ kind }) => kind,
        gives: 'REMARK',
      }),
    ],
  },
  {
    service,
    provider,
    consumer: 'partner-gateway',
    events: [
      event({
        description: 'an incident that is handed over',
        type: 'IncidentTransferred',
        body: { incidentNo, agency: text('AMBULANCE'), transferredAt: time(), reason: text('A person is hurt') },
        use: ({ agency, incidentNo: no }) => `${String(no)} for ${String(agency)}`,
        gives: '4711/05MAR26 for AMBULANCE',
      }),
      event({
        description: 'an incident that is handed to the ambulance service',
        given: { 'an incident is for an agency': { agency: 'AMBULANCE' } },
        type: 'IncidentTransferred',
        body: { incidentNo, agency: 'AMBULANCE' },
        use: ({ agency }) => agency,
        gives: 'AMBULANCE',
      }),
    ],
  },
];

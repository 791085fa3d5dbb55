import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { authenticatorOf } from '../../adapters/credentials.ts';
import type { Environment } from '../../adapters/reference/typescript/environment.ts';
import type { Habits } from '../../adapters/reference/typescript/habits.ts';
import type { Application } from '../../patterns/application.ts';
import type { Defect } from '../defect.ts';
import { facing, someText } from './changes.ts';

type Front = ReturnType<Habits['front']>;

const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';
const incidents = 'incident-lifecycle/incidents';
const vehicles = 'records-check/vehicle-checks';

/** A program that says something to the bus beside its work, on a connection of its own. */
const saying = (
  say: (bus: Awaited<ReturnType<typeof connect>>, environment: Environment) => void,
): Pick<Habits, 'beside'> => ({
  beside: async (environment) => {
    const { url, credentials, inboxPrefix } = environment.bus;
    const bus = await connect({
      servers: url.split(','),
      inboxPrefix,
      ...(credentials === undefined ? {} : { authenticator: authenticatorOf(credentials) }),
    });
    say(bus, environment);
    await bus.flush();
  },
});

/** A program with something else between what its application sends and its core. */
const sending = (
  send: (
    adapter: Front,
    event: Parameters<Front['send']>[0],
    log: Parameters<Habits['front']>[1],
  ) => ReturnType<Front['send']>,
) =>
  ({
    front: (adapter, log) => ({
      healthy: () => adapter.healthy(),
      send: (event) => send(adapter, event, log),
    }),
  }) satisfies Partial<Habits>;

/** A program with something else between its core and the application's answer to a handing-over. */
const delivering = (
  deliver: (
    application: Application,
    ...given: Parameters<Application['deliver']>
  ) => ReturnType<Application['deliver']>,
): Pick<Habits, 'back'> => facing((application) => ({ deliver: (...given) => deliver(application, ...given) }));

/** A program that serves so many requests at once. */
const inTurns =
  (places: number): Habits['front'] =>
  (adapter) => {
    const serving = new Set<Promise<unknown>>();
    return {
      healthy: () => adapter.healthy(),
      send: async (event) => {
        while (serving.size >= places) await Promise.race(serving);
        const answer = adapter.send(event);
        serving.add(answer);
        void answer.finally(() => serving.delete(answer));
        return answer;
      },
    };
  };

/** Faults that only a program can have: of how it lives, of what it tells the world, of what stands around its core. */
export const ofPrograms: readonly Defect[] = [
  {
    name: 'ignores-sigterm',
    title: 'does not end when it is told to',
    clause: 'LIF-1',
    flow: vehicles,
    scenario: 'happy-flow',
    breaks: { habits: { end: () => new Promise(() => undefined) } },
  },
  {
    name: 'ends-with-another-code',
    title: 'finishes, and exits with 143',
    clause: 'LIF-1',
    flow: vehicles,
    scenario: 'happy-flow',
    breaks: {
      habits: {
        end: async (finish) => {
          await finish();
          return 143;
        },
      },
    },
  },
  {
    name: 'leaves-at-once',
    title: 'exits with 0 at once, whatever it has in hand',
    clause: 'LIF-1',
    flow: tasks,
    scenario: 'restart-subscriber',
    breaks: { habits: { end: () => Promise.resolve(0) } },
  },
  {
    name: 'goes-on-pulling',
    title: 'takes messages for a second more after it was told to end',
    clause: 'LIF-1',
    flow: tasks,
    scenario: 'restart-subscriber',
    breaks: {
      habits: {
        end: async (finish) => {
          await delay(1000);
          await finish();
          return 0;
        },
      },
    },
  },
  {
    name: 'dies-when-cut-off',
    title: 'ends itself when its connection to the bus is lost',
    clause: 'LIF-1',
    flow: tasks,
    scenario: 'cut-off',
    breaks: {
      habits: {
        beside: (_environment, adapter) => {
          setInterval(() => {
            if (!adapter.healthy()) process.exit(1);
          }, 50);
          return Promise.resolve();
        },
      },
    },
  },
  {
    name: 'skips-what-waited',
    title: 'takes the first that waits for it after a start, and the next three for done',
    clause: 'DEL-7',
    flow: tasks,
    scenario: 'restart-subscriber',
    breaks: {
      habits: (() => {
        let handed = 0;
        return delivering((application, ...given) => {
          handed++;
          return handed > 1 && handed <= 4 ? Promise.resolve({ status: 200 }) : application.deliver(...given);
        });
      })(),
    },
  },
  {
    name: 'always-well',
    title: 'says that it is well whether it is connected or not',
    clause: 'LIF-3',
    flow: tasks,
    scenario: 'cut-off',
    breaks: { habits: { front: (adapter) => ({ send: (event) => adapter.send(event), healthy: () => true }) } },
  },
  {
    name: 'never-well-again',
    title: 'says that it is not well for ever, once its connection was lost',
    clause: 'LIF-3',
    flow: vehicles,
    scenario: 'cut-off',
    breaks: {
      habits: {
        front: (adapter) => {
          let well = true;
          return {
            send: (event) => adapter.send(event),
            healthy: () => (well &&= adapter.healthy()),
          };
        },
      },
    },
  },
  {
    name: 'listens-to-every-inbox',
    title: 'subscribes to the inboxes of all applications',
    clause: 'SEC-4',
    flow: vehicles,
    scenario: 'cut-off',
    breaks: { habits: saying((bus) => void bus.subscribe('_INBOX.>', { callback: () => undefined })) },
  },
  {
    name: 'dead-letters-by-itself',
    title: 'publishes dead letters in place of the bus',
    clause: 'SEC-4',
    flow: tasks,
    scenario: 'cut-off',
    breaks: {
      habits: saying((bus, { application }) => bus.publish(`dead-letter.custody-task.tasks.${application}`, '')),
    },
  },
  {
    name: 'makes-its-own-stream',
    title: 'makes a stream for itself where it is to bind only',
    clause: 'SEC-4',
    flow: hits,
    scenario: 'cut-off',
    breaks: {
      habits: saying((bus) =>
        bus.publish('$JS.API.STREAM.CREATE.OWN', JSON.stringify({ name: 'OWN', subjects: ['own'], storage: 'memory' })),
      ),
    },
  },
  {
    name: 'refuses-with-400',
    title: 'answers 400 to whatever it refuses',
    clause: 'SCH-1',
    flow: tasks,
    scenario: 'invalid-sent',
    breaks: {
      habits: sending(async (adapter, event) => {
        const answer = await adapter.send(event);
        return [413, 415, 422].includes(answer.status) ? { ...answer, status: 400 } : answer;
      }),
    },
  },
  {
    name: 'answers-before-the-bus',
    title: 'answers 202 to a valid event at once, and publishes it after',
    clause: 'DEL-2',
    flow: incidents,
    scenario: 'lost-acknowledgements',
    breaks: {
      habits: sending((adapter, event) => {
        void adapter.send(event);
        return Promise.resolve({ status: 202, reason: 'stored' });
      }),
    },
  },
  {
    name: 'serves-one-at-a-time',
    title: 'takes the next event of its application once the one before is done',
    clause: 'DEL-2',
    flow: tasks,
    scenario: 'lost-acknowledgements',
    breaks: {
      habits: { front: inTurns(1) },
    },
  },
  {
    name: 'content-in-log',
    title: 'logs what it is given to send',
    clause: 'AUD-2',
    flow: tasks,
    scenario: 'canaries',
    breaks: {
      habits: sending((adapter, event, log) => {
        log(`received ${Buffer.from(event.body).toString('utf8')}`);
        return adapter.send(event);
      }),
    },
  },
  {
    name: 'content-in-log-in-base64',
    title: 'logs what it hands over, in base64',
    clause: 'AUD-2',
    flow: hits,
    scenario: 'canaries',
    breaks: {
      habits: {
        back: (application, log) => ({
          deliver: (event, timeLimitMs, gone) => {
            log(`delivering ${Buffer.from(event.body).toString('base64')}`);
            return application.deliver(event, timeLimitMs, gone);
          },
          content: (...given) => application.content(...given),
          stage: (...given) => application.stage(...given),
        }),
      },
    },
  },
  {
    name: 'content-in-problem',
    title: 'quotes the event in its answer to what it refuses',
    clause: 'AUD-2',
    flow: tasks,
    scenario: 'canaries',
    breaks: {
      habits: sending(async (adapter, event) => {
        const answer = await adapter.send(event);
        return answer.status < 400 ? answer : { ...answer, reason: `${answer.reason}-${someText(event)}` };
      }),
    },
  },
  {
    name: 'takes-a-missing-path-for-a-failure',
    title: 'tries again what its application answers with 404',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: {
      habits: delivering(async (application, ...given) => {
        const answer = await application.deliver(...given);
        return answer.status === 404 ? { status: 503 } : answer;
      }),
    },
  },
  {
    name: 'asks-again-by-itself',
    title: 'its HTTP client asks the application again where that fails, unseen by the adapter',
    clause: 'DLQ-2',
    flow: tasks,
    scenario: 'retried',
    breaks: {
      habits: delivering(async (application, ...given) => {
        const answer = await application.deliver(...given);
        return answer.status >= 500 ? application.deliver(...given) : answer;
      }),
    },
  },
  {
    name: 'follows-redirects',
    title: 'its HTTP client follows redirects, and takes what it finds there for the answer',
    clause: 'DEL-3',
    flow: tasks,
    scenario: 'retried',
    breaks: {
      habits: delivering(async (application, ...given) => {
        const answer = await application.deliver(...given);
        return answer.status === 302 ? { status: 404 } : answer;
      }),
    },
  },
  {
    name: 'leaves-its-application-waiting',
    title: 'goes at SIGTERM without an answer to what its application has sent',
    clause: 'LIF-1',
    flow: incidents,
    scenario: 'restart-sender',
    breaks: { habits: { end: () => Promise.resolve(0) } },
  },
  {
    name: 'serves-sixteen-at-once',
    title: 'serves sixteen requests of its application at once, and lets the others wait',
    clause: 'DEL-2',
    flow: incidents,
    scenario: 'lost-acknowledgements',
    breaks: { habits: { front: inTurns(16) } },
  },
];

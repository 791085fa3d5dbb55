import type { Application } from '../../../patterns/application.ts';
import type { StartedAdapter } from '../../adapter.ts';
import type { Environment } from './environment.ts';

type Log = (line: string) => void;

/**
 * What the program decides around the core of the adapter, each named after what it decides. A faulty program is
 * `{ ...standardHabits, one: broken }`.
 */
export interface Habits {
  /** What stands between the application's requests and the core. */
  readonly front: (adapter: StartedAdapter, log: Log) => Pick<StartedAdapter, 'send' | 'healthy'>;
  /** What stands between the core and the application. */
  readonly back: (application: Application, log: Log) => Application;
  /** What it does beside, once it is ready. */
  readonly beside: (environment: Environment, adapter: StartedAdapter) => Promise<void>;
  /** What it does once it is told to end; gives its exit code. `finish` takes no more and ends what is in hand. */
  readonly end: (finish: () => Promise<void>) => Promise<number>;
}

export const standardHabits: Habits = {
  front: (adapter) => adapter,
  back: (application) => application,
  beside: () => Promise.resolve(),
  end: async (finish) => {
    await finish();
    return 0;
  },
};

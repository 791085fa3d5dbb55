import { MatchersV3 } from '@pact-foundation/pact';

const { like, regex } = MatchersV3;

/** Body of a message as an application of a service reads it. */
export type Body = Readonly<Record<string, unknown>>;

interface Common {
  readonly description: string;
  /** Provider states with their parameters. */
  readonly given?: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  /** `ce-type` of the event, or of the request. */
  readonly type: string;
  /** What the application reads of the event, or says in the request; each field with a matcher and its example. */
  readonly body: object;
}

/** An event that an application expects, and what it makes of it: the test calls `use` with the example, and compares. */
export interface EventExpected extends Common {
  readonly subject?: string;
  readonly use: (body: Body) => unknown;
  readonly gives: unknown;
}

/** A request that an application makes, and each reply that it expects. */
export interface ReplyExpected extends Common {
  readonly replies: readonly {
    readonly type: string;
    readonly body: object;
    readonly use: (body: Body) => unknown;
    readonly gives: unknown;
  }[];
}

/** One consumer of one provider: a pact. */
export interface ConsumerTest {
  readonly service: string;
  readonly consumer: string;
  readonly provider: string;
  readonly events?: readonly EventExpected[];
  readonly requests?: readonly ReplyExpected[];
}

// Matchers with their examples: without one, the library makes up another value each time, and another file.

export const text = (example: string) => like(example);
export const time = (example = '2026-03-05T14:30:00Z') =>
  regex('^\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})$', example);
export const oneOf = (...[example = '', ...others]: readonly string[]) =>
  regex(`^(${[example, ...others].join('|')})$`, example);
export const userRef = () => regex('^U\\d{6}$', 'U204417');
export const shaped = (pattern: string, example: string) => regex(pattern, example);

const eventHeaders = {
  'ce-specversion': '1.0',
  'ce-id': regex('^[!-~]{1,128}$', '5f0c2d9e-0001-4b0a-8f3e-2a4f6f0f9d01'),
  'ce-time': time(),
  'ce-correlationid': regex('^[!-~]{1,128}$', 'correlation-1'),
  contentType: 'application/json',
} as const;

/** What every application asks of the envelope; a receiver of anything up to the flow's ceiling takes both classifications. */
export function headersOf(service: string, provider: string, type: string) {
  return {
    ...eventHeaders,
    'ce-type': type,
    'ce-source': `urn:application:${provider}`,
    'ce-dataschema': `urn:busworthy:${service}:${type}:1`,
    'ce-classification': regex('^OFFICIAL(-SENSITIVE)?$', 'OFFICIAL'),
  };
}

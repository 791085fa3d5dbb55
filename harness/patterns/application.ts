import type { CloudEvent } from '../model/event.ts';

/** What the application said. */
export interface ApplicationAnswer {
  /** HTTP status; 0 where the connection failed or the time limit passed. */
  readonly status: number;
  /** The reply, with a 200 to a request. */
  readonly event?: CloudEvent;
}

/** What the application said when it was asked for a content. */
export interface OfferedContent {
  /** HTTP status; 0 where the connection failed. */
  readonly status: number;
  /** With a 200. */
  readonly content?: AsyncIterable<Uint8Array>;
}

/** The application behind an adapter, as the adapter sees it: over HTTP, or in this process. */
export interface Application {
  /**
   * `POST APPLICATION_URL`, no redirects. Resolves within the time limit, and never rejects.
   * @param gone aborted when the adapter hangs up: it does not hear the answer
   */
  deliver(event: CloudEvent, timeLimitMs: number, gone?: AbortSignal): Promise<ApplicationAnswer>;
  /** `GET APPLICATION_URL/content/<id>/<item>`, no redirects. Never rejects; the content throws where it breaks off. */
  content(eventId: string, item: number): Promise<OfferedContent>;
  /** `PUT APPLICATION_URL/content/<id>/<item>`. When the content throws, nothing counts as staged. */
  stage(eventId: string, item: number, content: AsyncIterable<Uint8Array>): Promise<ApplicationAnswer>;
}

/** What an adapter answers its application's POST. */
export interface SendAnswer {
  /** HTTP status: 200, 202, 409, 413, 422, 503 or 504 (and 415, of which the HTTP side decides); 0 where the adapter died. */
  readonly status: number;
  /** `stored`, `reply`, or the last part of the problem type `urn:busworthy:<reason>`. */
  readonly reason: string;
  /** The reply, with a 200. */
  readonly event?: CloudEvent;
}

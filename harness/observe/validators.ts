import type { Flow, Message } from '../model/flow.ts';
import type { JsonValue } from '../model/json.ts';

type Headers = Readonly<Record<string, string>>;

/** What facts are made with: two independent JSON Schema validators, the header schemas and the rules of a service's messages. */
export interface Validators {
  /** The message with this `ce-type` and a flow that it travels on; undefined for a type that the service does not have. */
  readonly find: (type: string) => { readonly flow: Flow; readonly message: Message } | undefined;
  /** First fault of a payload, `schema:<keyword>:<path>`; undefined for a valid one. */
  readonly payloadFault: (message: Message, payload: JsonValue) => string | undefined;
  /** The same by another implementation of JSON Schema. */
  readonly payloadFaultAgain: (message: Message, payload: JsonValue) => string | undefined;
  /** First header that the message's header schema refuses, `header:<name>`; undefined where all are right. */
  readonly headerFault: (message: Message, headers: Headers) => string | undefined;
  /** First rule that is broken, `rule:<n>`; undefined where all hold. */
  readonly ruleFault: (message: Message, headers: Headers, payload: JsonValue) => string | undefined;
}

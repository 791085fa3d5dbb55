/** The two halves of taking an object out of the store: nobody finds it any more, and its chunks are gone. */
export interface Removal {
  readonly unname: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

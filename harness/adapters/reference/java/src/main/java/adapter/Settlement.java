package adapter;

import java.util.Optional;

/** What becomes of a message from a stream. */
sealed interface Settlement {

    /** @param notice its reason, where one is stored first (R12) */
    record Acknowledge(Optional<String> notice) implements Settlement {}

    /** R9 */
    record Terminate(String reason) implements Settlement {}

    /** R8 */
    record Retry() implements Settlement {}

    Settlement ACKNOWLEDGE = new Acknowledge(Optional.empty());
    Settlement RETRY = new Retry();

    static Settlement terminate(String reason) {
        return new Terminate(reason);
    }
}

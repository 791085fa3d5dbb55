package adapter;

/** What the adapter is told makes no sense: its environment, or the contract. It cannot start. */
final class Misconfigured extends Exception {
    Misconfigured(String message) {
        super(message);
    }
}

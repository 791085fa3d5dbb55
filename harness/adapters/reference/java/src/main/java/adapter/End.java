package adapter;

/** An application's end of a flow. */
interface End {
    /** Finds what it needs on the bus, and begins. Throws where something is not there yet. */
    void open() throws Exception;

    /** Asks for no more from the bus. What it has in hand goes on. */
    default void stop() {}

    /** Until what was asked for before is here. */
    default void awaitStopped(Deadline deadline) throws InterruptedException {}
}

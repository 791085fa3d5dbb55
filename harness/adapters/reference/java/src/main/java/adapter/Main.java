package adapter;

import io.nats.client.NKey;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.time.Duration;

/**
 * A reference adapter in Java: all of ADAPTERS.md, for every exchange pattern and both roles. Numbers in comments, such as R6, are those
 * of its rules.
 */
public final class Main {
    static {
        // Both are read once, when the classes that heed them are loaded.
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL %4$s %3$s: %5$s%n");
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** How long a stopping adapter finishes what is in hand; it is to be gone within 10 s (L3). */
    private static final Duration FINISH_WAIT = Duration.ofSeconds(8);

    private static final Logger LOG = System.getLogger("adapter");

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException, IOException, GeneralSecurityException {
        try {
            Settings settings = Settings.of(System.getenv());
            Contract contract = Contract.read(settings.contract());
            Adapter adapter = new Adapter(settings, contract);
            Port port = new Port(settings.listenPort(), contract.largestBody(), adapter);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(adapter, port), "end"));
            adapter.start(port.number());
            if (arguments.length > 0 && arguments[0].equals("--warm-up")) {
                NKey.createUser(null).sign(new byte[1]); // what a login with credentials loads
                System.exit(0); // the run in which the build sees what is loaded: see pom.xml
            }
        } catch (Misconfigured e) {
            System.err.println("adapter: " + e.getMessage());
            System.exit(1);
        }
    }

    /** L3: on SIGTERM. Java's own exit code would be 143. */
    private static void end(Adapter adapter, Port port) {
        LOG.log(Level.INFO, "stopping");
        Deadline deadline = Deadline.in(FINISH_WAIT);
        try {
            port.refuse();
            adapter.takeNoMore(deadline);
            port.close(deadline);
            adapter.finish(deadline);
            adapter.close();
        } catch (InterruptedException | RuntimeException e) {
            LOG.log(Level.WARNING, "stopped with work in hand: the bus delivers it again");
        }
        Runtime.getRuntime().halt(0);
    }
}

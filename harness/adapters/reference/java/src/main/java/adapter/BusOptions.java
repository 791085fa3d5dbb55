package adapter;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** How the connection is made and kept. */
final class BusOptions {
    static final Duration RECONNECT_WAIT = Duration.ofMillis(200);

    private static final Logger LOG = System.getLogger("adapter.bus");

    private BusOptions() {}

    /** @param closed called when the connection has ended and will not come again */
    static Options of(Settings settings, Runnable closed) throws Misconfigured {
        Options.Builder options = Options.builder()
                .server(settings.busUrl())
                .connectionName(settings.application())
                .inboxPrefix(settings.inboxPrefix())
                .ignoreDiscoveredServers()
                .maxReconnects(-1)
                .reconnectWait(RECONNECT_WAIT)
                .connectionTimeout(Bus.REQUEST_WAIT)
                .pingInterval(Duration.ofSeconds(10))
                .reportNoResponders()
                .connectionListener(listener(closed))
                .errorListener(errors());
        settings.credentials().ifPresent(file -> options.authHandler(Nats.credentials(file.toString())));
        if (settings.ca().isPresent() || settings.certificate().isPresent()) {
            options.sslContext(Tls.context(settings));
        }
        return options.build();
    }

    private static ConnectionListener listener(Runnable closed) {
        return (connection, event) -> {
            LOG.log(Level.INFO, event.toString());
            if (event == ConnectionListener.Events.CLOSED) {
                closed.run();
            }
        };
    }

    private static ErrorListener errors() {
        return new ErrorListener() {
            @Override
            public void errorOccurred(Connection connection, String error) {
                LOG.log(Level.WARNING, error.replaceAll("[\"'].*", "...")); // what is quoted is a subject, which has values in it (L4)
            }

            @Override
            public void exceptionOccurred(Connection connection, Exception exception) {
                LOG.log(Level.INFO, exception.getClass().getSimpleName());
            }

            @Override
            public void slowConsumerDetected(Connection connection, Consumer consumer) {
                LOG.log(Level.WARNING, "slow consumer");
            }
        };
    }
}

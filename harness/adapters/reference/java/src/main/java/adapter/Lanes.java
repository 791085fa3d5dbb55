package adapter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Work under one name is done one after another, in the order in which it entered; under different names side by side. */
final class Lanes {
    private final Map<String, CompletableFuture<Void>> last = new HashMap<>();

    /** A place in the lanes of some names; its work may begin once `before` is done, and ends with close. */
    final class Place implements AutoCloseable {
        final CompletableFuture<Void> before;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final List<String> names;

        private Place(List<String> names) {
            this.names = names;
            List<CompletableFuture<Void>> others = new ArrayList<>();
            for (String name : names) {
                CompletableFuture<Void> other = last.put(name, done);
                if (other != null) {
                    others.add(other);
                }
            }
            before = CompletableFuture.allOf(others.toArray(CompletableFuture[]::new));
        }

        @Override
        public void close() {
            synchronized (last) {
                names.forEach(name -> last.remove(name, done));
            }
            done.complete(null);
        }
    }

    Place enter(List<String> names) {
        synchronized (last) {
            return new Place(names);
        }
    }

    int busy() {
        synchronized (last) {
            return last.size();
        }
    }
}

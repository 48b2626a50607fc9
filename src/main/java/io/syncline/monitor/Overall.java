package io.syncline.monitor;

import io.syncline.audit.Anchors;
import io.syncline.config.Configuration;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** How all syncs of all organisations stand together. It is looked up at most every few seconds, because anybody may ask. */
@Component
public class Overall {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Configuration configuration;
    private final Monitor monitor;
    private final Anchors anchors;
    private boolean anchored = true;
    private List<SyncState> last = List.of();
    private long lookedAt = System.nanoTime() - FRESH.toNanos();

    Overall(Configuration configuration, Monitor monitor, Anchors anchors) {
        this.configuration = configuration;
        this.monitor = monitor;
        this.anchors = anchors;
    }

    /** The gravest colour of all. */
    public synchronized Colour colour() {
        return gravest(states(), anchored);
    }

    /** At least yellow where an anchor is not where it should be. */
    public static Colour gravest(List<SyncState> states, boolean anchored) {
        Colour colour = gravest(states);
        return anchored || colour != Colour.GREEN ? colour : Colour.YELLOW;
    }

    /** Green where there is none. */
    public static Colour gravest(List<SyncState> states) {
        return states.stream().map(state -> state.health().colour()).max(Comparator.naturalOrder()).orElse(Colour.GREEN);
    }

    synchronized List<SyncState> states() {
        if (System.nanoTime() - lookedAt >= FRESH.toNanos()) {
            last = configuration.syncs().values().stream().flatMap(sync -> sync.organisations().stream()).distinct()
                    .flatMap(organisation -> monitor.all(organisation).stream()).toList();
            anchored = !anchors.isInTrouble();
            lookedAt = System.nanoTime();
        }
        return last;
    }
}

package io.syncline.run;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.store.SetAside;
import io.syncline.store.SetAside.Place;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.stream.Stream;

/**
 * Asks again, after a while, for records that were set aside. Where a source cannot be asked for one record, the next read is the retry,
 * and nothing is taken from here.
 */
@Component("retryQueue")
public class RetryQueue {
    static final String TRIGGER = "retry";
    private static final int MOST = 500;

    private final SetAside setAside;
    private final List<Place> places;

    RetryQueue(SetAside setAside, Configuration configuration) {
        this.setAside = setAside;
        this.places = configuration.syncs().values().stream().flatMap(sync -> places(sync, configuration)).toList();
    }

    private static Stream<Place> places(SyncConfig sync, Configuration configuration) {
        var resources = configuration.systemOf(sync).source().resources();
        return sync.entities().stream().filter(entity -> resources.get(entity.resource()).asksForOne())
                .flatMap(entity -> sync.organisations().stream().map(organisation -> new Place(sync.name(), entity.name(), organisation)));
    }

    /** A request for each record that is due now. */
    public List<RunRequest> take() {
        return setAside.take(places, MOST).stream().map(due -> new RunRequest(due.sync(), due.organisation(), Mode.SINGLE, false, null, due.entity(), due.key(),
                TRIGGER, TRIGGER)).toList();
    }
}

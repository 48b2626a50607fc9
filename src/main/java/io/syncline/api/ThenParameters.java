package io.syncline.api;

import io.syncline.inspect.Place;
import io.syncline.inspect.Snapshot;
import io.syncline.inspect.Snapshots;
import io.syncline.inspect.Then;
import org.springframework.http.HttpStatus;

import java.time.Instant;
import java.util.Map;

/** Reads from {@code asOf} and {@code snapshot} when records are looked at; one of the two says. */
final class ThenParameters {
    private ThenParameters() {
    }

    /** Null where nothing is said, which is now. */
    static Then read(Place place, Call call, Parameters asked, Snapshots snapshots) {
        Instant asOf = asked.instant("asOf");
        Long number = asked.number("snapshot");
        if (call.parameter("asOf") != null && call.parameter("snapshot") != null) {
            throw Refused.badRequest("asOf and snapshot both say when. Write one of them.", Map.of());
        }
        if (asOf != null) {
            requirePast(asOf, snapshots.now());
        }
        return number != null ? new Then(snapshot(place, number, snapshots).id(), null) : asOf == null ? null : new Then(null, asOf);
    }

    /** Promise 19: what is answered about an instant is the same for ever, so there is no answer about one that has not been yet. */
    private static void requirePast(Instant asOf, Instant now) {
        if (asOf.isAfter(now)) {
            throw new Refused(HttpStatus.BAD_REQUEST, "in-the-future", "asOf is " + asOf + ", and it is only " + now
                    + " here. Nobody knows yet what will be there then. Write an instant that has passed, or leave asOf out for what is there now.");
        }
    }

    static Snapshot snapshot(Place place, long number, Snapshots snapshots) {
        return snapshots.find(place.sync().name(), place.organisation(), number).orElseThrow(() -> RecordDoor.noSuchSnapshot(place.sync().name()));
    }
}

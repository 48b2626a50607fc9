package io.syncline.api;

import io.syncline.inspect.Place;
import io.syncline.inspect.Snapshot;
import io.syncline.inspect.Snapshots;
import io.syncline.inspect.Then;

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
        return number != null ? new Then(snapshot(place, number, snapshots).id(), null) : asOf == null ? null : new Then(null, asOf);
    }

    static Snapshot snapshot(Place place, long number, Snapshots snapshots) {
        return snapshots.find(place.sync().name(), place.organisation(), number).orElseThrow(() -> RecordDoor.noSuchSnapshot(place.sync().name()));
    }
}

package io.syncline.webhook;

import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An entity that is read from a resource of a system. */
record Target(String sync, String entity) {

    /** Those of an organisation that can be read record by record. */
    static List<Target> of(Configuration configuration, String organisation, String system, String resource) {
        var resources = configuration.systems().get(system).source().resources();
        if (!resources.containsKey(resource) || !resources.get(resource).asksForOne()) {
            return List.of();
        }
        return new TreeMap<>(configuration.syncs()).values().stream().filter(sync -> sync.system().equals(system)
                && sync.organisations().contains(organisation)).flatMap(sync -> of(sync, resource)).toList();
    }

    private static Stream<Target> of(SyncConfig sync, String resource) {
        return sync.entities().stream().filter(entity -> entity.resource().equals(resource)).map(entity -> of(sync, entity));
    }

    private static Target of(SyncConfig sync, EntityConfig entity) {
        return new Target(sync.name(), entity.name());
    }

}

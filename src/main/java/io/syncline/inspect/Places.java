package io.syncline.inspect;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import org.springframework.stereotype.Component;

import java.util.Optional;

/** Finds what is declared by its name. Promise 29: what is another organisation's is not there. */
@Component
public class Places {
    private final Configuration configuration;

    Places(Configuration configuration) {
        this.configuration = configuration;
    }

    public Optional<SyncConfig> sync(String organisation, String name) {
        return Optional.ofNullable(configuration.syncs().get(name)).filter(sync -> sync.organisations().contains(organisation));
    }

    public Optional<Place> entity(String organisation, String sync, String entity) {
        return sync(organisation, sync).filter(found -> found.entity(entity) != null).map(found -> new Place(found, found.entity(entity), organisation));
    }
}

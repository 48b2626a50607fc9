package io.syncline.check;

import io.syncline.change.Change;
import io.syncline.config.CaseReader;
import io.syncline.config.Configuration;
import io.syncline.config.ConfigurationReader;
import io.syncline.config.SyncCase;
import io.syncline.config.SyncConfig;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the shipped cases of syncs decide, for tests of what they cover. */
public final class DecidedCases {
    private DecidedCases() {
    }

    public static List<Change> all(Path configDirectory) {
        Configuration configuration = ConfigurationReader.withoutSettings().read(configDirectory);
        List<Change> decided = new ArrayList<>();
        for (SyncCase given : CaseReader.read(configDirectory, configuration).ofSyncs()) {
            SyncConfig sync = configuration.syncs().get(given.sync());
            try {
                decided.add(new SyncCases(sync, sync.entity(given.entity())).decided(given));
            } catch (CaseFailure failure) {
                throw new AssertionError(given.name(), failure);
            }
        }
        return decided;
    }

    public static List<String> names(Path configDirectory) {
        Configuration configuration = ConfigurationReader.withoutSettings().read(configDirectory);
        return CaseReader.read(configDirectory, configuration).ofSyncs().stream().map(SyncCase::name).toList();
    }
}

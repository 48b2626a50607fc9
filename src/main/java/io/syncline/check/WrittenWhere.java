package io.syncline.check;

import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.WritesConfig;
import io.syncline.record.Field;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What of each sync is written where, in lines for people: nobody should have to find that out by an edit. */
final class WrittenWhere {
    private WrittenWhere() {
    }

    static List<String> lines(Configuration configuration) {
        List<String> lines = new ArrayList<>();
        for (SyncConfig sync : configuration.syncs().values()) {
            for (EntityConfig entity : sync.entities()) {
                if (entity.writes() != null) {
                    lines.add(sync.name() + "." + entity.name() + " is written to " + sync.system() + ": " + deeds(entity.writes()) + readOnly(entity) + ".");
                }
            }
        }
        return lines;
    }

    private static String deeds(WritesConfig writes) {
        List<String> deeds = new ArrayList<>();
        add(deeds, "created", writes.create());
        add(deeds, "changed", writes.update());
        add(deeds, "deleted", writes.delete());
        add(deeds, "brought back", writes.restore());
        return String.join(", ", deeds);
    }

    private static void add(List<String> deeds, String deed, WritesConfig.Request request) {
        if (request != null) {
            deeds.add(deed + " by " + request.method());
        }
    }

    private static String readOnly(EntityConfig entity) {
        String fields = entity.shape().declared().stream().filter(field -> field.to() == null).map(Field::name).collect(Collectors.joining(", "));
        return fields.isEmpty() ? "" : "; only read: " + fields;
    }
}

package io.syncline.store;

import io.syncline.config.Explained;

import java.util.List;

/** A declared field was removed, narrowed or collides with what is there. Nothing was changed; the message holds the exact statement a person may run. */
public final class RefusedMigration extends RuntimeException implements Explained {
    RefusedMigration(String sync, List<String> refusals) {
        super("The tables of " + sync + " cannot be brought in line with its configuration without losing data:\n" + String.join("\n", refusals));
    }
}

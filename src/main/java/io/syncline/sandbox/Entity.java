package io.syncline.sandbox;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of record in the pricebook. */
public enum Entity {
    CATEGORIES, SERVICES, MATERIALS, EQUIPMENT;

    /** As it stands in paths, e.g. {@code materials}. */
    public String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Categories have no change time; all others do. */
    boolean isSku() {
        return this != CATEGORIES;
    }

    static Optional<Entity> of(String path) {
        return Arrays.stream(values()).filter(entity -> entity.path().equals(path)).findFirst();
    }
}

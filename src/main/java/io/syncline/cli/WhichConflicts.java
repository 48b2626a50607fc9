package io.syncline.cli;

import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.Map;

/** Options that say which conflicts are meant. */
final class WhichConflicts {
    @Option(names = "--entity", description = "Only of this entity.")
    private String entity;
    @Option(names = "--field", description = "Only where the sides disagree on this field.")
    private String field;
    @Option(names = "--kind", description = "Only of this kind: changed-both, deleted-there, deleted-here or bypassed.")
    private String kind;
    @Option(names = "--key-holds", description = "Only records whose key holds this text.")
    private String holds;

    /** Null where nothing is said. */
    Map<String, String> filters() {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("entity", entity);
        filters.put("field", field);
        filters.put("kind", kind);
        filters.put("key", holds);
        return filters;
    }
}

package io.syncline.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the schema of a sync cannot say. Each rule stands alone and passes over what is not there, so that all mistakes are found at once. */
final class SyncRules {
    private static final int LONGEST_IDENTIFIER = 63;
    private static final Set<String> RESERVED_SCHEMAS = Set.of("syncline", "syncline_staging", "quartz", "public", "information_schema");
    private static final Set<String> ROW_COLUMNS = Set.of("row_id", "org_id", "document", "hash", "revision", "snapshot_id", "sync_status", "sync_direction",
            "local_modified_at", "local_modified_by", "has_conflict", "deleted_at", "deleted_by_side", "valid_from", "removed_how", "extra");
    private static final List<String> SIDE_COLUMNS = List.of("id", "hash", "version", "modified_on", "synced_at", "base", "mapping");

    private static final Duration LONGEST_JITTER = Duration.ofHours(1);

    private final Declared declared;
    private final Mistakes mistakes;
    private final Map<String, Yaml> systems;
    private final Yaml sync;
    private final Map<String, Yaml> entities;

    SyncRules(Declared declared, Map<String, Yaml> systems) {
        this.declared = declared;
        this.mistakes = declared.mistakes();
        this.systems = systems;
        this.sync = declared.yaml();
        this.entities = sync.get("entities").members();
    }

    void check() {
        CommonRules.nameIsThatOfTheFile(declared);
        schemaIsOurs();
        systemIsDeclared();
        sideIsFree();
        CommonRules.cron(sync.get("schedules").get("incremental"), mistakes);
        CommonRules.cron(sync.get("schedules").get("full"), mistakes);
        CommonRules.zone(sync.get("schedules").get("zone"), mistakes);
        jitter(sync.get("schedules").get("jitter"));
        entities.forEach(this::entity);
        noCycle();
        new LocalTableRules(sync, mistakes).check();
    }

    private void sideIsFree() {
        Yaml side = sync.get("side");
        if (side.text().equals("local")) {
            mistakes.add(side, "\"local\" is the table's own side.", "Write a short name for the system, for example crm.");
        }
        SIDE_COLUMNS.stream().map(column -> side.text() + "_" + column).filter(ROW_COLUMNS::contains).findFirst().ifPresent(column -> mistakes.add(side,
                Mistakes.quoted(side.text()) + " would make the column " + column + ", which Syncline keeps itself.",
                "Write another short name, for example crm."));
    }

    private void schemaIsOurs() {
        Yaml name = sync.get("name");
        if (RESERVED_SCHEMAS.contains(name.text()) || name.text().startsWith("pg_")) {
            mistakes.add(name, Mistakes.quoted(name.text()) + " is a schema of PostgreSQL or of Syncline itself.",
                    "Choose another name; it becomes the schema of the sync's tables.");
        }
    }

    private void systemIsDeclared() {
        Yaml system = sync.get("system");
        if (system.is(Yaml.Kind.TEXT) && !systems.containsKey(system.text())) {
            mistakes.unknown(system, "a system in config/systems", systems.keySet());
        }
    }

    private void jitter(Yaml jitter) {
        if (jitter.text().matches("([0-9]{1,9}(ms|s|m|h|d))+") && Durations.of(jitter.text()).compareTo(LONGEST_JITTER) > 0) {
            mistakes.add(jitter, Mistakes.quoted(jitter.text()) + " is too long: nobody could say any more when it runs.", "Write at most 1h.");
        }
    }

    private void entity(String name, Yaml entity) {
        fits(sync.get("name").text() + "__" + name, entity, "the sync's name");
        for (String kept : List.of("_history", "_live")) {
            if (name.endsWith(kept) && entities.containsKey(name.substring(0, name.length() - kept.length()))) {
                mistakes.add(entity, Mistakes.quoted(name) + " is what Syncline keeps beside the other entity itself.", "Choose another name.");
            }
        }
        resourceIsDeclared(name, entity);
        keyIsThatOfTheSet(name, entity);
        nothingIsEditedThatCanNeverBeWritten(entity);
        CommonRules.time(entity.get("modifiedAt"), mistakes);
        conflicts(entity);
        new SyncWriteRules(sync, systems, mistakes).entity(name, entity);
        entity.get("fields").members().forEach((field, value) -> {
            columnIsFree(field, value, entity);
            if (value.has("references")) {
                fits(name + "_" + field + "_row", value, "the entity's name");
                fits(field + "_row_fkey", value, "what is added for a reference");
            }
            field(value);
        });
    }

    private void fits(String identifier, Yaml at, String with) {
        int tooMany = identifier.length() - LONGEST_IDENTIFIER;
        if (tooMany > 0) {
            mistakes.add(at, "together with " + with + " it is longer than the " + LONGEST_IDENTIFIER + " letters that PostgreSQL keeps of a name.",
                    "Leave out " + tooMany + (tooMany == 1 ? " letter." : " letters."));
        }
    }

    private void resourceIsDeclared(String name, Yaml entity) {
        Yaml system = systems.get(sync.get("system").text());
        Map<String, Yaml> resources = system == null ? Map.of() : system.get("source").get("resources").members();
        Yaml resource = entity.get("resource");
        if (resources.isEmpty() || !name.matches("[a-z][a-z0-9_]*") || resources.containsKey(resource.is(Yaml.Kind.ABSENT) ? name : resource.text())) {
            return;
        }
        String what = "a resource of the system " + sync.get("system").text();
        if (resource.is(Yaml.Kind.TEXT)) {
            mistakes.unknown(resource, what, resources.keySet());
        } else if (resource.is(Yaml.Kind.ABSENT)) {
            mistakes.add(entity, Mistakes.quoted(name) + " is not " + what + ".",
                    "Write resource: with the one that it is read from. " + Mistakes.instead(name, resources.keySet()));
        }
    }

    /** Otherwise a record could not be asked for by what it is known under. */
    private void keyIsThatOfTheSet(String name, Yaml entity) {
        Yaml system = systems.get(sync.get("system").text());
        if (system == null || !system.get("source").get("kind").text().equals("odata")) {
            return;
        }
        Yaml resource = system.get("source").get("resources").get(entity.has("resource") ? entity.get("resource").text() : name);
        Set<String> key = resource.get("key").members().keySet();
        if (!key.isEmpty() && entity.has("key") && !Set.copyOf(entity.get("key").texts()).equals(key)) {
            mistakes.add(entity.get("key"), "is not the key of " + resource.get("set").text() + ".", "Write " + String.join(", ", key) + ".");
        }
    }

    private void nothingIsEditedThatCanNeverBeWritten(Yaml entity) {
        Yaml system = systems.get(sync.get("system").text());
        if (system != null && SystemBuilder.isReadOnly(system) && entity.get("access").text().equals("read-write")) {
            mistakes.add(entity.get("access"), "the system " + sync.get("system").text() + " is read-only: an edit here could never be written there.",
                    "Write read-only, or leave it out.");
        }
    }

    private void conflicts(Yaml entity) {
        Yaml conflicts = entity.get("conflicts");
        Yaml authority = conflicts.get("authority");
        if (authority.is(Yaml.Kind.TEXT) && !authority.text().equals("local") && !authority.text().equals(sync.get("side").text())) {
            mistakes.unknown(authority, "a side of this sync", List.of(sync.get("side").text(), "local"));
        }
        if (conflicts.get("policy").text().equals("last-write-wins") && !entity.has("modifiedAt")) {
            // Promise 14: last write wins is decided by the sides' own times.
            mistakes.add(conflicts.get("policy"), "\"last-write-wins\" compares times, and the entity does not say where the side's stands.",
                    "Write modifiedAt: in the entity, or another policy.");
        }
    }

    private void columnIsFree(String field, Yaml value, Yaml entity) {
        String side = sync.get("side").text();
        boolean agreement = SIDE_COLUMNS.stream().anyMatch(column -> field.equals(side + "_" + column));
        boolean parent = field.endsWith("_row") && entity.get("fields").get(field.substring(0, field.length() - 4)).has("references");
        if (ROW_COLUMNS.contains(field) || agreement || parent) {
            mistakes.add(value, Mistakes.quoted(field) + " is a column that Syncline keeps itself.",
                    "Choose another name and write from: with the member that it is read from.");
        }
    }

    private void field(Yaml field) {
        CommonRules.time(field, mistakes);
        String type = field.get("type").text();
        if (field.get("set").isTrue() && !type.equals("json")) {
            mistakes.add(field.get("set"), "only lists are sets, and a list is json.", "Write type: json, or leave set out.");
        }
        for (String key : List.of("format", "zone")) {
            if (field.has(key) && !type.equals("timestamp")) {
                mistakes.add(field.get(key), "only a timestamp is written in a format and a zone.", "Write type: timestamp, or leave it out.");
            }
        }
        reference(field.get("references"), type);
    }

    private void reference(Yaml references, String type) {
        if (!references.is(Yaml.Kind.TEXT)) {
            return;
        }
        Yaml parent = entities.get(references.text());
        if (parent == null) {
            mistakes.unknown(references, "an entity of this sync", entities.keySet());
            return;
        }
        if (!type.equals("text") && !type.equals("integer")) {
            mistakes.add(references, "a key is text or integer, and this field is " + type + ".", "Write type: text or type: integer.");
        }
        if (parent.get("key").items().size() > 1) {
            mistakes.add(references, Mistakes.quoted(references.text()) + " has a key of several parts, which one field cannot hold.", "Leave references out.");
        }
    }

    /** An entity may refer to itself; among different ones there must be an order, parents first. */
    private void noCycle() {
        Map<String, List<Yaml>> references = new HashMap<>();
        entities.forEach((name, entity) -> references.put(name, entity.get("fields").members().values().stream().map(field -> field.get("references"))
                .filter(reference -> entities.containsKey(reference.text()) && !reference.text().equals(name)).toList()));
        Set<String> done = new HashSet<>();
        for (String entity : entities.keySet()) {
            walk(entity, new ArrayList<>(), references, done);
        }
    }

    private void walk(String entity, List<String> way, Map<String, List<Yaml>> references, Set<String> done) {
        way.add(entity);
        for (Yaml reference : references.get(entity)) {
            int at = way.indexOf(reference.text());
            if (at >= 0) {
                mistakes.add(reference, "closes a circle: " + String.join(" → ", way.subList(at, way.size())) + " → " + reference.text() + ".",
                        "Leave one of these references out.");
            } else if (!done.contains(reference.text())) {
                walk(reference.text(), way, references, done);
            }
        }
        way.remove(way.size() - 1);
        done.add(entity);
    }
}

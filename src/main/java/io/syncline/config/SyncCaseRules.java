package io.syncline.config;

import io.syncline.record.Field;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the schema of a sync's cases cannot say. */
final class SyncCaseRules {
    /** The member of {@code stored} that is not the side's: what people changed here. */
    static final String LOCAL = "local";

    private final Declared declared;
    private final Mistakes mistakes;
    private final Map<String, SyncConfig> syncs;

    SyncCaseRules(Declared declared, Map<String, SyncConfig> syncs) {
        this.declared = declared;
        this.mistakes = declared.mistakes();
        this.syncs = syncs;
    }

    void check() {
        SyncConfig sync = syncs.get(declared.name());
        if (sync == null) {
            mistakes.add(1, "", "there is no sync " + declared.name() + " that these are the cases of.",
                    "Write config/syncs/" + declared.name() + ".yaml, or rename this file.");
            return;
        }
        declared.yaml().items().forEach(each -> check(each, sync));
    }

    /** What needs no sync to compare with, for where none could be read. */
    void checkAlone() {
        declared.yaml().items().forEach(this::alone);
    }

    private void alone(Yaml each) {
        if (each.get("expect").has("push")) {
            push(each);
        } else {
            oneObservation(each);
            if (each.has("created")) {
                mistakes.add(each.get("created"), "is a row that only a push is about.", "Write expect: {push: …}, or stored: {…, local: {…}}.");
            }
            if (each.get("expect").is(Yaml.Kind.MAP) && !each.get("expect").has("change")) {
                mistakes.add(each.get("expect").get("change"), "is missing.", "Write for example change: create.");
            }
        }
        if (!each.has("stored")) {
            for (String state : List.of("row", "editedAt", "remapped", "shown", "shownGone")) {
                if (each.has(state)) {
                    mistakes.add(each.get(state), "there is no row without stored.", "Write stored: beside it.");
                }
            }
        }
        if (each.get("editedAt").is(Yaml.Kind.TEXT)) {
            instant(each.get("editedAt"), mistakes);
        }
    }

    private void check(Yaml each, SyncConfig sync) {
        alone(each);
        EntityConfig entity = entity(each, sync);
        if (entity == null) {
            return;
        }
        List<String> fields = entity.shape().fields().stream().map(Field::name).toList();
        each.get("stored").get(LOCAL).members().forEach((name, value) -> known(name, value, entity, fields));
        each.get("created").members().forEach((name, value) -> known(name, value, entity, fields));
        if (each.get("expect").has("push") && entity.writes() == null) {
            mistakes.add(each.get("expect").get("push"), "nothing of " + entity.name() + " is written to " + sync.system() + ".",
                    "Declare writes: in config/systems/" + sync.system() + ".yaml, or leave the case out.");
        }
        each.get("expect").get("row").members().forEach((name, value) -> known(name, value, entity, fields));
        each.get("expect").get("fields").items().forEach(field -> known(field.text(), field, entity, fields));
        each.get("remapped").items().forEach(field -> known(field.text(), field, entity, fields));
        Yaml local = each.get("stored").get(LOCAL);
        if (!local.is(Yaml.Kind.MAP) && !local.is(Yaml.Kind.ABSENT)) {
            mistakes.add(local, "is not a map.", "Write the fields that people changed, for example local: {" + fields.get(0) + ": …}.");
        }
    }

    private void push(Yaml each) {
        if (each.has("stored") == each.has("created")) {
            mistakes.add(each, each.has("created") ? "says both stored and created." : "does not say what people did.",
                    "Write either stored: {…, local: {…}} or created: {…}.");
        }
        for (String seen : List.of("incoming", "absent", "shown", "shownGone", "remapped", "editedAt", "conflicts")) {
            if (each.has(seen)) {
                mistakes.add(each.get(seen), "has no part in what is pushed.", "Leave it out, or expect a change.");
            }
        }
        for (String decided : List.of("change", "fields", "row", "reason")) {
            if (each.get("expect").has(decided)) {
                mistakes.add(each.get("expect").get(decided), "is about what a run decides, and push is about what is sent.", "Write two cases.");
            }
        }
    }

    private void oneObservation(Yaml each) {
        boolean absent = each.get("absent").isTrue();
        if (absent == each.has("incoming")) {
            mistakes.add(each, absent ? "says both incoming and absent." : "does not say what the side shows.",
                    "Write either incoming: {…} or absent: true.");
        }
        if (absent && !each.has("stored")) {
            mistakes.add(each, "nothing can be absent that was never there.", "Write stored: beside absent: true.");
        }
    }

    private EntityConfig entity(Yaml each, SyncConfig sync) {
        List<String> names = sync.entities().stream().map(EntityConfig::name).toList();
        Yaml entity = each.get("entity");
        if (entity.is(Yaml.Kind.ABSENT)) {
            if (names.size() > 1) {
                mistakes.add(entity, "is missing, and the sync has more than one.", Mistakes.instead("", names));
                return null;
            }
            return sync.entities().get(0);
        }
        if (sync.entity(entity.text()) == null) {
            mistakes.unknown(entity, "an entity of the sync " + sync.name(), names);
        }
        return sync.entity(entity.text());
    }

    private void known(String field, Yaml at, EntityConfig entity, List<String> fields) {
        if (!fields.contains(field)) {
            mistakes.add(at, Mistakes.quoted(field) + " is not a field of " + entity.name() + ".", Mistakes.instead(field, fields));
        }
    }

    static void instant(Yaml yaml, Mistakes mistakes) {
        try {
            Instant.parse(yaml.text());
        } catch (DateTimeException e) {
            mistakes.add(yaml, Mistakes.quoted(yaml.text()) + " is not a moment that there is.", "Write one like 2026-01-31T12:00:00Z.");
        }
    }
}

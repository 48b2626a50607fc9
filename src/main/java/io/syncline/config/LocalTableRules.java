package io.syncline.config;

import java.nio.file.FileSystems;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/** What the schema cannot say of local tables and of what fills them. Each rule stands alone and passes over what is not there. */
final class LocalTableRules {
    private static final Set<String> OWN_COLUMNS = Set.of("row_id", "org_id", "source", "imported", "valid_since", "ended_at");
    private static final List<String> BESIDE_AN_ENTITY = List.of("", "_history", "_live");

    private final Yaml sync;
    private final Mistakes mistakes;

    LocalTableRules(Yaml sync, Mistakes mistakes) {
        this.sync = sync;
        this.mistakes = mistakes;
    }

    void check() {
        sync.get("localTables").members().forEach(this::table);
        sync.get("imports").members().values().forEach(this::filling);
    }

    private void table(String name, Yaml table) {
        Set<String> entities = sync.get("entities").members().keySet();
        if (entities.stream().anyMatch(entity -> BESIDE_AN_ENTITY.stream().anyMatch(ending -> name.equals(entity + ending)))) {
            mistakes.add(table, Mistakes.quoted(name) + " is a table of the sync already.", "Choose another name.");
        }
        Yaml references = table.get("references");
        if (references.is(Yaml.Kind.TEXT) && !entities.contains(references.text())) {
            mistakes.unknown(references, "an entity of this sync", entities);
        }
        Set<String> fields = table.get("fields").members().keySet();
        table.get("key").items().stream().filter(field -> !fields.contains(field.text()))
                .forEach(field -> mistakes.unknown(field, "a field of this table", fields));
        table.get("fields").members().forEach((field, value) -> {
            if (OWN_COLUMNS.contains(field) || field.equals(references.text() + "_row")) {
                mistakes.add(value, Mistakes.quoted(field) + " is a column that Syncline makes itself.", "Choose another name.");
            }
        });
    }

    private void filling(Yaml filling) {
        Map<String, Yaml> tables = sync.get("localTables").members();
        Yaml name = filling.get("table");
        if (name.is(Yaml.Kind.TEXT) && !tables.containsKey(name.text())) {
            mistakes.unknown(name, "a table under localTables", tables.keySet());
        }
        CommonRules.cron(filling.get("schedule"), mistakes);
        CommonRules.zone(filling.get("zone"), mistakes);
        Yaml table = sync.get("localTables").get(name.text());
        filling.get("suppliers").members().values().forEach(supplier -> supplier(supplier, table));
    }

    private void supplier(Yaml supplier, Yaml table) {
        Map<String, Yaml> fields = table.get("fields").members();
        Set<String> known = new LinkedHashSet<>();
        for (String part : List.of("columns", "set")) {
            supplier.get(part).members().forEach((field, value) -> {
                if (!fields.isEmpty() && !fields.containsKey(field)) {
                    mistakes.add(value, Mistakes.quoted(field) + " is not a field of the table.", Mistakes.instead(field, fields.keySet()));
                } else if (!known.add(field)) {
                    mistakes.add(value, Mistakes.quoted(field) + " is read from a column already.", "Leave it out here, or there.");
                } else if (part.equals("set") && fields.containsKey(field) && !fields.get(field).text().equals("text")) {
                    mistakes.add(value, "only a field of type text can be set, and this one is " + fields.get(field).text() + ".", "Read it from a column.");
                }
            });
        }
        table.get("key").items().stream().filter(key -> !known.contains(key.text())).forEach(key -> mistakes.add(supplier.get("columns"),
                "the table's key " + Mistakes.quoted(key.text()) + " is read from nowhere.", "Write its column here, or what it always says under set."));
        findable(supplier.get("find").get("by"), sync.get("entities").get(table.get("references").text()));
        readable(supplier);
    }

    private void findable(Yaml by, Yaml entity) {
        Map<String, Yaml> fields = entity.get("fields").members();
        if (!by.is(Yaml.Kind.TEXT) || fields.isEmpty()) {
            return;
        }
        Yaml field = fields.get(by.text());
        if (field == null) {
            mistakes.unknown(by, "a field of the entity", fields.keySet());
        } else if (!Set.of("text", "integer").contains(field.is(Yaml.Kind.MAP) ? field.get("type").text() : field.text())) {
            mistakes.add(by, "records are found by a text or a whole number, and this field is neither.", "Name another field.");
        }
    }

    private void readable(Yaml supplier) {
        CommonRules.charset(supplier.get("charset"), mistakes);
        Yaml files = supplier.get("files");
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + files.text());
        } catch (PatternSyntaxException e) {
            mistakes.add(files, Mistakes.quoted(files.text()) + " is not a pattern of names.", "Write one such as ced*.csv.");
        }
    }
}

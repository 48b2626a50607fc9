package io.syncline.store;

import io.syncline.config.WritesConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the edit trigger refuses of an entity that is written to its system: an edit that could never be sent, told while whoever made it still looks.
 * An entity that is not written has none of it: what people edit there stays here, protected, and waits.
 */
final class UnsendableDdl {
    private final EntityTable table;
    private final WritesConfig writes;

    UnsendableDdl(EntityTable table) {
        this.table = table;
        this.writes = table.entity().writes();
    }

    /** Statements at the beginning of an insert, before the references are looked up. */
    String onInsert() {
        if (writes == null) {
            return "";
        }
        if (writes.create() == null) {
            return refusal("true", "{system} takes no new records of %", "Create it there; it comes with the next run.");
        }
        return Stream.concat(readOnly().map(field -> refusal(columns(field).map(column -> "new." + column + " is not null").collect(Collectors.joining(" or ")),
                field.name() + " of % is only read from {system}, and never written there", cure(field, "Leave it out."))), required()).collect(joined());
    }

    /** Statements at the beginning of an update that edits something. */
    String onUpdate() {
        if (writes == null) {
            return "";
        }
        Stream<String> fields = readOnly().map(field -> refusal(columns(field).map(column -> "new." + column + " is distinct from old." + column)
                .collect(Collectors.joining(" or ")), field.name() + " of % is only read from {system}, and never written there", cure(field,
                "Edit it there; it comes with the next run.")));
        String pushed = "old." + table.name("side_id") + " is not null";
        String changed = table.entity().written().stream().map(field -> EntityTable.quote(field.name()))
                .map(column -> "new." + column + " is distinct from old." + column).collect(Collectors.joining(" or ", "(", ")"));
        String change = writes.update() == null ? refusal(pushed + " and " + changed, "{system} takes no changes of %",
                "Edit the record there; it comes with the next run.") : "";
        Stream<String> emptied = writes.update() == null ? Stream.empty() : table.entity().written().stream()
                .filter(field -> !writes.update().takesNull(field.to().toString()))
                .map(field -> refusal(pushed + " and " + isEmpty("new.", field) + " and not " + isEmpty("old.", field) + " and " + agreed(field),
                        field.name() + " of % cannot be null: {system} takes none for it",
                        "Write another value" + switch (field.type()) {
                            case TEXT -> ", or an empty text.";
                            case JSON -> ", or an empty list or object.";
                            default -> ".";
                        }));
        String deleted = writes.delete() != null ? "" : refusal(pushed + " and old." + table.name("side_hash")
                + " <> '\\x' and old.deleted_at is null and new.deleted_at is not null",
                "{system} lets no record of % be deleted", "Delete it there; it goes with the next run.");
        // A deletion that the system has not been told of is simply taken back, and so is a return.
        String restored = writes.takesBack() ? "" : refusal(pushed + " and old.deleted_at is not null and new.deleted_at is null and old."
                + table.name("side_hash") + " = '\\x'", "{system} lets no record of % be brought back", "Bring it back there, or make a new record.");
        String unsent = required().collect(joined());
        return Stream.of(fields.collect(joined()), change, emptied.collect(joined()), deleted, restored, unsent.isEmpty() ? "" : "if (old."
                + table.name("side_id") + " is null" + (writes.makesAnew() ? " or old." + table.name("side_hash") + " = '\\x'" : "")
                + ") and new.deleted_at is null then\n            " + unsent + "\n        end if;")
                .filter(each -> !each.isEmpty()).collect(joined());
    }

    /** JSON has a null of its own, which says the same. */
    private static String isEmpty(String row, Field field) {
        String column = row + EntityTable.quote(field.name());
        return field.type() == FieldType.JSON ? "coalesce(" + column + "::text, 'null') = 'null'" : column + " is null";
    }

    /** What was null when it was agreed may be so again: nothing is sent of it. */
    private String agreed(Field field) {
        return table.fill("(old.{side_hash} = '\\x' or jsonb_typeof(coalesce(old.{side_base}, old.document)::jsonb -> ") + EntityTable.literal(field.name())
                + ") <> 'null')";
    }

    private Stream<String> required() {
        return writes.create() == null ? Stream.empty() : writes.create().requires().stream().map(member -> table.entity().written().stream()
                .filter(field -> field.to().toString().equals(member)).findFirst().orElse(null)).filter(Objects::nonNull)
                .map(field -> refusal(columns(field).map(column -> "new." + column + " is null").collect(Collectors.joining(" and ")),
                        "a new record of % needs " + field.name() + ": {system} takes none without", "Give it a value."));
    }

    private Stream<Field> readOnly() {
        return table.entity().shape().fields().stream().filter(field -> field.to() == null);
    }

    /** The column itself, and that of the row which a reference leads to. */
    private static Stream<String> columns(Field field) {
        return Stream.concat(Stream.of(EntityTable.quote(field.name())), field.references() == null ? Stream.empty() : Stream.of(EntityTable.row(field)));
    }

    /** Where the field is a part of another one, that is what is to be edited. */
    private String cure(Field field, String otherwise) {
        List<String> whole = table.entity().written().stream().filter(other -> other.from().segments().get(0).equals(field.from().segments().get(0)))
                .map(Field::name).toList();
        return whole.isEmpty() ? otherwise : "It follows from " + String.join(" and ", whole) + ": edit that.";
    }

    private String refusal(String when, String what, String hint) {
        String system = table.sync().system();
        return "if " + when + " then\n            raise exception " + EntityTable.literal(what.replace("{system}", system)) + ", tg_relid::regclass\n"
                + "                using errcode = 'insufficient_privilege', hint = " + EntityTable.literal(hint) + ";\n        end if;";
    }

    private static Collector<CharSequence, ?, String> joined() {
        return Collectors.joining("\n        ");
    }
}

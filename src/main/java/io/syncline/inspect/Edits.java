package io.syncline.inspect;

import com.fasterxml.jackson.databind.node.TextNode;
import io.syncline.activity.Activity;
import io.syncline.record.Field;
import io.syncline.record.Json;
import io.syncline.record.Written;
import io.syncline.store.EntityTable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Edits of people who do not write SQL. An edit is the same statement as theirs, so the same trigger journals it; the row is locked first, so that what was
 * checked is what is edited, beside a publish as beside another person.
 */
@Component
public class Edits {
    private final JdbcClient sql;
    private final Records records;
    private final Activity activity;

    Edits(JdbcClient sql, Records records, Activity activity) {
        this.sql = sql;
        this.records = records;
        this.activity = activity;
    }

    /** The value of a reference to a record that has no key at its system yet. */
    public record Unnamed(long row) {
    }

    /**
     * Makes a record.
     *
     * @param values by declared field, as its type has them; a reference may be {@link Unnamed}
     * @return its row, by which it is found
     * @throws CannotBeSent where the table refuses it
     */
    public long create(Place place, Map<Field, Object> values, String actor) {
        return edited(actor, () -> {
            Map<String, Object> parameters = new HashMap<>(Map.of("organisation", place.organisation()));
            List<Assigned> assigned = assigned(values, parameters);
            long row = sql.sql("insert into " + place.table().name("table") + " (org_id" + assigned.stream().map(each -> ", " + each.column())
                    .collect(Collectors.joining()) + ") values (:organisation" + assigned.stream().map(each -> ", " + each.value())
                    .collect(Collectors.joining()) + ") returning row_id").params(parameters).query(Long.class).single();
            note(place, actor, "record-created", "row:" + row, fields(values));
            return row;
        });
    }

    /**
     * Writes values into a record; what says so already is not written.
     *
     * @param values  by declared field, as its type has them; a reference may be {@link Unnamed}
     * @param actor   who edits
     * @param allowed is shown the record as it stands, locked, and throws where it may not be edited like this
     * @return the record's row, by which it is found; empty when there is no such record
     * @throws CannotBeSent where the table refuses it
     */
    public Optional<Long> edit(Place place, String name, Map<Field, Object> values, String actor, Consumer<FoundRecord> allowed) {
        return onRecord(place, name, actor, allowed, record -> {
            if (!values.isEmpty() && write(place, record.row(), values) == 1) {
                note(place, actor, "record-edited", name(record), fields(values));
            }
        });
    }

    /** Deletes a record, softly; one that is deleted stays as it is. Otherwise as {@link #edit}. */
    public Optional<Long> delete(Place place, String name, String actor, Consumer<FoundRecord> allowed) {
        return onRecord(place, name, actor, allowed, record -> {
            if (deleted(place, record.row(), "clock_timestamp()", "deleted_at is null") == 1) {
                note(place, actor, "record-deleted", name(record), null);
            }
        });
    }

    /** Brings a deleted record back; one that is not deleted stays as it is. Otherwise as {@link #edit}. */
    public Optional<Long> restore(Place place, String name, String actor, Consumer<FoundRecord> allowed) {
        return onRecord(place, name, actor, allowed, record -> {
            if (deleted(place, record.row(), "null", "deleted_at is not null") == 1) {
                note(place, actor, "record-restored", name(record), null);
            }
        });
    }

    private Optional<Long> onRecord(Place place, String name, String actor, Consumer<FoundRecord> allowed, Consumer<FoundRecord> edit) {
        return edited(actor, () -> records.locked(place, name).map(record -> {
            allowed.accept(record);
            edit.accept(record);
            return record.row();
        }));
    }

    private <T> T edited(String actor, Supplier<T> edit) {
        try {
            return activity.by(actor, () -> {
                sql.sql("set local lock_timeout = '10s'").update();
                return edit.get();
            });
        } catch (DataAccessException e) {
            throw CannotBeSent.in(e).map(RuntimeException.class::cast).orElse(e);
        }
    }

    private static String name(FoundRecord record) {
        return record.key() == null ? "row:" + record.row() : record.key();
    }

    private static String fields(Map<Field, Object> values) {
        return values.keySet().stream().map(Field::name).sorted().collect(Collectors.joining(", "));
    }

    private void note(Place place, String actor, String action, String key, String detail) {
        activity.note(place.organisation(), actor, action, place.sync().name(), place.entity().name(), key, null, detail);
    }

    private record Assigned(String column, String value) {
    }

    /** Which columns get what; a reference's row follows from its key, and where that is null is said beside it. */
    private static List<Assigned> assigned(Map<Field, Object> values, Map<String, Object> parameters) {
        List<Assigned> assigned = new ArrayList<>();
        values.forEach((field, value) -> {
            String parameter = "v" + assigned.size();
            parameters.put(parameter, value instanceof Unnamed ? null : parameter(value));
            assigned.add(new Assigned(EntityTable.quote(field.name()), ":" + parameter + "::" + field.type().columnType()));
            if (field.references() != null && (value == null || value instanceof Unnamed)) {
                parameters.put(parameter + "row", value instanceof Unnamed parent ? parent.row() : null);
                assigned.add(new Assigned(EntityTable.quote(field.name() + "_row"), ":" + parameter + "row::bigint"));
            }
        });
        return assigned;
    }

    private int write(Place place, long row, Map<Field, Object> values) {
        Map<String, Object> parameters = new HashMap<>(Map.of("row", row, "organisation", place.organisation()));
        List<Assigned> assigned = assigned(values, parameters);
        return sql.sql("update " + place.table().name("table") + " set " + assigned.stream().map(each -> each.column() + " = " + each.value())
                .collect(Collectors.joining(", ")) + " where row_id = :row and org_id = :organisation and (" + assigned.stream()
                .map(each -> each.column() + " is distinct from " + each.value()).collect(Collectors.joining(" or ")) + ")").params(parameters).update();
    }

    private int deleted(Place place, long row, String at, String unless) {
        return sql.sql("update " + place.table().name("table") + " set deleted_at = " + at + " where row_id = ? and org_id = ? and " + unless)
                .params(row, place.organisation()).update();
    }

    /** Whether a value names a record that is there, where the field is a reference. */
    public boolean leadsSomewhere(Place place, Field field, Object value) {
        if (field.references() == null || value == null) {
            return true;
        }
        EntityTable parent = place.table().parent(field);
        return sql.sql(parent.fill("select exists (select from {table} where org_id = ? and {side_id} = ?)")).params(place.organisation(), value.toString())
                .query(Boolean.class).single();
    }

    /** What a reference holds that names its record by the row: the record's key where it has one, else {@link Unnamed}; empty when there is none. */
    public Optional<Object> byRow(Place place, Field field, String name) {
        EntityTable parent = place.table().parent(field);
        return Records.row(name).flatMap(row -> sql.sql(parent.fill("select {side_id} as key from {table} where org_id = ? and row_id = ?"))
                .params(place.organisation(), row).query((found, n) -> Optional.ofNullable(found.getString("key"))).optional()
                .map(key -> key.map(text -> Written.read(field, TextNode.valueOf(text).toString()).value()).orElse(new Unnamed(row))));
    }

    private static Object parameter(Object value) {
        if (value instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        }
        return value instanceof Json json ? json.canonical() : value instanceof LocalDate date ? date.toString() : value;
    }
}

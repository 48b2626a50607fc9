package io.syncline.inspect;

import io.syncline.activity.Activity;
import io.syncline.record.Field;
import io.syncline.record.Json;
import io.syncline.store.EntityTable;
import org.postgresql.util.PSQLException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Edits of people who do not write SQL. An edit is the same update of the row, so the same trigger journals it; the row is locked first, so that what was
 * checked is what is edited, beside a publish as beside another person.
 */
@Component
public class Edits {
    private static final String REFUSED_BY_TRIGGER = "42501";

    private final JdbcClient sql;
    private final Records records;
    private final Activity activity;

    Edits(JdbcClient sql, Records records, Activity activity) {
        this.sql = sql;
        this.records = records;
        this.activity = activity;
    }

    /**
     * Writes values into a record; what says so already is not written.
     *
     * @param values  by declared field, as its type has them
     * @param actor   who edits
     * @param allowed is shown the record as it stands, locked, and throws where it may not be edited like this
     * @return the record's row, by which it is found; empty when there is no such record
     * @throws CannotBeSent when the system could never be told of the edit
     */
    public Optional<Long> edit(Place place, String name, Map<Field, Object> values, String actor, Consumer<FoundRecord> allowed) {
        try {
            return edited(place, name, values, actor, allowed);
        } catch (DataAccessException e) {
            if (e.getMostSpecificCause() instanceof PSQLException refused && REFUSED_BY_TRIGGER.equals(refused.getSQLState())) {
                throw new CannotBeSent(refused.getServerErrorMessage());
            }
            throw e;
        }
    }

    private Optional<Long> edited(Place place, String name, Map<Field, Object> values, String actor, Consumer<FoundRecord> allowed) {
        return activity.by(actor, () -> {
            sql.sql("set local lock_timeout = '10s'").update();
            return records.locked(place, name).map(record -> {
                allowed.accept(record);
                if (!values.isEmpty() && write(place, record.row(), values) == 1) {
                    activity.note(place.organisation(), actor, "record-edited", place.sync().name(), place.entity().name(),
                            record.key() == null ? "row:" + record.row() : record.key(), null,
                            values.keySet().stream().map(Field::name).sorted().collect(Collectors.joining(", ")));
                }
                return record.row();
            });
        });
    }

    private int write(Place place, long row, Map<Field, Object> values) {
        List<Field> fields = List.copyOf(values.keySet());
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("row", row);
        parameters.put("organisation", place.organisation());
        StringBuilder set = new StringBuilder();
        StringBuilder differs = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            String column = EntityTable.quote(fields.get(i).name());
            String value = ":v" + i + "::" + fields.get(i).type().columnType();
            set.append(i == 0 ? "" : ", ").append(column).append(" = ").append(value);
            differs.append(i == 0 ? "" : " or ").append(column).append(" is distinct from ").append(value);
            parameters.put("v" + i, parameter(values.get(fields.get(i))));
        }
        return sql.sql("update " + place.table().name("table") + " set " + set + " where row_id = :row and org_id = :organisation and (" + differs + ")")
                .params(parameters).update();
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

    private static Object parameter(Object value) {
        if (value instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        }
        return value instanceof Json json ? json.canonical() : value instanceof LocalDate date ? date.toString() : value;
    }
}

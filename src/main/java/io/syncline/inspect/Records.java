package io.syncline.inspect;

import io.syncline.record.FieldType;
import io.syncline.store.BriefReads;
import io.syncline.store.EntityTable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds records, now and as they were, in steps: those with a key in its order, then those that have none yet. */
@Component
public class Records {
    public static final List<String> STATUSES = List.of("synced", "pending_push", "conflict", "attention", "deleted");

    private static final String ROW = "row:";
    private static final String WAITS = """
            exists (select from syncline.attention a where a.sync = {sync} and a.entity = {entity} and a.organisation = :organisation and a.state = 'open'
                    and a.row_id = t.row_id)""";
    private static final String NOW = """
            select t.row_id, t.{side_id} as key, t.revision, nullif(t.document, '') as document, t.sync_direction, t.deleted_at, t.deleted_by_side,
                   t.{side_base} as base, t.{side_version} as version, t.{side_modified_on} as modified_there, t.{side_synced_at} as agreed_here,
                   t.local_modified_at, t.local_modified_by, t.valid_from, nullif(s.number, 0) as snapshot,
                   coalesce(t.{side_hash} = '\\x', false) as gone_there,
                   case when t.sync_status = 'synced' and {waits} then 'attention' else t.sync_status end as status
            from {table} t left join syncline.snapshot s on s.id = t.snapshot_id where t.org_id = :organisation""";

    private final JdbcClient sql;
    private final BriefReads reads;

    Records(JdbcClient sql, BriefReads reads) {
        this.sql = sql;
        this.reads = reads;
    }

    /**
     * The place of a record in a search: its key, or its row where it has none.
     *
     * @param key null after the last record that has one
     */
    public record Position(String key, long row) {
    }

    /** Whether a search by text can find anything: there is a text field. */
    public static boolean hasText(Place place) {
        return place.entity().shape().fields().stream().anyMatch(field -> field.type() == FieldType.TEXT);
    }

    /** @param after the last position of the step before, or null for the first */
    public List<FoundRecord> search(Place place, RecordFilter filter, Position after, int limit) {
        String conditions = switch (filter.status() == null ? "" : filter.status()) {
            case "synced" -> " and t.deleted_at is null and t.sync_status = 'synced'";
            case "pending_push" -> " and t.sync_status = 'pending_push'";
            case "conflict" -> " and t.has_conflict";
            case "attention" -> " and " + WAITS;
            case "deleted" -> " and t.deleted_at is not null";
            default -> " and t.deleted_at is null";
        };
        if (filter.text() != null) {
            conditions += " and " + holds(place, field -> "t." + field);
        }
        String found = place.table().fill(NOW.replace("{waits}", WAITS) + conditions);
        return stepped(place, filter, after, limit, found, "t." + place.table().name("side_id"), "t.row_id", Map.of(), Records::found);
    }

    /**
     * As they were; those that were deleted then are not among them. Rows are never lost, so the table has each of them in the order of the keys, and what it
     * said then is looked up row by row: a step costs what it shows, however long the history is.
     */
    public List<FormerRecord> searchThen(Place place, RecordFilter filter, Position after, int limit) {
        String found = place.table().fill("select o.row_id, o.{side_id} as key, nullif(v.document, '') as document, v.valid_from,"
                + " nullif(s.number, 0) as snapshot" + Removal.COLUMNS + " from {table} o cross join lateral (")
                + Versions.ofRowAt(place, filter.then(), "o.row_id") + place.table().fill(") v left join syncline.snapshot s on s.id = v.snapshot_id"
                        + Removal.JOINED + " where o.org_id = :organisation and not v.deleted");
        if (filter.text() != null) {
            found += " and " + holds(place, field -> "(nullif(v.document, '')::jsonb ->> " + field + ")");
        }
        return stepped(place, filter, after, limit, found, "o." + place.table().name("side_id"), "o.row_id", Versions.parameters(filter.then()),
                Records::former);
    }

    /** @param column how a text field is looked at, given its name: quoted where the field is a column, else as a text */
    private static String holds(Place place, Function<String, String> column) {
        boolean now = column.apply("x").startsWith("t.");
        return place.entity().shape().fields().stream().filter(field -> field.type() == FieldType.TEXT)
                .map(field -> "position(lower(:text) in lower(coalesce("
                        + column.apply(now ? EntityTable.quote(field.name()) : EntityTable.literal(field.name())) + ", ''))) > 0")
                .collect(Collectors.joining(" or ", "(", ")"));
    }

    private interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> stepped(Place place, RecordFilter filter, Position after, int limit, String found, String key, String row, Map<String, Object> more,
                                Reading<T> reading) {
        Map<String, Object> parameters = new HashMap<>(more);
        parameters.put("organisation", place.organisation());
        parameters.put("text", filter.text());
        parameters.put("prefix", filter.keyPrefix());
        parameters.put("afterKey", after == null || after.key() == null ? "" : after.key());
        parameters.put("afterRow", after == null || after.key() != null ? 0 : after.row());
        return reads.read(() -> {
            List<T> step = new ArrayList<>();
            if (after == null || after.key() != null) {
                // Keys are in the order of their bytes, and nothing that begins with the prefix comes after the last character there is.
                String prefixed = filter.keyPrefix() == null ? "" : " and %1$s >= :prefix and %1$s <= :prefix || chr(1114111) and starts_with(%1$s, :prefix)"
                        .formatted(key);
                step.addAll(sql.sql(found + " and " + key + " > :afterKey collate \"C\"" + prefixed + " order by " + key + " collate \"C\" limit :limit")
                        .params(parameters).param("limit", limit).query((each, n) -> reading.read(each)).list());
            }
            if (step.size() < limit && filter.keyPrefix() == null) {
                step.addAll(sql.sql(found + " and " + key + " is null and " + row + " > :afterRow order by " + row + " limit :limit").params(parameters)
                        .param("limit", limit - step.size()).query((each, n) -> reading.read(each)).list());
            }
            return step;
        });
    }

    /** @param name its key, or {@code row:<row_id>} */
    public Optional<FoundRecord> find(Place place, String name) {
        return reads.read(() -> found(place, name, ""));
    }

    /** The same, and nobody else changes it until the end of the transaction. */
    Optional<FoundRecord> locked(Place place, String name) {
        return found(place, name, " for no key update of t");
    }

    private Optional<FoundRecord> found(Place place, String name, String lock) {
        String found = place.table().fill(NOW.replace("{waits}", WAITS));
        Optional<FoundRecord> byKey = sql.sql(found + place.table().fill(" and t.{side_id} = :key") + lock).param("organisation", place.organisation())
                .param("key", name).query((row, n) -> found(row)).optional();
        return byKey.or(() -> row(name).flatMap(number -> sql.sql(found + " and t.row_id = :row" + lock).param("organisation", place.organisation())
                .param("row", number).query((row, n) -> found(row)).optional()));
    }

    /** As it was; empty where it was not there then, or was deleted. */
    public Optional<FormerRecord> findThen(Place place, String name, Then then) {
        String found = "select v.row_id, v.key, nullif(v.document, '') as document, v.valid_from, nullif(s.number, 0) as snapshot" + Removal.COLUMNS + " from ("
                + Versions.at(place, then) + ") v left join syncline.snapshot s on s.id = v.snapshot_id"
                + place.table().fill(Removal.JOINED + " where v.row_id ="
                        + " coalesce((select t.row_id from {table} t where t.org_id = :organisation and t.{side_id} = :key), :row)")
                + " and not v.deleted";
        return reads.read(() -> sql.sql(found).param("organisation", place.organisation()).param("key", name).param("row", row(name).orElse(0L))
                .params(Versions.parameters(then)).query((row, n) -> former(row)).optional());
    }

    static Optional<Long> row(String name) {
        return name.matches(ROW + "[1-9][0-9]{0,17}") ? Optional.of(Long.valueOf(name.substring(ROW.length()))) : Optional.empty();
    }

    private static FoundRecord found(ResultSet row) throws SQLException {
        return new FoundRecord(row.getLong("row_id"), row.getString("key"), row.getInt("revision"), row.getString("document"), row.getString("status"),
                row.getString("sync_direction"), instant(row, "deleted_at"), row.getString("deleted_by_side"), row.getString("base"),
                row.getObject("version", Long.class), instant(row, "modified_there"), instant(row, "agreed_here"), instant(row, "local_modified_at"),
                row.getString("local_modified_by"), instant(row, "valid_from"), row.getObject("snapshot", Long.class),
                row.getBoolean("gone_there"));
    }

    private static FormerRecord former(ResultSet row) throws SQLException {
        return new FormerRecord(row.getLong("row_id"), row.getString("key"), row.getString("document"), instant(row, "valid_from"),
                row.getObject("snapshot", Long.class), Removal.of(row));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

package io.syncline.store;

import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Observed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.util.ByteConverter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What is stored of the records of a page, in one query. */
@Component
public class StoredStates {
    private static final String UNDER_WAY = """
            (select exists (select from syncline.push w where w.sync = {sync} and w.entity = {entity} and w.state in ('sending', 'unclear', 'answered')))""";
    /**
     * Documents are read only of rows that were changed here or mapped otherwise, and conflicts only of rows that have one; of all others the hash says enough.
     */
    private static final String COLUMNS = """
            t.row_id, t.revision, t.{side_id}, t.{side_hash}, t.{side_version}, t.{side_modified_on}, t.deleted_at is not null, t.has_conflict,
            t.{side_base}, case when t.{side_base} is not null or {otherwise} then t.document end,
            coalesce(t.deleted_by_side = 'local', false), t.local_modified_at,
            case when t.has_conflict then (select c.theirs_hash {open_conflict}) end,
                    case when t.has_conflict then (select c.theirs_version {open_conflict}) end,
            case when t.has_conflict then (select c.theirs_modified_on {open_conflict}) end,
                    t.has_conflict and (select c.row_revision <> t.revision {open_conflict}),
            case when {otherwise} then t.{side_mapping} end, case when t.has_conflict and {otherwise} then (select c.theirs {open_conflict}) end,
            case when {otherwise} and t.{side_base} is null and t.{side_hash} <> t.hash then (
                select nullif(h.document, '') from {history} h where h.row_id = t.row_id and h.hash = t.{side_hash} order by h.revision desc limit 1) end,
            {under_way} and exists (select {push} and p.state in ('sending', 'unclear', 'answered')),
            case when {under_way} then (select p.answered_hash {push} and p.state = 'answered') end"""
            .replace("{push}", "from syncline.push p where p.sync = {sync} and p.entity = {entity} and p.row_id = t.row_id and p.ended_at is null")
            .replace("{under_way}", UNDER_WAY)
            .replace("{open_conflict}", """
            from syncline.conflict c where c.sync = {sync} and c.entity = {entity} and c.row_id = t.row_id and c.side = {side} and c.state = 'open'""");

    private static final String MAKING = """
            p.sync = {sync} and p.entity = {entity} and p.organisation = ? and p.action = 'create' and p.state in ('sending', 'unclear', 'answered',
                'unknown')""";
    private static final long YEAR_2000 = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    private static final int MICROS = 1_000_000;
    /** How many columns that are. */
    static final int WIDTH = 21;

    private final JdbcTemplate jdbc;
    private final Mappings mappings;

    public StoredStates(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        this.mappings = new Mappings(jdbc);
    }

    static String columns(EntityTable table, Mappings.InForce mapping) {
        return table.fill(COLUMNS.replace("{otherwise}", "t.{side_mapping} not in (" + mapping.sameNumbers() + ")"));
    }

    /** By key; keys never seen are not in the answer. Rows of other organisations are never looked at. */
    public Map<String, Stored> find(SyncConfig sync, EntityConfig entity, String organisation, Collection<String> keys) {
        EntityTable table = new EntityTable(sync, entity);
        Mappings.InForce mapping = mappings.inForce(sync, entity);
        Map<String, Stored> found = new HashMap<>(keys.size() * 2);
        List<String> others = new ArrayList<>();
        query(plain(table, mapping), organisation, keys, row -> {
            if (row.getBoolean(7)) {
                Stored.Agreement agreement = agreement(row, 4, moment(row.getBytes(6)));
                found.put(row.getString(1), new Stored(row.getLong(2), row.getInt(3), agreement, row.getBoolean(8), null, false, null, null));
            } else {
                others.add(row.getString(1));
            }
        });
        if (!others.isEmpty()) {
            query("select " + columns(table, mapping) + table.fill(" from {table} t where t.org_id = ? and t.{side_id} = any(?)"), organisation, others,
                    row -> found.put(row.getString(3), stored(row, mapping)));
        }
        return found;
    }

    /**
     * Most rows are as they were agreed, and of those there is little to know; their time comes as PostgreSQL has it, for {@link #moment}. Of the others, all
     * is asked for apart.
     */
    private static String plain(EntityTable table, Mappings.InForce mapping) {
        return table.fill("""
                select t.{side_id}, t.row_id, t.revision, t.{side_hash}, t.{side_version}, timestamptz_send(t.{side_modified_on}),
                       t.{side_base} is null and not t.has_conflict and t.{side_mapping} in ({same}) and not {under_way}, t.deleted_at is not null
                from {table} t where t.org_id = ? and t.{side_id} = any(?)"""
                .replace("{same}", mapping.sameNumbers()).replace("{under_way}", UNDER_WAY));
    }

    @FunctionalInterface
    private interface EachRow {
        void take(ResultSet row) throws SQLException;
    }

    private void query(String query, String organisation, Collection<String> keys, EachRow each) {
        jdbc.execute(query, (PreparedStatement statement) -> {
            statement.setString(1, organisation);
            statement.setArray(2, statement.getConnection().createArrayOf("text", keys.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    each.take(row);
                }
            }
            return null;
        });
    }

    /**
     * By key, what is stored of these records. Of a record that nobody here knows, and that may be one which was made here and sent, it is that row: promise
     * 11,
     * known by the entity's {@code match} fields, or where it has none, by being new at all.
     */
    public Map<String, Stored> ofRecords(SyncConfig sync, EntityConfig entity, String organisation, List<Observed> records) {
        Map<String, Stored> found = find(sync, entity, organisation, records.stream().map(Observed::key).filter(Objects::nonNull).toList());
        List<Observed> unknown = entity.writes() == null ? List.of() : records.stream()
                .filter(each -> each.key() != null && each.document() != null && !found.containsKey(each.key())).toList();
        if (!unknown.isEmpty() && isMakingAny(sync, entity, organisation)) {
            String matches = entity.match().stream().map(EntityTable::literal)
                    .map(field -> " and (p.document::jsonb -> " + field + ") is not distinct from (d.document::jsonb -> " + field + ")")
                    .collect(Collectors.joining());
            jdbc.query(new EntityTable(sync, entity).fill("select d.key, t.row_id, t.revision from unnest(?::text[], ?::text[]) d (key, document) join syncline"
                    + ".push p on " + MAKING + matches + " join {table} t on t.row_id = p.row_id"), row -> {
                        found.put(row.getString(1), new Stored(row.getLong(2), row.getInt(3), null, false, null, false, null, null, false, null, true));
                    }, unknown.stream().map(Observed::key).toArray(String[]::new), unknown.stream().map(each -> each.document().text()).toArray(String[]::new),
                    organisation);
        }
        return found;
    }

    private boolean isMakingAny(SyncConfig sync, EntityConfig entity, String organisation) {
        return Boolean.TRUE.equals(jdbc.queryForObject(new EntityTable(sync, entity).fill("select exists (select from syncline.push p where " + MAKING + ")"),
                Boolean.class, organisation));
    }

    /** By row, for rows that a plan names. */
    Map<Long, Stored> rows(EntityTable table, String organisation, Collection<Long> rows) {
        Mappings.InForce mapping = mappings.inForce(table.sync(), table.entity());
        String query = "select " + columns(table, mapping) + table.fill(" from {table} t where t.org_id = ? and t.row_id = any(?)");
        return jdbc.execute((Connection connection) -> {
            try (PreparedStatement statement = connection.prepareStatement(query)) {
                statement.setString(1, organisation);
                statement.setArray(2, connection.createArrayOf("bigint", rows.toArray()));
                Map<Long, Stored> found = new HashMap<>(rows.size() * 2);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found.put(row.getLong(1), stored(row, mapping));
                    }
                }
                return found;
            }
        });
    }

    static Stored stored(ResultSet row, Mappings.InForce mapping) throws SQLException {
        Stored.Agreement agreement = agreement(row, 4);
        String base = row.getString(9);
        Stored.LocalChange local = base == null ? null
                : new Stored.LocalChange(Document.stored(base), Document.stored(row.getString(10)), row.getBoolean(11), instant(row, 12));
        Integer otherwise = row.getObject(17, Integer.class);
        return new Stored(row.getLong(1), row.getInt(2), agreement, row.getBoolean(7), local, row.getBoolean(8), row.getBytes(21), agreement(row, 13),
                row.getBoolean(16), otherwise == null ? null : remapped(row, mapping.changedSince(otherwise)), row.getBoolean(20));
    }

    private static Stored.Remapped remapped(ResultSet row, Set<String> fields) throws SQLException {
        String theirs = row.getString(18);
        String agreed = row.getString(19);
        return new Stored.Remapped(fields, Document.stored(row.getString(10)), theirs == null ? null : Document.stored(theirs),
                agreed == null ? null : Document.stored(agreed));
    }

    /** Three columns: hash, version, time. The empty hash is that of a deletion. */
    private static Stored.Agreement agreement(ResultSet row, int column) throws SQLException {
        return agreement(row, column, instant(row, column + 2));
    }

    private static Stored.Agreement agreement(ResultSet row, int column, Instant modifiedAt) throws SQLException {
        byte[] hash = row.getBytes(column);
        if (hash == null) {
            return null;
        }
        long version = row.getLong(column + 1);
        return new Stored.Agreement(hash.length == 0 ? null : hash, row.wasNull() ? null : version, modifiedAt);
    }

    /** @param sent microseconds since the year 2000, or null */
    private static Instant moment(byte[] sent) {
        if (sent == null) {
            return null;
        }
        long micros = ByteConverter.int8(sent, 0);
        return Instant.ofEpochSecond(YEAR_2000 + Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000L);
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the row of a conflict says now, which may be more than the conflict shows of it. */
@Component
public class DisputedRows {
    private final JdbcClient sql;
    private final Mappings mappings;

    public DisputedRows(JdbcTemplate jdbc) {
        this.sql = JdbcClient.create(jdbc);
        this.mappings = new Mappings(jdbc);
    }

    /**
     * A row as it stands.
     *
     * @param document  empty where it was erased
     * @param base      what was agreed with the side; what the row says where nothing was edited since
     * @param editedAt  when a person edited it last; null where nobody did
     * @param agreedAt  when the side and we last agreed
     * @param agreedOn  what the side said of the time of the version that was agreed on
     * @param otherwise its fields are mapped otherwise since it was read
     */
    public record Row(int revision, String document, String base, boolean edited, boolean deleted, Instant deletedAt, String deletedBy, Instant editedAt,
                      String editedBy, Instant agreedAt, Instant agreedOn, Long agreedVersion, boolean otherwise) {
    }

    public Optional<Row> find(SyncConfig sync, EntityConfig entity, String organisation, long row) {
        EntityTable table = new EntityTable(sync, entity);
        return sql.sql(table.fill("""
                select t.revision, t.document, coalesce(t.{side_base}, t.document), t.{side_base} is not null, t.deleted_at, t.deleted_by_side,
                       t.local_modified_at, t.local_modified_by, t.{side_synced_at}, t.{side_modified_on}, t.{side_version},\s""")
                        + otherwise(table) + table.fill(" from {table} t where t.org_id = ? and t.row_id = ?"))
                .params(organisation, row).query((each, n) -> row(each)).optional();
    }

    /** The row {@code t} was read by a mapping that says something else of a field than the one in force. */
    private String otherwise(EntityTable table) {
        return table.fill("coalesce(t.{side_mapping} not in (" + mappings.inForce(table.sync(), table.entity()).sameNumbers() + "), false)");
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(row.getInt(1), row.getString(2), row.getString(3), row.getBoolean(4), row.getTimestamp(5) != null, StoredStates.instant(row, 5),
                row.getString(6), StoredStates.instant(row, 7), row.getString(8), StoredStates.instant(row, 9), StoredStates.instant(row, 10),
                row.getObject(11, Long.class), row.getBoolean(12));
    }
}

package io.syncline.inspect;

import io.syncline.config.EntityConfig;
import io.syncline.config.LocalTable;
import io.syncline.config.SyncConfig;
import io.syncline.record.FieldType;
import io.syncline.store.BriefReads;
import io.syncline.store.EntityTable;
import io.syncline.store.LocalTables;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds rows of the tables that people have beside the entities, record by record. Promise 18: it reads them and no more. */
@Component
public class LocalRows {
    /** How a row may stand: the supplier lists it, or no longer; people made it; people changed what the supplier's file said. */
    public static final List<String> STATES = List.of("listed", "ended", "made-here", "changed-here");

    private static final String FOUND = """
            select t.row_id, t.source, t.valid_since, t.ended_at,
                   (to_jsonb(t) - array['row_id', 'org_id', 'source', 'imported', 'valid_since', 'ended_at', {link}])::text as fields,
                   c.said::text as said, r.{side_id} as key, r.row_id as record_row, {title} as title, r.deleted_at is not null as gone
            from {rows} t join {table} r on r.row_id = t.{record}, lateral (
                select jsonb_object_agg(i.key, i.value) as said from jsonb_each(t.imported) i
                where jsonb_exists(to_jsonb(t), i.key) and to_jsonb(t) -> i.key is distinct from i.value) c
            where t.org_id = :organisation""";
    private static final Map<String, String> STATE_CONDITIONS = Map.of("listed", "t.ended_at is null", "ended", "t.ended_at is not null",
            "made-here", "t.source is null", "changed-here", "c.said is not null");

    private final JdbcClient sql;
    private final BriefReads reads;

    LocalRows(JdbcClient sql, BriefReads reads) {
        this.sql = sql;
        this.reads = reads;
    }

    /**
     * A row, and the record that it belongs to.
     *
     * @param fields  what it says, as JSON: its declared fields and the columns that people added
     * @param said    what the supplier's file said last where the row says something else since, as JSON; else null
     * @param source  whose file it came from; null where people made it
     * @param endedAt since when the supplier lists it no longer, or null
     * @param key     the record's key, or null; likewise what follows
     */
    public record Entry(long row, String fields, String said, String source, Instant since, Instant endedAt, String key, long record, String title,
                        boolean gone) {
    }

    /**
     * Which rows a list is about. Whatever is null does not matter.
     *
     * @param record of the record of this name
     * @param text   that one of their texts holds, or what people call their record, whatever its case
     * @param state  one of {@link #STATES}
     */
    public record Filter(String organisation, String record, String source, String text, String state) {
    }

    /** The place of a row in the list. */
    public record After(long record, long row) {
    }

    /** In the order in which their records came; rows of one record stand together. */
    public List<Entry> read(SyncConfig sync, LocalTable table, Filter filter, After after, int limit) {
        EntityConfig entity = sync.entity(table.references());
        EntityTable records = new EntityTable(sync, entity);
        String title = entity.shape().title();
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("organisation", filter.organisation());
        parameters.put("limit", limit);
        StringBuilder found = new StringBuilder(FOUND);
        if (filter.record() != null) {
            parameters.put("key", filter.record());
            parameters.put("of", Records.row(filter.record()).orElse(0L));
            found.append(" and (r.{side_id} = :key or r.row_id = :of)");
        }
        if (filter.source() != null) {
            parameters.put("source", filter.source());
            found.append(" and t.source = :source");
        }
        if (filter.text() != null) {
            parameters.put("text", filter.text());
            found.append(" and position(lower(:text) in lower(concat_ws(' ', ").append(texts(table, entity)).append("))) > 0");
        }
        if (filter.state() != null) {
            found.append(" and ").append(STATE_CONDITIONS.get(filter.state()));
        }
        if (after != null) {
            parameters.put("afterRecord", after.record());
            parameters.put("afterRow", after.row());
            found.append(" and (t.{record}, t.row_id) > (:afterRecord, :afterRow)");
        }
        String statement = records.fill(found.append(" order by t.{record}, t.row_id limit :limit").toString().replace("{rows}", LocalTables.name(sync, table))
                .replace("{record}", LocalTables.record(table)).replace("{link}", EntityTable.literal(table.references() + "_row"))
                .replace("{title}", title == null ? "null::text" : "r." + EntityTable.quote(title)));
        return reads.read(() -> sql.sql(statement).params(parameters).query((row, n) -> entry(row)).list());
    }

    /** What is looked through: the row's texts, and what its record is called. */
    private static String texts(LocalTable table, EntityConfig entity) {
        Stream<String> own = table.fields().entrySet().stream().filter(field -> field.getValue() == FieldType.TEXT)
                .map(field -> "t." + EntityTable.quote(field.getKey()));
        Stream<String> records = Stream.concat(entity.match().stream(), Stream.ofNullable(entity.shape().title())).distinct()
                .map(field -> "r." + EntityTable.quote(field));
        return Stream.of(own, records, Stream.of("r.{side_id}")).flatMap(each -> each).collect(Collectors.joining(", "));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(row.getLong("row_id"), row.getString("fields"), row.getString("said"), row.getString("source"),
                Records.instant(row, "valid_since"), Records.instant(row, "ended_at"), row.getString("key"), row.getLong("record_row"),
                row.getString("title"), row.getBoolean("gone"));
    }
}

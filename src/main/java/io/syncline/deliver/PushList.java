package io.syncline.deliver;

import io.syncline.store.BriefReads;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The outbox of a sync, the newest first. Promise 29: the organisation is part of every statement. */
@Component
public class PushList {
    public static final List<String> STATES = List.of("waiting", "sending", "unclear", "answered", "done", "parked", "unknown", "overtaken", "discarded");

    /** Stands for every state in which an entry is not over yet. */
    public static final String OPEN = "open";

    private static final String WHICH = """
            \s and (:entity::text is null or p.entity = :entity) and (:record::text is null or p.key = :record or p.former_key = :record
                                 or 'row:' || p.row_id = :record)""";
    private static final String PUSHES = """
            select p.*, exists (select from syncline.push_bar b where b.sync = p.sync and b.organisation = p.organisation and b.until > clock_timestamp()
                                  and p.state in ('waiting', 'unclear')) as held,
                   (select b.why || ' (until ' || to_char(b.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ')' from syncline.push_bar b
                    where b.sync = p.sync and b.organisation = p.organisation and b.until > clock_timestamp() and p.state in ('waiting', 'unclear')) as bar
            from syncline.push p where p.organisation = :organisation and p.sync = :sync""";

    private final JdbcClient sql;
    private final BriefReads reads;

    PushList(JdbcClient sql, BriefReads reads) {
        this.sql = sql;
        this.reads = reads;
    }

    /**
     * Of the outbox.
     *
     * @param number        by which people and programs find it
     * @param id            the idempotency key that the system is told
     * @param formerKey     what a record was called there that is made anew, because it was deleted there; else null
     * @param reason        why it waits, or how it ended; null where nothing is to be said
     * @param nextAttemptAt null where it is not due by itself
     */
    public record Push(long number, String id, String sync, String entity, long row, String key, String formerKey, String action, String state, String reason,
                       Integer status, String document, String agreed, String answered, String editedBy, Instant editedAt, Instant createdAt, int attempts,
                       Instant nextAttemptAt, Instant firstSentAt, Instant lastSentAt, Instant answeredAt, Instant endedAt, String endedBy, long run,
                       Long settledByRun) {
        public boolean waitsForPerson() {
            return state.equals("parked") || state.equals("unknown");
        }
    }

    /**
     * Whatever is null does not matter.
     *
     * @param state  one of them, or {@code open}
     * @param record its key, or {@code row:} and its row
     */
    public record Filter(String organisation, String sync, String state, String entity, String record) {
    }

    /** @param counts by state, whatever state was asked for */
    public record Part(List<Push> items, Map<String, Long> counts) {
    }

    /** @param after the last number of the part before, or null for the newest */
    public Part read(Filter filter, Long after, int limit) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("organisation", filter.organisation());
        parameters.put("sync", filter.sync());
        parameters.put("state", filter.state());
        parameters.put("entity", filter.entity());
        parameters.put("record", filter.record());
        parameters.put("after", after);
        parameters.put("limit", limit);
        return reads.read(() -> {
            Map<String, Long> counts = new LinkedHashMap<>();
            sql.sql("select p.state, count(*) from syncline.push p where p.organisation = :organisation and p.sync = :sync" + WHICH + " group by 1 order by 1")
                    .params(parameters).query(row -> {
                        counts.put(row.getString(1), row.getLong(2));
                    });
            return new Part(sql.sql(PUSHES + WHICH + """
                    \s and (:state::text is null or p.state = :state or :state = 'open' and p.state not in ('done', 'overtaken', 'discarded'))
                     and (:after::bigint is null or p.number < :after) order by p.number desc limit :limit""")
                    .params(parameters).query((row, n) -> push(row)).list(), counts);
        });
    }

    public Optional<Push> find(String organisation, String sync, long number) {
        return reads.read(() -> found(organisation, sync, number));
    }

    Optional<Push> found(String organisation, String sync, long number) {
        return sql.sql(PUSHES + " and p.number = :number").param("organisation", organisation).param("sync", sync).param("number", number)
                .query((row, n) -> push(row)).optional();
    }

    private static Push push(ResultSet row) throws SQLException {
        String bar = row.getString("bar");
        String reason = bar != null ? "Nothing is sent to this system for a while: " + bar
                : row.getString("end_reason") != null ? row.getString("end_reason") : row.getString("reason");
        return new Push(row.getLong("number"), row.getString("id"), row.getString("sync"), row.getString("entity"), row.getLong("row_id"), row.getString("key"),
                row.getString("former_key"), row.getString("action"), row.getString("state"), reason, row.getObject("status", Integer.class),
                row.getString("document"),
                row.getString("agreed"), row.getString("answered_document"), row.getString("edited_by"), instant(row, "edited_at"),
                instant(row, "created_at"), row.getInt("attempts"), instant(row, "next_attempt_at"), instant(row, "first_sent_at"),
                instant(row, "last_sent_at"), instant(row, "answered_at"), instant(row, "ended_at"), row.getString("ended_by"), row.getLong("run_id"),
                row.getObject("settled_by_run", Long.class));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

package io.syncline.webhook;

import io.syncline.activity.Activity;
import io.syncline.config.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What systems told, the newest first, and what became of it. Promise 29: an organisation sees its own. */
@Component
public class WebhookList {
    /** How a message may stand. */
    public static final List<String> STATES = List.of("waiting", "reading", "done", "ignored", "failed");

    private static final Map<String, String> CONDITIONS = Map.of("organisation", "organisation = :organisation", "system", "system = :system",
            "state", "state = :state", "entity", "entity = :entity", "key", "key = :key", "below", "id < :below");

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Configuration configuration;
    private final Activity activity;

    WebhookList(JdbcClient sql, TransactionTemplate transaction, Configuration configuration, Activity activity) {
        this.sql = sql;
        this.transaction = transaction;
        this.configuration = configuration;
        this.activity = activity;
    }

    /** A message as it stands, for one entity. */
    public record Entry(long id, String system, String delivery, Instant receivedAt, String sync, String entity, String key, String state, String reason,
                        int attempts, Instant nextAttemptAt, Long run, Instant endedAt) {
    }

    /** Which messages a list is about. Whatever is null does not matter. */
    public record Filter(String organisation, String system, String state, String entity, String key) {
    }

    /** @param below the number that the last step ended with, or null for the newest */
    public List<Entry> read(Filter filter, Long below, int limit) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("organisation", filter.organisation());
        wanted.put("system", filter.system());
        wanted.put("state", filter.state());
        wanted.put("entity", filter.entity());
        wanted.put("key", filter.key());
        wanted.put("below", below);
        wanted.values().removeIf(Objects::isNull);
        return sql.sql("select * from syncline.webhook where " + wanted.keySet().stream().map(CONDITIONS::get).collect(Collectors.joining(" and "))
                + " order by id desc limit :limit").param("limit", limit).params(wanted).query((row, n) -> entry(row)).list();
    }

    /**
     * Has the record read again. One that led nowhere is looked at again by what the configuration says now; what is under way goes on.
     *
     * @return empty when the organisation has no such message
     */
    public Optional<Entry> replay(String organisation, long id, String by) {
        return transaction.execute(status -> {
            Optional<Entry> entry = sql.sql("select * from syncline.webhook where organisation = ? and id = ? for update").params(organisation, id)
                    .query((row, n) -> entry(row)).optional();
            entry.ifPresent(each -> {
                activity.note(organisation, by, "webhook-replayed", each.sync(), each.entity(), each.key(), null, "webhook " + id);
                again(organisation, each);
            });
            return sql.sql("select * from syncline.webhook where organisation = ? and id = ?").params(organisation, id)
                    .query((row, n) -> entry(row)).optional();
        });
    }

    private void again(String organisation, Entry entry) {
        if (entry.state().equals("reading")) {
            return;
        }
        if (entry.sync() == null) {
            retarget(organisation, entry);
        }
        sql.sql("""
                update syncline.webhook set state = 'waiting', next_attempt_at = clock_timestamp(), attempts = 0, run_id = null, ended_at = null, reason = null
                where id = ? and sync is not null and key is not null""").param(entry.id()).update();
    }

    private void retarget(String organisation, Entry entry) {
        var system = configuration.systems().get(entry.system());
        if (system == null || system.webhook() == null || system.webhook().entityHeader() != null) {
            return;
        }
        byte[] body = sql.sql("select body from syncline.webhook where id = ?").param(entry.id()).query(byte[].class).single();
        Told told = Told.of(system.webhook(), Map.of(), body);
        if (told.trouble() == null) {
            Target.of(configuration, organisation, entry.system(), told.resource()).stream().findFirst().ifPresent(target ->
                    sql.sql("update syncline.webhook set sync = ?, entity = ?, key = ? where id = ?")
                            .params(target.sync(), target.entity(), told.key(), entry.id()).update());
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(row.getLong("id"), row.getString("system"), row.getString("delivery"), instant(row, "received_at"), row.getString("sync"),
                row.getString("entity"), row.getString("key"), row.getString("state"), row.getString("reason"), row.getInt("attempts"),
                instant(row, "next_attempt_at"), row.getObject("run_id", Long.class), instant(row, "ended_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

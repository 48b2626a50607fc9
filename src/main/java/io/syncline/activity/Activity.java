package io.syncline.activity;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The log of who did what. It only grows; promise 29: an organisation sees its own. */
@Component
public class Activity {
    private static final Map<String, String> CONDITIONS = Map.of(
            "organisation", "organisation = :organisation",
            "actor", "actor = :actor",
            "action", "action = :action",
            "sync", "sync = :sync",
            "from", "at >= :from",
            "to", "at < :to",
            "below", "id < :below");

    private final JdbcClient sql;
    private final TransactionTemplate transaction;

    Activity(JdbcClient sql, TransactionTemplate transaction) {
        this.sql = sql;
        this.transaction = transaction;
    }

    /**
     * Somebody does something. Called in the transaction that does it, the two become true together.
     *
     * @param action what it is, in words joined by dashes
     */
    public void note(String organisation, String actor, String action, String sync, String entity, String key, Long run, String detail) {
        sql.sql("insert into syncline.activity (organisation, actor, action, sync, entity, key, run_id, detail) values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(Arrays.asList(organisation, actor, action, sync, entity, key, run, detail)).update();
    }

    /** Does the work in one transaction in which the tables know whose doing it is. */
    public <T> T by(String actor, Supplier<T> work) {
        return transaction.execute(status -> {
            sql.sql("select set_config('syncline.actor', ?, true)").param(actor).query(String.class).single();
            return work.get();
        });
    }

    /** @param below the number that the last step ended with, or null for the newest */
    public List<Deed> read(DeedFilter filter, Long below, int limit) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("organisation", filter.organisation());
        wanted.put("actor", filter.actor());
        wanted.put("action", filter.action());
        wanted.put("sync", filter.sync());
        wanted.put("from", moment(filter.from()));
        wanted.put("to", moment(filter.to()));
        wanted.put("below", below);
        wanted.values().removeIf(Objects::isNull);
        return sql.sql("select * from syncline.activity where " + wanted.keySet().stream().map(CONDITIONS::get).collect(Collectors.joining(" and "))
                + " order by id desc limit :limit").param("limit", limit).params(wanted).query((row, n) -> deed(row)).list();
    }

    private static OffsetDateTime moment(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Deed deed(ResultSet row) throws SQLException {
        return new Deed(row.getLong("id"), row.getObject("at", OffsetDateTime.class).toInstant(), row.getString("actor"), row.getString("action"),
                row.getString("sync"), row.getString("entity"), row.getString("key"), row.getObject("run_id", Long.class), row.getString("detail"));
    }
}

package io.syncline.api;

import io.syncline.access.ApiKey;
import io.syncline.access.Caller;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncline.run.Ticket;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The requests with an {@code Idempotency-Key}, as PostgreSQL keeps them. */
final class IdempotencyEntries {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String COLUMNS = "select id, request, run_id, joined, single, status, media_type, headers, body from syncline.idempotency ";
    private static final String SCOPE = "where organisation = ? and caller = ? and operation = ? and key = ?";

    private final JdbcClient sql;
    private final Duration keep;

    IdempotencyEntries(JdbcClient sql, Duration keep) {
        this.sql = sql;
        this.keep = keep;
    }

    /** The entry of a key, made now where there is none; null when it went away in the same moment. */
    Entry take(Call call, String key, byte[] request) {
        Caller caller = call.caller();
        sql.sql("delete from syncline.idempotency " + SCOPE + " and began_at < clock_timestamp() - ?::interval")
                .params(caller.organisation(), caller.name(), call.operation(), key, keep.toString()).update();
        sql.sql("insert into syncline.idempotency (organisation, caller, operation, key, request) values (?, ?, ?, ?, ?) on conflict do nothing")
                .params(caller.organisation(), caller.name(), call.operation(), key, request).update();
        return sql.sql(COLUMNS + SCOPE).params(caller.organisation(), caller.name(), call.operation(), key).query((row, n) -> entry(row)).optional()
                .orElse(null);
    }

    Optional<Entry> read(long id) {
        return sql.sql(COLUMNS + "where id = ?").param(id).query((row, n) -> entry(row)).optional();
    }

    /** In the transaction that accepts the run. */
    void bind(long id, Ticket ticket) {
        sql.sql("update syncline.idempotency set run_id = ?, joined = ?, single = ? where id = ? and run_id is null")
                .params(ticket.run(), ticket.joined(), ticket.single(), id).update();
    }

    void keep(long id, Answer answer) {
        byte[] body = answer.content() instanceof Answer.Bytes known && !isSecret(known.bytes(), answer.headers()) ? known.bytes() : null;
        Map<String, String> headers = body == null ? Map.of() : answer.headers();
        sql.sql("update syncline.idempotency set status = ?, media_type = ?, headers = ?::jsonb, body = ? where id = ?")
                .params(Arrays.asList(answer.status(), answer.mediaType(), print(headers), body, id)).update();
    }

    /** Promise 28: a key, a link or a session is shown once and stored nowhere. */
    private static boolean isSecret(byte[] body, Map<String, String> headers) {
        return new String(body, StandardCharsets.UTF_8).contains(ApiKey.MARK) || headers.keySet().stream().anyMatch("Set-Cookie"::equalsIgnoreCase);
    }

    /** It came to nothing, so the key is free again. */
    void forget(long id) {
        sql.sql("delete from syncline.idempotency where id = ? and status is null and run_id is null").param(id).update();
    }

    void sweep() {
        sql.sql("delete from syncline.idempotency where began_at < clock_timestamp() - ?::interval").param(keep.toString()).update();
        sql.sql("delete from syncline.claim c where not exists (select from syncline.idempotency i where i.id = c.entry)").update();
    }

    private static Entry entry(ResultSet row) throws SQLException {
        Long run = row.getObject("run_id", Long.class);
        Ticket ticket = run == null ? null : new Ticket(run, row.getBoolean("joined"), row.getBoolean("single"));
        return new Entry(row.getLong("id"), row.getBytes("request"), ticket, row.getObject("status", Integer.class), row.getString("media_type"),
                headers(row.getString("headers")), row.getBytes("body"));
    }

    private static Map<String, String> headers(String kept) {
        try {
            return kept == null ? Map.of() : JSON.readValue(kept, new TypeReference<>() {
            });
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("headers are kept as JSON", e);
        }
    }

    private static String print(Map<String, String> headers) {
        try {
            return JSON.writeValueAsString(headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts have a JSON form", e);
        }
    }
}

package io.syncline.audit;

import io.syncline.store.DecisionTurns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ledger of decisions. A decision points to a version in a snapshot: what the record says later is another matter. */
@Component
public class Decisions {
    private static final String LISTED = """
            select d.*, encode(d.hash, 'hex') as hash_text, encode(d.digest, 'hex') as digest_text, encode(d.document_sha256, 'hex') as document_text,
                   b.number as brought_by_number
            from syncline.decision d join syncline.snapshot b on b.id = d.brought_by where d.organisation = :organisation""";
    private static final Map<String, String> CONDITIONS = Map.of(
            "sync", "d.sync = :sync",
            "entity", "d.entity = :entity",
            "key", "d.key = :key",
            "row", "d.row_id = :row",
            "actor", "d.actor = :actor",
            "from", "d.at >= :from",
            "to", "d.at < :to",
            "below", "d.number < :below");
    private static final String ROW = "row:[1-9][0-9]{0,17}";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final DecisionTurns turns;

    Decisions(JdbcClient sql, TransactionTemplate transaction, DecisionTurns turns) {
        this.sql = sql;
        this.transaction = transaction;
        this.turns = turns;
    }

    /** The snapshot that was looked at. */
    private record Seen(long id, long number, byte[] digest) {
    }

    /** What stood in it. */
    private record Version(String key, long broughtBy, OffsetDateTime since, boolean deleted, byte[] hash, boolean removed) {
    }

    /**
     * Writes it down. What was looked at may have changed since: that is what the entry is for.
     *
     * @throws CannotBeDecided when the record is not in the snapshot
     */
    public Decision make(NewDecision decision) {
        return transaction.execute(status -> {
            turns.take(decision.organisation());
            return made(decision);
        });
    }

    private Decision made(NewDecision decision) {
        Seen seen = seen(decision);
        Long row = sql.sql("select syncline.row_of(?, ?, ?, ?)").params(decision.sync(), decision.entity(), decision.organisation(), decision.record())
                .query((found, n) -> found.getObject(1, Long.class)).optional().orElse(null);
        if (row == null) {
            throw new CannotBeDecided("no-such-record", "There is no such record in " + decision.entity()
                    + ". A record is named by its key at its system, or by row: and its row_id where it has none yet.");
        }
        Version version = sql.sql("select * from syncline.version_in(?, ?, ?, ?, ?)")
                .params(decision.sync(), decision.entity(), decision.organisation(), row, seen.id()).query((found, n) -> version(found)).optional()
                .filter(found -> !found.deleted())
                .orElseThrow(() -> new CannotBeDecided("not-in-snapshot", "The record is not in snapshot " + seen.number()
                        + ": it came later, or was deleted by then. Decide about a snapshot in which it is; its history lists them."));
        if (version.removed()) {
            throw new CannotBeDecided("not-in-snapshot", "What the record said in snapshot " + seen.number()
                    + " was removed, so nobody can see any more what would be decided about.");
        }
        long number = sql.sql("""
                insert into syncline.decision (organisation, actor, what, reason, document_sha256, sync, entity, row_id, key, snapshot_id, snapshot,
                                               snapshot_digest, brought_by, valid_from, hash)
                values (:organisation, :actor, :what, :reason, decode(:document, 'hex'), :sync, :entity, :row, :key, :seen, :snapshot, :seenDigest, :broughtBy,
                        :since, :hash) returning number""")
                .param("organisation", decision.organisation()).param("actor", decision.actor()).param("what", decision.what())
                .param("reason", decision.reason()).param("document", decision.documentSha256()).param("sync", decision.sync())
                .param("entity", decision.entity()).param("row", row).param("key", version.key()).param("seen", seen.id()).param("snapshot", seen.number())
                .param("seenDigest", seen.digest()).param("broughtBy", version.broughtBy()).param("since", version.since()).param("hash", version.hash())
                .query(Long.class).single();
        return find(decision.organisation(), number).orElseThrow();
    }

    private Seen seen(NewDecision decision) {
        return sql.sql("""
                select id, number, digest from syncline.snapshot
                where sync = :sync and organisation = :organisation and number > 0 and number = coalesce(:number::bigint, number)
                order by number desc limit 1""").param("sync", decision.sync()).param("organisation", decision.organisation())
                .param("number", decision.snapshot()).query((row, n) -> new Seen(row.getLong(1), row.getLong(2), row.getBytes(3))).optional()
                .orElseThrow(() -> new CannotBeDecided("no-such-snapshot", decision.snapshot() == null
                        ? "There is no snapshot of " + decision.sync() + " yet. Run it once."
                        : "There is no snapshot " + decision.snapshot() + " of " + decision.sync() + ". GET /api/v1/syncs/" + decision.sync()
                                + "/snapshots lists those there are."));
    }

    private static Version version(ResultSet row) throws SQLException {
        return new Version(row.getString("key"), row.getLong("brought_by"), row.getObject("valid_from", OffsetDateTime.class), row.getBoolean("deleted"),
                row.getBytes("hash"), row.getString("document").isEmpty());
    }

    public Optional<Decision> find(String organisation, long number) {
        return sql.sql(LISTED + " and d.number = :number").param("organisation", organisation).param("number", number).query((row, n) -> decision(row))
                .optional();
    }

    /** @param below the number that the last step ended with, or null for the newest */
    public List<Decision> list(DecisionFilter filter, Long below, int limit) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        boolean byRow = filter.key() != null && filter.key().matches(ROW);
        wanted.put("sync", filter.sync());
        wanted.put("entity", filter.entity());
        wanted.put("key", byRow ? null : filter.key());
        wanted.put("row", byRow ? Long.valueOf(filter.key().substring(4)) : null);
        wanted.put("actor", filter.actor());
        wanted.put("from", moment(filter.from()));
        wanted.put("to", moment(filter.to()));
        wanted.put("below", below);
        wanted.values().removeIf(Objects::isNull);
        Map<String, Object> parameters = new HashMap<>(wanted);
        parameters.put("organisation", filter.organisation());
        parameters.put("limit", limit);
        return sql.sql(LISTED + wanted.keySet().stream().map(CONDITIONS::get).map(condition -> " and " + condition).collect(Collectors.joining())
                + " order by d.number desc limit :limit").params(parameters).query((row, n) -> decision(row)).list();
    }

    private static OffsetDateTime moment(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Decision decision(ResultSet row) throws SQLException {
        return new Decision(row.getLong("number"), row.getObject("at", OffsetDateTime.class).toInstant(), row.getString("actor"), row.getString("what"),
                row.getString("reason"), row.getString("document_text"), row.getString("sync"), row.getString("entity"), row.getLong("row_id"),
                row.getString("key"), row.getLong("snapshot"), row.getLong("brought_by_number"),
                row.getObject("valid_from", OffsetDateTime.class).toInstant(), row.getString("hash_text"), row.getString("digest_text"));
    }
}

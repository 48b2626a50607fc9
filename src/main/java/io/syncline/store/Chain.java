package io.syncline.store;

import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Promise 20: snapshots are chained by hash, and the first broken link can be named. The SQL function {@code syncline.verify_chain} does the work. */
@Component
public class Chain {
    private final JdbcTemplate jdbc;

    public Chain(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** The first snapshot that is not as it was sealed, and what is wrong with it. */
    public record BrokenLink(long snapshot, long number, String problem) {
    }

    /** Recomputes every snapshot of the sync and organisation; empty when the chain holds. */
    public Optional<BrokenLink> firstBroken(String sync, String organisation) {
        return jdbc.query("select snapshot_id, number, problem from syncline.verify_chain(?, ?)",
                (row, number) -> new BrokenLink(row.getLong(1), row.getLong(2), row.getString(3)), sync, organisation).stream().findFirst();
    }
}

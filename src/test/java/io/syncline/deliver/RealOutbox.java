package io.syncline.deliver;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.record.Observed;
import io.syncline.source.Sent;
import io.syncline.store.Outbox;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The outbox as it is, on PostgreSQL, for the stories of the simulation. What is due is said by the story, which has a clock of its own. */
public final class RealOutbox {
    private static final Duration CLAIM = Duration.ofHours(1);

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final SyncConfig sync;
    private final String organisation;
    private final Notes notes;
    private final Map<String, Pushes> workers = new HashMap<>();

    public RealOutbox(JdbcTemplate jdbc, TransactionTemplate transaction, SyncConfig sync, String organisation) {
        this.sql = JdbcClient.create(jdbc);
        this.transaction = transaction;
        this.sync = new SyncConfig(sync.name(), sync.title(), sync.description(), sync.system(), sync.side(), List.of(organisation), sync.schedules(),
                sync.entities());
        this.organisation = organisation;
        this.notes = new Notes(sql, new Delay(Duration.ofSeconds(2), Duration.ofMinutes(15)), new Bars(sql, Duration.ofMinutes(1)));
    }

    private Pushes worker(String name) {
        return workers.computeIfAbsent(name, none -> new Pushes(sql, transaction, new Configuration(Map.of(), Map.of(sync.name(), sync)), CLAIM));
    }

    /** The entry of the row that has not ended; null where there is none. */
    public UUID open(String entity, long row) {
        return sql.sql("select id from syncline.push where sync = ? and entity = ? and organisation = ? and row_id = ? and ended_at is null")
                .params(sync.name(), entity, organisation, row).query(UUID.class).optional().orElse(null);
    }

    /**
     * What a worker gets, when these claims have ended and these entries are due.
     *
     * @param barred nothing is sent to the system for now
     */
    public List<Claim> claim(String worker, Collection<UUID> ended, Collection<UUID> due, boolean barred) {
        sql.sql("update syncline.push set claimed_until = clock_timestamp() - interval '1 second' where id = any(?)").param(ids(ended)).update();
        bar();
        List<Claim> none = new ArrayList<>(worker(worker).claim());
        if (!barred) {
            unbar();
            sql.sql("update syncline.push set next_attempt_at = 'infinity' where organisation = ? and next_attempt_at is not null")
                    .param(organisation).update();
            sql.sql("update syncline.push set next_attempt_at = clock_timestamp(), claimed_until = clock_timestamp() - interval '1 second' where id = any(?)")
                    .param(ids(due)).update();
            none.addAll(worker(worker).claim());
        }
        return none;
    }

    private static UUID[] ids(Collection<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }

    private void bar() {
        sql.sql("""
                insert into syncline.push_bar (sync, organisation, why, since, until, lets_nobody_in)
                values (?, ?, 'story', clock_timestamp(), 'infinity', false)
                on conflict (sync, organisation) do update set until = 'infinity'""").params(sync.name(), organisation).update();
    }

    private void unbar() {
        sql.sql("delete from syncline.push_bar where organisation = ?").param(organisation).update();
    }

    public boolean begin(Claim claim, String worker, boolean barred) {
        boolean begun = !barred && worker(worker).begin(claim);
        if (!begun) {
            worker(worker).release(claim);
        }
        return begun;
    }

    public void note(Claim claim, Sent sent) {
        if (sent instanceof Sent.Taken taken) {
            notes.answered(claim, taken);
        } else if (sent instanceof Sent.NotSent not) {
            notes.postpone(claim, not);
        } else if (sent instanceof Sent.Moved moved) {
            notes.moved(claim, moved);
        } else if (sent instanceof Sent.Refused refused) {
            notes.park(claim, refused);
        } else if (sent instanceof Sent.Barred why) {
            notes.bar(claim, why);
        } else if (sent instanceof Sent.Unclear unclear) {
            notes.unclear(claim, unclear);
        } else {
            notes.leaveToPerson(claim, (Sent.CannotTell) sent);
        }
    }

    /** As {@link PushDecisions#settle} does once it has looked. */
    public void settle(UUID entry, boolean arrived, Observed there) {
        if (arrived) {
            sql.sql("update syncline.push set " + Outbox.answered() + " where id = :id").param("id", entry)
                    .param("key", there == null ? sql.sql("select key from syncline.push where id = ?").param(entry).query(String.class).optional().orElse(null)
                            : there.key())
                    .param("document", there == null || there.document() == null ? null : there.document().text())
                    .param("hash", there == null || there.document() == null ? null : there.hash())
                    .param("version", there == null ? null : there.version())
                    .param("modified", there == null || there.modifiedAt() == null ? null : at(there)).param("deleted", there == null || there.deleted())
                    .update();
            return;
        }
        boolean made = sql.sql("select action = 'create' and answered_key is not null from syncline.push where id = ?").param(entry).query(Boolean.class)
                .single();
        if (made) {
            sql.sql("update syncline.push set state = 'overtaken', next_attempt_at = null, ended_at = clock_timestamp() where id = ?").param(entry).update();
            PushDecisions.again(sql, sql.sql("select number from syncline.push where id = ?").param(entry).query(Long.class).single());
        } else {
            PushDecisions.notArrived(sql, sql.sql("select number from syncline.push where id = ?").param(entry).query(Long.class).single());
        }
    }

    private static OffsetDateTime at(Observed there) {
        return there.modifiedAt().atOffset(ZoneOffset.UTC);
    }

    /** Every entry there ever was. */
    public List<String> told() {
        return sql.sql("""
                select entity, key, action, document, state, encode(agreed_hash, 'hex'), agreed, answered_key, answered_document, attempts,
                       first_sent_at is null, claimed_by is null, former_key
                from syncline.push where organisation = ? and sync = ?""").params(organisation, sync.name())
                .query((row, n) -> row.getString(1) + " push " + row.getString(3) + " of " + row.getString(2) + " formerly "
                        + row.getString(13) + " " + row.getString(4) + " " + row.getString(5)
                        + " upon " + row.getString(6) + " " + row.getString(7) + " made " + row.getString(8) + " answered " + row.getString(9) + " after "
                        + row.getInt(10) + (row.getBoolean(11) ? " unsent" : "") + (row.getBoolean(12) ? " free" : "")).list();
    }
}

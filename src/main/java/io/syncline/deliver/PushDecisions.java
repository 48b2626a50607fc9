package io.syncline.deliver;

import io.syncline.activity.Activity;
import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.record.Answered;
import io.syncline.record.Observed;
import io.syncline.run.Runs;
import io.syncline.source.Reading;
import io.syncline.store.EntityTable;
import io.syncline.store.Outbox;
import io.syncline.store.TakingBack;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** What people decide about entries that wait for them: send again, give up, or say what became of one that nobody could tell of. */
@Component
public class PushDecisions {
    private final JdbcClient sql;
    private final PushList list;
    private final Activity activity;
    private final Configuration configuration;
    private final Reading reading;
    private final TakingBack takingBack;
    private final Runs runs;

    PushDecisions(JdbcClient sql, PushList list, Activity activity, Configuration configuration, Reading reading, TakingBack takingBack, Runs runs) {
        this.runs = runs;
        this.sql = sql;
        this.list = list;
        this.activity = activity;
        this.configuration = configuration;
        this.reading = reading;
        this.takingBack = takingBack;
    }

    /** An entry of an organisation's sync, as it is found. */
    public record Named(String organisation, String sync, long number, String by) {
    }

    /**
     * Sends at once what waits. What was refused goes out as an entry of its own: a system may remember the key of a refusal, and would only say it again.
     *
     * @return the entry that is sent; empty when there is no such entry
     * @throws CannotBePushed when it does not wait
     */
    public Optional<PushList.Push> retry(Named named) {
        return decided(named, push -> {
            if (push.state().equals("parked")) {
                end(push, "overtaken", named.by(), named.by() + " had it sent again");
                long again = again(sql, push.number());
                note(named, "push-retried", push, null);
                return again;
            }
            if (!push.state().equals("waiting") && !push.state().equals("unclear") || push.nextAttemptAt() == null) {
                throw cannot(push, "does not wait to be sent", "What was given up is sent once it is edited again; what nobody can tell of is settled first.");
            }
            sql.sql("update syncline.push set next_attempt_at = clock_timestamp() where number = ?").param(push.number()).update();
            note(named, "push-retried", push, null);
            return push.number();
        });
    }

    /**
     * The local change stays, and is not sent until the row is edited again; or the row takes back what had been agreed, as an edit of whoever decides it.
     *
     * @throws CannotBePushed when it is on its way, or has ended
     */
    public Optional<PushList.Push> discard(Named named, String reason, boolean revert) {
        return decided(named, push -> {
            if (!push.waitsForPerson() && !push.state().equals("waiting")) {
                throw cannot(push, "cannot be given up", "Wait until it is clear what came of it.");
            }
            if (revert) {
                takeBack(named, push);
            }
            end(push, "discarded", named.by(), reason);
            note(named, "push-discarded", push, (revert ? "reverted: " : "") + reason);
            return push.number();
        }, revert);
    }

    /** What cannot be edited back is said as the table says it. */
    private void takeBack(Named named, PushList.Push push) {
        try {
            takingBack.takeBack(table(push), named.organisation(), push.row(), push.agreed(), push.action());
        } catch (DataAccessException e) {
            if (e.getMostSpecificCause() instanceof PSQLException refused && refused.getServerErrorMessage() != null
                    && "exec_stmt_raise".equals(refused.getServerErrorMessage().getRoutine())) {
                ServerErrorMessage said = refused.getServerErrorMessage();
                throw new CannotBePushed("cannot-be-reverted", "Push " + push.number() + " cannot be taken back: " + said.getMessage()
                        + ". Nothing was changed. " + (said.getHint() == null ? "" : said.getHint() + " ")
                        + "Or give it up without revert, and the local change stays.");
            }
            throw e;
        }
    }

    /**
     * Somebody has looked, and says what became of an entry that nobody could tell of. If it arrived, the record is read back and agreed on as any answer; if
     * it did not, it is sent again with the key it had; but of what the system is known to have made once, under another one.
     *
     * @param key of the record that was made there; null where the entry has one
     * @throws CannotBePushed when it is not unknown, or what is said cannot be so
     */
    public Optional<PushList.Push> settle(Named named, boolean arrived, String key) {
        Optional<PushList.Push> found = list.find(named.organisation(), named.sync(), named.number());
        Observed there = found.isPresent() && found.get().state().equals("unknown") && arrived ? readBack(named, found.get(), key) : null;
        return decided(named, push -> {
            if (!push.state().equals("unknown")) {
                throw cannot(push, "is not waiting for somebody to say what became of it", "Only an entry whose state is unknown is settled like this.");
            }
            if (arrived) {
                sql.sql("update syncline.push set " + Outbox.answered() + " where number = :number").param("number", push.number())
                        .param("key", there == null ? push.key() : there.key())
                        .param("document", there == null || there.document() == null ? null : there.document().text())
                        .param("hash", there == null || there.document() == null ? null : there.hash())
                        .param("version", there == null ? null : there.version())
                        .param("modified", there == null || there.modifiedAt() == null ? null : there.modifiedAt().atOffset(ZoneOffset.UTC))
                        .param("deleted", there == null || there.deleted()).update();
            } else if (isMade(push)) {
                // A system that honours keys would only say again what it made of this one.
                end(push, "overtaken", named.by(), named.by() + " had it made again");
                long again = again(sql, push.number());
                note(named, "push-settled", push, "it did not arrive");
                return again;
            } else {
                notArrived(sql, push.number());
            }
            note(named, "push-settled", push, arrived ? "it arrived" : "it did not arrive");
            return push.number();
        });
    }

    /** An entry that says the same, under a key of its own. */
    static long again(JdbcClient sql, long number) {
        return sql.sql("""
                insert into syncline.push (sync, entity, organisation, row_id, key, former_key, action, state, document, hash, agreed, agreed_hash,
                      edited_at, edited_by, run_id, created_at, next_attempt_at)
                select sync, entity, organisation, row_id, key, former_key, action, 'waiting', document, hash, agreed, agreed_hash, edited_at, edited_by,
                       run_id, clock_timestamp(), clock_timestamp() from syncline.push where number = ? returning number""").param(number)
                .query(Long.class).single();
    }

    static void notArrived(JdbcClient sql, long number) {
        sql.sql("update syncline.push set state = 'waiting', first_sent_at = null, reason = null, next_attempt_at = clock_timestamp() where number = ?")
                .param(number).update();
    }

    /** The system told that it made a record of it. */
    private boolean isMade(PushList.Push push) {
        return sql.sql("select action = 'create' and answered_key is not null from syncline.push where number = ?").param(push.number())
                .query(Boolean.class).single();
    }

    private Observed readBack(Named named, PushList.Push push, String key) {
        String asked = push.key() == null ? key : push.key();
        if (asked == null) {
            throw new CannotBePushed("key-needed", "Push " + push.number()
                    + " was to make a record. Say which key it has there: {\"arrived\": true, \"key\": \"…\"}.");
        }
        SyncConfig sync = configuration.syncs().get(push.sync());
        refuseTaken(push, asked);
        Answered answered = reading.records(sync, sync.entity(push.entity()), named.organisation(), List.of(asked));
        if (answered.failures().containsKey(asked)) {
            throw new CannotBePushed("cannot-be-asked-for", "Record " + asked + " could not be read back: " + answered.failures().get(asked));
        }
        Observed there = answered.page().records().stream().filter(Observed::isFit).findFirst().orElse(null);
        boolean gone = answered.gone().contains(asked) || there != null && there.deleted();
        if (gone != push.action().equals("delete") || there == null && !gone) {
            throw new CannotBePushed("did-not-arrive", gone ? "The system has no record " + asked + ". If it did not arrive, say so: {\"arrived\": false}."
                    : "The system still has record " + asked + ", or shows it in a form that cannot be read.");
        }
        return there;
    }

    /** Two rows cannot be one record. */
    private void refuseTaken(PushList.Push push, String key) {
        EntityTable table = table(push);
        sql.sql("select row_id from " + table.name("table") + " where org_id = (select organisation from syncline.push where number = ?) and "
                + table.name("side_id") + " = ? and row_id <> ?").params(push.number(), key, push.row()).query(Long.class).optional().ifPresent(row -> {
                    throw new CannotBePushed("is-here-already", "Record " + key + " is here already, as row " + row + ", so this row cannot be it as well."
                            + " If it is the one that was made, take this row back: POST …/discard with {\"reason\": \"…\", \"revert\": true} deletes it here,"
                            + " sends nothing, and leaves record " + key + " as it is. Nothing was changed.");
                });
    }

    private interface Decision {
        long of(PushList.Push push);
    }

    private Optional<PushList.Push> decided(Named named, Decision decision) {
        return decided(named, decision, false);
    }

    /** @param edits its row, too: then that is locked first, as by a publish and by whoever edits */
    private Optional<PushList.Push> decided(Named named, Decision decision, boolean edits) {
        Optional<PushList.Push> decided = activity.by(named.by(), () -> {
            sql.sql("set local lock_timeout = '10s'").update();
            if (edits) {
                list.found(named.organisation(), named.sync(), named.number()).ifPresent(push -> sql.sql("select from " + table(push).name("table")
                        + " where row_id = ? and org_id = ? for no key update").params(push.row(), named.organisation()).query((row, n) -> 0).list());
            }
            sql.sql("select 1 from syncline.push where number = ? and organisation = ? for update").params(named.number(), named.organisation())
                    .query(Integer.class).optional();
            return list.found(named.organisation(), named.sync(), named.number())
                    .flatMap(push -> list.found(named.organisation(), named.sync(), decision.of(push)));
        });
        // A run seals what was taken back, settles what was read back, and has the outbox looked into. Inside of a caller's transaction none can begin; there
        // the clocks find it within seconds.
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            decided.ifPresent(push -> runs.request(Unsent.request(named.sync(), named.organisation(), "push")));
        }
        return decided;
    }

    private void end(PushList.Push push, String state, String by, String why) {
        sql.sql("update syncline.push set state = ?, next_attempt_at = null, ended_at = clock_timestamp(), ended_by = ?, end_reason = ? where number = ?")
                .params(state, by, why, push.number()).update();
    }

    private void note(Named named, String action, PushList.Push push, String detail) {
        activity.note(named.organisation(), named.by(), action, push.sync(), push.entity(), push.key() == null ? "row:" + push.row() : push.key(), null,
                "push " + push.number() + (detail == null ? "" : ": " + detail));
    }

    private EntityTable table(PushList.Push push) {
        SyncConfig sync = configuration.syncs().get(push.sync());
        return new EntityTable(sync, sync.entity(push.entity()));
    }

    private static CannotBePushed cannot(PushList.Push push, String what, String cure) {
        return new CannotBePushed("not-in-that-state", "Push " + push.number() + " is " + push.state() + " and " + what + ". Nothing was changed. " + cure);
    }
}

package io.syncline.attention;

import io.syncline.activity.Activity;
import io.syncline.attention.AttentionDetail.Action;
import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.store.BriefReads;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One item of the list: what it is about, asking for it again, and deciding that it need not be looked at any more. */
@Component
public class Attention {
    /** What runs that somebody asked for from the list say of themselves. */
    private static final String TRIGGER = "attention";
    private static final int SOME = 20;

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final BriefReads reads;
    private final AttentionList list;
    private final Configuration configuration;
    private final Activity activity;

    Attention(JdbcClient sql, TransactionTemplate transaction, BriefReads reads, AttentionList list, Configuration configuration, Activity activity) {
        this.sql = sql;
        this.transaction = transaction;
        this.reads = reads;
        this.list = list;
        this.configuration = configuration;
        this.activity = activity;
    }

    /** Empty when the organisation has no such item and never had. */
    public Optional<AttentionDetail> show(String organisation, String text) {
        return AttentionId.of(text).flatMap(id -> reads.read(() -> list.find(organisation, id).map(item -> detail(organisation, id, item))));
    }

    /**
     * Asks for what the item is about again, now. Held deletes are read again as they were read before: all of their entity.
     *
     * @return empty when the organisation has no such item
     * @throws CannotBeDone when it cannot be asked for, or waits no more
     */
    public Optional<RunRequest> retry(String organisation, String text, String by) {
        return list.find(organisation, text).map(item -> {
            refuseClosed(item);
            refusePush(item);
            if (item.kind().equals("held")) {
                return new RunRequest(item.sync(), organisation, Mode.FULL, false, null, item.entity(), null, TRIGGER, by);
            }
            if (item.key() == null) {
                throw new CannotBeDone("cannot-be-asked-for", "The record came without a key that can be read, so the source cannot be asked for it. Mend it"
                        + " at the source; the watermark has stayed before it, so the next run reads it again.");
            }
            if (!asksForOne(item)) {
                throw new CannotBeDone("cannot-be-asked-for", "This source cannot be asked for one record. Ask for a run of " + item.entity()
                        + ": the next read that brings the record is its retry.");
            }
            return new RunRequest(item.sync(), organisation, Mode.SINGLE, false, null, item.entity(), item.key(), TRIGGER, by);
        });
    }

    /**
     * Somebody decides that an item need not be looked at any more. Promise 2: no mark moves for it, so what a read shows again is set aside again, and what
     * it holds deletes of again is held again.
     *
     * @return the item as it stands then; empty when the organisation has no such item
     * @throws CannotBeDone when it is a conflict, waits no more, or is being made true just now
     */
    public Optional<AttentionItem> discard(String organisation, String text, String by, String reason) {
        return AttentionId.of(text).flatMap(id -> transaction.execute(status -> list.find(organisation, id).map(item -> {
            refuseClosed(item);
            refusePush(item);
            if (id.sort() == AttentionId.Sort.CONFLICT) {
                throw new CannotBeDone("conflict-cannot-be-discarded", "Both sides have changed the record, and one of the two has to be kept. Decide about it:"
                        + " POST /api/v1/syncs/" + item.sync() + "/conflicts/" + id.number() + "/resolution. Make both say the same, and the next read ends the"
                        + " conflict by itself.");
            }
            if (id.sort() == AttentionId.Sort.HELD) {
                refuseApproved(organisation, item);
            }
            if (close(organisation, id, by, reason) == 0) {
                throw waitsNoMore(item);
            }
            activity.note(organisation, by, "attention-discarded", item.sync(), item.entity(), item.key(), item.run(), item.id() + ": " + reason);
            return list.find(organisation, id).orElseThrow();
        })));
    }

    private int close(String organisation, AttentionId id, String by, String reason) {
        String which = id.sort() == AttentionId.Sort.HELD ? "kind = 'held' and run_id = :number and entity = :entity" : "kind <> 'held' and id = :number";
        return sql.sql("update syncline.attention set state = 'closed', closed_at = greatest(clock_timestamp(), last_seen_at), closed_how = 'discarded',"
                        + " closed_by = :by, close_reason = :reason where organisation = :organisation and state = 'open' and " + which)
                .param("by", by).param("reason", reason).param("organisation", organisation).param("number", id.number()).param("entity", id.entity()).update();
    }

    /** Promise 7: an approval that is under way was a person's word, too; the lease's row keeps a new one from being accepted meanwhile. */
    private void refuseApproved(String organisation, AttentionItem set) {
        sql.sql("select fence from syncline.lease where sync = ? and organisation = ? for update").params(set.sync(), organisation).query(Long.class).list();
        sql.sql("select id from syncline.run where approves = ? and entity = ? and organisation = ? and finished_at is null limit 1")
                .params(set.run(), set.entity(), organisation).query(Long.class).optional().ifPresent(run -> {
                    throw new CannotBeDone("being-approved", "These deletes were approved, and run " + run + " is about to make them. Cancel it first:"
                            + " POST /api/v1/runs/" + run + "/cancel.");
                });
    }

    private static void refusePush(AttentionItem item) {
        if (item.isPush()) {
            throw new CannotBeDone("decided-elsewhere", "What is done about an entry of the outbox is done there: POST /api/v1/syncs/" + item.sync()
                    + "/pushes/"
                    + item.id().substring(1) + "/retry, /discard or /settle.");
        }
    }

    private static void refuseClosed(AttentionItem item) {
        if (item.closed() != null) {
            throw waitsNoMore(item);
        }
    }

    private static CannotBeDone waitsNoMore(AttentionItem item) {
        return new CannotBeDone("waits-no-more", item.id() + " waits no more" + (item.closed() == null ? "" : " (" + item.closed().how() + ")")
                + ". Nothing was changed; GET /api/v1/attention lists what waits now.");
    }

    private AttentionDetail detail(String organisation, AttentionId id, AttentionItem item) {
        List<String> keys = List.of();
        Kept kept = new Kept(null, null, null, null, null);
        if (id.sort() == AttentionId.Sort.HELD) {
            keys = sql.sql("select subject from syncline.attention where organisation = ? and kind = 'held' and run_id = ? and entity = ?"
                    + " and state = ? order by subject collate \"C\" limit " + SOME).params(organisation, id.number(), id.entity(),
                    item.closed() == null ? "open" : "closed").query(String.class).list();
        } else {
            String from = id.sort() == AttentionId.Sort.PUSH
                    ? "document as record, null::text as raw, null::text as base, null::text as theirs, null::text as ours from (select organisation, "
                            + "number as id,"
                    + " document from syncline.push) p" : id.sort() == AttentionId.Sort.CONFLICT
                            ? "null::text as record, null::text as raw, base, theirs, ours from syncline.conflict"
                    : "document as record, raw, null::text as base, null::text as theirs, null::text as ours from syncline.attention";
            kept = sql.sql("select " + from + " where organisation = ? and id = ?").params(organisation, id.number()).query(Kept.class).single();
        }
        return new AttentionDetail(item, kept.record(), kept.raw(), kept.base(), kept.theirs(), kept.ours(), keys, new Advice(item, asksForOne(item)).text(),
                actions(item));
    }

    private record Kept(String record, String raw, String base, String theirs, String ours) {
    }

    private List<Action> actions(AttentionItem item) {
        List<Action> actions = new ArrayList<>();
        if (item.closed() == null && item.isPush()) {
            actions.add(item.kind().equals("unknown") ? Action.SETTLE : Action.RETRY);
            actions.add(Action.DISCARD);
        } else if (item.closed() == null) {
            boolean held = item.kind().equals("held");
            if (held) {
                actions.add(Action.APPROVE);
            }
            if (held || item.key() != null && asksForOne(item)) {
                actions.add(Action.RETRY);
            }
            if (!item.kind().equals("conflict")) {
                actions.add(Action.DISCARD);
            }
        }
        return actions;
    }

    private boolean asksForOne(AttentionItem item) {
        SyncConfig sync = configuration.syncs().get(item.sync());
        return sync != null && sync.entity(item.entity()) != null
                && configuration.systemOf(sync).source().resources().get(sync.entity(item.entity()).resource()).asksForOne();
    }
}

package io.syncline.conflict;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.store.DisputedRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.List;
import java.util.Optional;

/**
 * Takes decisions about conflicts. What is taken is a row that never changes; a publish makes it true, or finds that a side has moved meanwhile.
 * Promise 17: it is checked against what the person saw here, and there again under the publish's locks.
 */
@Component
public class Resolving {
    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final ConflictList conflicts;
    private final Cards cards;
    private final DisputedRows rows;
    private final Since since;

    Resolving(JdbcClient sql, TransactionTemplate transaction, ConflictList conflicts, Cards cards, DisputedRows rows, Since since) {
        this.sql = sql;
        this.transaction = transaction;
        this.conflicts = conflicts;
        this.cards = cards;
        this.rows = rows;
        this.since = since;
    }

    /**
     * Takes a decision.
     *
     * @param seen the version that the person has seen; null where nobody can say, and then what stands now is decided about
     * @return the decision's number; empty where the organisation has no such conflict in this sync
     * @throws MovedSince       when there is another version now
     * @throws CannotBeResolved when it is settled, is being settled, or can never be written like this
     * @throws UndecidedFields  when a merge leaves a question open
     * @throws UndisputedFields when it takes something of a field that not both sides changed
     */
    public Optional<Long> take(SyncConfig sync, String organisation, long id, Wanted wanted, Seen seen, String actor) {
        return transaction.execute(status -> conflicts.locked(organisation, sync.name(), id).map(conflict -> {
            Decidable decidable = decidable(sync, conflict, seen);
            Document merged = decidable.merged(wanted);
            return write(decidable, wanted, merged, actor);
        }));
    }

    /** What a decision would write where, without making it; throws as {@link #take} does. */
    public Optional<Outlook> outlook(SyncConfig sync, String organisation, long id, Wanted wanted, Seen seen) {
        return conflicts.find(organisation, sync.name(), id).map(conflict -> {
            Decidable decidable = decidable(sync, conflict, seen);
            return decidable.outlook(wanted, decidable.merged(wanted));
        });
    }

    private Decidable decidable(SyncConfig sync, Conflict conflict, Seen seen) {
        EntityConfig entity = sync.entity(conflict.entity());
        DisputedRows.Row row = entity == null ? null : rows.find(sync, entity, conflict.organisation(), conflict.row()).orElse(null);
        if (seen != null && !seen.equals(Seen.of(conflict, row))) {
            throw new MovedSince(cards.card(sync, conflict), since.steps(sync, conflict, row, seen));
        }
        if (!conflict.isOpen()) {
            throw new CannotBeResolved("already-settled", "Conflict " + conflict.id() + " was settled by " + conflict.settled().by() + " at "
                    + conflict.settled().at() + " (" + conflict.settled().how() + "). Nothing was changed; edit the record to change what it says now.");
        }
        if (conflict.waiting() != null) {
            throw new CannotBeResolved("being-settled", "Conflict " + conflict.id() + " was decided by " + conflict.waiting().by() + " at "
                    + conflict.waiting().at() + ", and the next publish makes that true. Look again in a moment.");
        }
        if (entity == null || row == null || conflict.isRemoved()) {
            throw new CannotBeResolved("nothing-to-decide-about", "The record of conflict " + conflict.id() + " is not kept here any more.");
        }
        if (row.otherwise()) {
            throw new CannotBeResolved("mapping-changed", "The fields of " + entity.name() + " are mapped otherwise since the record was read. Ask for the"
                    + " record again (POST /api/sync/" + sync.name() + "/entity/" + entity.name() + "/" + conflict.key()
                    + "), and decide about what it says then.");
        }
        Sides sides = Cards.sides(entity, conflict, row);
        return new Decidable(entity, conflict, row, sides, new Outlooks(conflict, sides, row.deleted(), cards.systemTitle(sync)));
    }

    private record Decidable(EntityConfig entity, Conflict conflict, DisputedRows.Row row, Sides sides, Outlooks outlooks) {
        /** Null where nothing is merged. */
        Document merged(Wanted wanted) {
            Document merged = wanted.how() != Wanted.How.MERGED ? null : merging(new Merging(entity, sides, wanted));
            Outlook outlook = outlook(wanted, merged);
            if (!outlook.isPossible()) {
                throw new CannotBeResolved("cannot-be-written-there", outlook.why());
            }
            return merged;
        }

        private Document merging(Merging merging) {
            merging.refuseUndisputed();
            return merging.document(row.base(), conflict.theirs(), row.document());
        }

        Outlook outlook(Wanted wanted, Document merged) {
            return switch (wanted.how()) {
                case THEIRS -> outlooks.theirs();
                case OURS -> outlooks.ours();
                case MERGED -> outlooks.merged(Sides.members(merged.text()), List.of());
            };
        }
    }

    private long write(Decidable decidable, Wanted wanted, Document merged, String actor) {
        Conflict conflict = decidable.conflict();
        long decision = sql.sql("""
                insert into syncline.resolution (organisation, sync, entity, row_id, key, conflict_id, how, base, theirs, ours, merged, theirs_hash,
                      theirs_version, theirs_modified_on, row_revision, actor, reason)
                select c.organisation, c.sync, c.entity, c.row_id, c.key, c.id, :how, :base, c.theirs, :ours, :merged, c.theirs_hash, c.theirs_version,
                       c.theirs_modified_on, :revision, :actor, :reason
                from syncline.conflict c where c.id = :id returning id""")
                .param("how", wanted.how().word()).param("base", decidable.row().base()).param("ours", decidable.row().document())
                .param("merged", merged == null ? null : merged.text()).param("revision", decidable.row().revision()).param("actor", actor)
                .param("reason", wanted.reason()).param("id", conflict.id()).query(Long.class).single();
        sql.sql("update syncline.conflict set decided = ? where id = ?").params(decision, conflict.id()).update();
        return decision;
    }

    /** What became of a decision. */
    public enum Fate { WAITING, MADE, TOO_LATE }

    public Fate fate(long decision) {
        return sql.sql("""
                select case when c.decided is distinct from r.id or c.settled_how = 'moot' then 'TOO_LATE' when c.state = 'open' then 'WAITING' else 'MADE' end
                from syncline.resolution r join syncline.conflict c on c.id = r.conflict_id where r.id = ?""").params(decision).query(Fate.class).single();
    }

    /** Promise 17, once the publish has looked: why a decision came too late. */
    public MovedSince tooLate(SyncConfig sync, String organisation, long id, Seen seen) {
        Conflict conflict = conflicts.find(organisation, sync.name(), id).orElseThrow();
        EntityConfig entity = sync.entity(conflict.entity());
        DisputedRows.Row row = entity == null ? null : rows.find(sync, entity, organisation, conflict.row()).orElse(null);
        return new MovedSince(cards.card(sync, conflict), seen == null ? List.of() : since.steps(sync, conflict, row, seen));
    }
}

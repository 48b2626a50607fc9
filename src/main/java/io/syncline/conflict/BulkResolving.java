package io.syncline.conflict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.store.DisputedRows;
import io.syncline.store.Shown;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides about many conflicts at once: first a preview that remembers which versions it showed, then exactly these. Promise 16: what has moved since is left
 * alone and named. PostgreSQL does the work, however many they are.
 */
@Component
public class BulkResolving {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final int FIRST = 20;
    private static final int NAMED = 100;
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Cards cards;
    private final DisputedRows rows;
    private final Shown shown;

    BulkResolving(JdbcClient sql, TransactionTemplate transaction, Cards cards, DisputedRows rows, Shown shown) {
        this.sql = sql;
        this.transaction = transaction;
        this.cards = cards;
        this.rows = rows;
        this.shown = shown;
    }

    /** @param take whose value disputed fields get in a merge; else empty */
    public BulkPreview preview(SyncConfig sync, ConflictFilter filter, Wanted.How how, Map<String, String> take, String reason, String actor) {
        return transaction.execute(status -> {
            expire();
            UUID token = sql.sql("""
                    insert into syncline.resolution_preview (organisation, sync, asked, actor, expires_at, epoch, conflicts)
                    values (?, ?, ?::jsonb, ?, clock_timestamp() + ? * interval '1 second', (select id from syncline_staging.epoch), 0) returning token""")
                    .params(filter.organisation(), sync.name(), json(new Asked(how.word(), take, reason)), actor, KEPT.toSeconds()).query(UUID.class).single();
            Preview preview = new Preview(sync, how, take, token);
            sync.entities().stream().filter(entity -> filter.entity() == null || filter.entity().equals(entity.name()))
                    .forEach(entity -> preview.look(entity, filter));
            return preview.kept();
        });
    }

    private final class Preview {
        private final SyncConfig sync;
        private final Wanted.How how;
        private final Map<String, String> take;
        private final UUID token;
        private final Map<String, Long> leftOut = new LinkedHashMap<>();
        private final Map<String, Long> here = new LinkedHashMap<>();
        private final Map<String, Long> there = new LinkedHashMap<>();
        private final List<BulkPreview.FieldCount> fields = new ArrayList<>();
        private long conflicts;

        Preview(SyncConfig sync, Wanted.How how, Map<String, String> take, UUID token) {
            this.sync = sync;
            this.how = how;
            this.take = take;
            this.token = token;
        }

        void look(EntityConfig entity, ConflictFilter filter) {
            ConflictFilter open = filter.openOf(entity.name());
            Shown.Counted counted = shown.show(token, sync, entity, ConflictList.conditions(open, true), ConflictList.parameters(open),
                    bounds(sync, entity, new Asked(how.word(), take, null)));
            conflicts += counted.shown();
            counted.leftOut().forEach((why, number) -> leftOut.merge(why, number, Long::sum));
            counted.here().forEach((action, number) -> here.merge(action, number, Long::sum));
            counted.there().forEach((action, number) -> there.merge(action, number, Long::sum));
            counted.fields().forEach((field, said) -> fields.add(new BulkPreview.FieldCount(entity.name(), field, said.here(), said.there(), said.stays())));
        }

        BulkPreview kept() {
            Instant expires = sql.sql("update syncline.resolution_preview set conflicts = ? where token = ? returning expires_at").params(conflicts, token)
                    .query((row, n) -> row.getObject(1, OffsetDateTime.class).toInstant()).single();
            return new BulkPreview(token, expires, how, conflicts, leftOut, here, there, fields, first());
        }

        private List<BulkPreview.One> first() {
            return sql.sql(ConflictList.COLUMNS + " where c.id in (select conflict_id from syncline_staging.resolution_shown where token = ?"
                            + " order by conflict_id desc limit " + FIRST + ") order by c.id desc").params(token)
                    .query((row, n) -> ConflictList.conflict(row)).list().stream().map(this::one).toList();
        }

        private BulkPreview.One one(Conflict conflict) {
            EntityConfig entity = sync.entity(conflict.entity());
            DisputedRows.Row row = rows.find(sync, entity, conflict.organisation(), conflict.row()).orElseThrow();
            Sides sides = Cards.sides(entity, conflict, row);
            Outlooks outlooks = new Outlooks(conflict, sides, row.deleted(), cards.systemTitle(sync));
            return new BulkPreview.One(conflict, Relatives.title(entity, sides.ours()), switch (how) {
                case THEIRS -> outlooks.theirs();
                case OURS -> outlooks.ours();
                case MERGED -> outlooks.merged(Sides.members(new Merging(entity, sides, new Wanted(how, Map.of(), take, null))
                        .document(row.base(), conflict.theirs(), row.document()).text()), List.of());
            });
        }
    }

    /**
     * Decides about what a preview showed, for a publish to make true; what has moved since is left alone.
     *
     * @return how many decisions were taken; empty where the organisation has no such preview in this sync
     * @throws PreviewGone      when it is kept no longer
     * @throws CannotBeResolved when it was applied already
     */
    public Optional<Long> take(SyncConfig sync, String organisation, UUID token, String actor) {
        return transaction.execute(status -> sql.sql("""
                select p.asked::text, p.applied_by, p.applied_at, p.expires_at < clock_timestamp()
                       or p.epoch is distinct from (select id from syncline_staging.epoch) as gone
                from syncline.resolution_preview p where p.token = ? and p.organisation = ? and p.sync = ? for update""")
                .params(token, organisation, sync.name())
                .query((row, n) -> {
                    if (row.getString(2) != null) {
                        throw new CannotBeResolved("already-applied", "This preview was applied by " + row.getString(2) + " at "
                                + row.getObject(3, OffsetDateTime.class).toInstant() + ". Nothing was decided again.");
                    }
                    if (row.getBoolean(4)) {
                        throw new PreviewGone("This preview is kept no longer. Ask for a new one with dryRun, and look at it.");
                    }
                    return asked(row.getString(1));
                }).optional().map(asked -> {
                    long decided = 0;
                    for (EntityConfig entity : sync.entities()) {
                        decided += shown.take(token, sync, entity, organisation, bounds(sync, entity, asked), asked.reason(), actor);
                    }
                    sql.sql("update syncline.resolution_preview set applied_at = clock_timestamp(), applied_by = ?, decided = ? where token = ?")
                            .params(actor, decided, token).update();
                    return decided;
                }));
    }

    /** Whether something of what a preview decided waits for the next publish. */
    public boolean isWaiting(SyncConfig sync, String organisation, UUID token) {
        return sql.sql("select exists (select from syncline.conflict c join syncline.resolution r on r.id = c.decided where c.sync = ? and c.organisation = ?"
                + " and c.state = 'open' and c.decided is not null and r.preview = ?)").params(sync.name(), organisation, token).query(Boolean.class).single();
    }

    /** What became of what a preview decided. */
    public BulkDecided told(UUID token) {
        record Counts(long shown, long made, long waiting) {
        }
        Counts counts = sql.sql("""
                select p.conflicts as shown,
                       (select count(*) from syncline.resolution r join syncline.conflict c on c.decided = r.id where r.preview = p.token
                          and c.state = 'settled' and c.settled_how <> 'moot') as made,
                       (select count(*) from syncline.resolution r join syncline.conflict c on c.decided = r.id where r.preview = p.token
                          and c.state = 'open') as waiting
                from syncline.resolution_preview p where p.token = ?""").params(token)
                .query((row, n) -> new Counts(row.getLong(1), row.getLong(2), row.getLong(3))).single();
        List<BulkDecided.Left> left = sql.sql("""
                select c.id, c.entity, c.key, case when c.state = 'settled' then 'it was settled by ' || c.settled_by
                           when c.decided is not null then 'somebody else has decided about it'
                           when (c.theirs_hash, c.theirs_version, c.theirs_modified_on) is distinct from
                                (s.theirs_hash, s.theirs_version, s.theirs_modified_on) then 'the other side has moved since it was shown'
                           else 'it was edited here since it was shown' end
                from syncline_staging.resolution_shown s join syncline.conflict c on c.id = s.conflict_id
                where s.token = ? and not exists (select from syncline.resolution r where r.preview = s.token and r.id = c.decided
                                                    and c.settled_how is distinct from 'moot')
                order by c.id desc limit\s""" + NAMED).params(token)
                .query((row, n) -> new BulkDecided.Left(row.getLong(1), row.getString(2), row.getString(3), row.getString(4))).list();
        return new BulkDecided(token, counts.shown(), counts.made(), counts.waiting(), counts.shown() - counts.made() - counts.waiting(), left);
    }

    /** What is over is thrown away by whoever comes next. */
    private void expire() {
        sql.sql("""
                with gone as (delete from syncline.resolution_preview where expires_at < clock_timestamp() - interval '1 day' returning token)
                delete from syncline_staging.resolution_shown s using gone where s.token = gone.token""").update();
    }

    private Shown.Bounds bounds(SyncConfig sync, EntityConfig entity, Asked asked) {
        Reach reach = new Reach(entity);
        String system = cards.systemTitle(sync);
        boolean sends = !asked.how().equals(Wanted.How.THEIRS.word());
        return new Shown.Bounds(asked.how(), asked.take(), sends ? reach.whyNotChanged(system) : null, sends ? reach.whyNotBack(system) : null,
                sends ? reach.whyNotDeleted(system) : null, sends ? reach.neededAnew() : List.of(), Reach.whyNotAnew("{fields}", system), reach.wayBack(),
                reach.isWritten(), reach.whyNotNull(system));
    }

    private record Asked(String how, Map<String, String> take, String reason) {
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts have a JSON form", e);
        }
    }

    private static Asked asked(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() { });
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was asked is JSON", e);
        }
    }
}

package io.syncline.deliver;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.source.WriteOrder;
import io.syncline.store.EntityTable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Hands out what is due, each entry to one worker. A claim ends by itself; what may have been sent under one that ended is unclear from then on, so a process
 * can be killed anywhere.
 */
@Component("pushes")
public class Pushes {
    /** What one worker takes at a time. */
    private static final int BATCH = 25;
    private static final String RETURNED = """
            p.id, p.row_id, p.key, p.action, p.agreed, p.document, p.agreed_hash, p.first_sent_at, p.fence, p.attempts, p.state = 'unclear', p.answered_key""";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final List<Place> places;
    private final Duration claim;
    /** Where to look first: behind whoever was served last, so that one with much to send, or a slow system, does not keep the others waiting. */
    private final AtomicInteger turn = new AtomicInteger();
    private final String worker = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    private record Place(SyncConfig sync, String organisation) {
    }

    /** @param claim {@code syncline.push.claim}: how long a worker has an entry to itself; longer than any sending takes, 3 minutes unless set */
    Pushes(JdbcClient sql, TransactionTemplate transaction, Configuration configuration, @Value("${syncline.push.claim:3m}") Duration claim) {
        this.sql = sql;
        this.transaction = transaction;
        this.places = configuration.syncs().values().stream().flatMap(sync -> sync.organisations().stream().map(each -> new Place(sync, each))).toList();
        this.claim = claim;
    }

    /** What is due now, of one sync and organisation: parents before children, and deletions last, children before parents. Empty when nothing is. */
    public List<Claim> claim() {
        findLost();
        int first = turn.get();
        for (int i = 0; i < places.size(); i++) {
            int at = Math.floorMod(first + i, places.size());
            Place place = places.get(at);
            List<Claim> claimed = isDue(place.sync(), place.organisation()) ? claim(place.sync(), place.organisation()) : List.of();
            if (!claimed.isEmpty()) {
                turn.set(at + 1);
                return claimed;
            }
        }
        return List.of();
    }

    /** Promise 12: what may have arrived is looked up before anything is sent again. */
    private void findLost() {
        sql.sql("""
                update syncline.push set state = 'unclear', claimed_by = null, claimed_until = null, next_attempt_at = clock_timestamp(),
                       reason = 'whoever sent it was gone before an answer came'
                where id in (select id from syncline.push where state = 'sending' and claimed_until < clock_timestamp() for update skip locked)""").update();
    }

    private boolean isDue(SyncConfig sync, String organisation) {
        return sql.sql("""
                select exists (select from syncline.push p where p.sync = :sync and p.organisation = :organisation and p.state in ('waiting', 'unclear')
                               and p.next_attempt_at <= clock_timestamp() and coalesce(p.claimed_until < clock_timestamp(), true))
                   and not exists (select from syncline.push_bar b where b.sync = :sync and b.organisation = :organisation and b.until > clock_timestamp())""")
                .param("sync", sync.name()).param("organisation", organisation).query(Boolean.class).single();
    }

    private List<Claim> claim(SyncConfig sync, String organisation) {
        return transaction.execute(status -> {
            List<EntityTable> parentsFirst = EntityTable.parentsFirst(sync, sync.entities());
            List<Claim> claimed = new ArrayList<>();
            parentsFirst.forEach(table -> claimed.addAll(claim(sync, table, organisation, false, BATCH - claimed.size())));
            List<EntityTable> childrenFirst = new ArrayList<>(parentsFirst);
            Collections.reverse(childrenFirst);
            childrenFirst.forEach(table -> claimed.addAll(claim(sync, table, organisation, true, BATCH - claimed.size())));
            return claimed;
        });
    }

    private List<Claim> claim(SyncConfig sync, EntityTable table, String organisation, boolean deletions, int most) {
        return sql.sql(table.fill("""
                with due as (
                    select p.id from syncline.push p join {table} t on t.row_id = p.row_id and t.org_id = p.organisation
                    where p.sync = {sync} and p.entity = {entity} and p.organisation = :organisation and p.state in ('waiting', 'unclear')
                      and p.next_attempt_at <= clock_timestamp() and coalesce(p.claimed_until < clock_timestamp(), true)
                      and (p.action = 'delete') = :deletions and (p.state = 'unclear' or {as_it_says})
                    order by p.next_attempt_at, p.number limit :most for update of p skip locked)
                update syncline.push p set claimed_by = :worker, claimed_until = clock_timestamp() + :claim::interval, fence = p.fence + 1
                from due where p.id = due.id returning\s""".replace("{as_it_says}", AS_IT_SAYS)) + RETURNED)
                .param("organisation", organisation).param("deletions", deletions).param("most", Math.max(0, most)).param("worker", worker)
                .param("claim", claim.toString()).query((row, n) -> claim(row, sync, table, organisation)).list();
    }

    /** What has moved since is not sent, and neither is what rests on something that is not agreed any more: the next publish puts another in its place. */
    private static final String AS_IT_SAYS = "t.sync_status = 'pending_push' and t.hash = p.hash and (t.deleted_at is not null) = (p.action = 'delete')"
            + " and p.agreed_hash is not distinct from nullif(t.{side_hash}, '\\x'::bytea)";

    private static Claim claim(ResultSet row, SyncConfig sync, EntityTable table, String organisation) throws SQLException {
        String agreed = row.getString("agreed");
        OffsetDateTime firstSent = row.getObject("first_sent_at", OffsetDateTime.class);
        Instant firstSentAt = firstSent == null ? null : firstSent.toInstant();
        WriteOrder order = new WriteOrder(row.getObject("id", UUID.class), sync, table.entity(), organisation,
                WriteOrder.Action.valueOf(row.getString("action").toUpperCase(Locale.ROOT)), row.getString("key"),
                agreed == null ? null : Document.stored(agreed), Document.stored(row.getString("document")), row.getBytes("agreed_hash"), firstSentAt,
                row.getString("answered_key"));
        return new Claim(order, row.getInt("fence"), row.getInt("attempts"), row.getBoolean(11));
    }

    /**
     * Says that it may arrive from now on, before anything is sent.
     *
     * @return false when the claim is another's by now, or the row is not what the entry says any more
     */
    boolean begin(Claim claim) {
        EntityTable table = new EntityTable(claim.order().sync(), claim.order().entity());
        return sql.sql(table.fill("""
                update syncline.push p set state = case when :unclear then p.state else 'sending' end, claimed_until = clock_timestamp() + :claim::interval,
                       first_sent_at = coalesce(p.first_sent_at, clock_timestamp()), last_sent_at = clock_timestamp(), attempts = p.attempts + 1,
                       next_attempt_at = case when :unclear then p.next_attempt_at end
                from {table} t
                where p.id = :id and p.fence = :fence and p.claimed_by = :worker and t.row_id = p.row_id
                  and (:unclear and p.state = 'unclear' or not :unclear and p.state = 'waiting' and\s""" + AS_IT_SAYS + ")"))
                .param("unclear", claim.unclear()).param("claim", this.claim.toString()).param("id", claim.order().id()).param("fence", claim.fence())
                .param("worker", worker).update() == 1;
    }

    /** Nothing came of a claim: the entry is anybody's again. */
    void release(Claim claim) {
        sql.sql("update syncline.push set claimed_by = null, claimed_until = null where id = ? and fence = ? and state in ('waiting', 'unclear')")
                .params(claim.order().id(), claim.fence()).update();
    }

    /**
     * Promise 12: whether each of these records is known to be what was made of another row, by its key or by what it is known by. Two rows that say nearly
     * the same are no doubt about each other; a record that was read as one of its own may well be this one.
     */
    boolean areOthers(Claim claim, List<Observed> records) {
        EntityTable table = new EntityTable(claim.order().sync(), claim.order().entity());
        String known = table.entity().match().stream().map(EntityTable::literal).map(field -> "p.document::jsonb -> " + field + " = r.document -> " + field)
                .collect(Collectors.joining(" and "));
        return sql.sql(table.fill("""
                select count(*) = 0 from unnest(:keys::text[], :documents::jsonb[]) r(key, document)
                where not exists (select from syncline.push p, syncline.push mine where mine.id = :push and p.row_id <> mine.row_id and p.sync = mine.sync
                                    and p.entity = mine.entity and p.organisation = mine.organisation and p.action = 'create'
                                    and (p.answered_key = r.key or\s""") + (known.isEmpty() ? "false" : known) + "))")
                .param("keys", records.stream().map(Observed::key).toArray(String[]::new))
                .param("documents", records.stream().map(each -> each.document().text()).toArray(String[]::new))
                .param("push", claim.order().id()).query(Boolean.class).single();
    }
}

package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Records that were rejected or parked, and when they are to be tried again (promise 8). What the source no longer has waits for nothing. */
@Component
public class SetAside {
    private static final String OPEN = "a.state = 'open' and a.kind in ('rejected', 'parked')";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Backoff backoff;

    public SetAside(JdbcTemplate jdbc, TransactionTemplate transaction, Backoff backoff) {
        this.sql = JdbcClient.create(jdbc);
        this.transaction = transaction;
        this.backoff = backoff;
    }

    /** An entity for an organisation. */
    public record Place(String sync, String entity, String organisation) {
    }

    /** A record that is due. */
    public record Due(String sync, String entity, String organisation, String key) {
    }

    /**
     * Takes what is due; each entry's next attempt is set in the same transaction, so whatever becomes of this one, it is not tried too often.
     * What another process is taking is left to it.
     *
     * @param places where records can be asked for one by one
     */
    public List<Due> take(Collection<Place> places, int most) {
        return transaction.execute(status -> sql.sql("""
                with due as (
                    select a.id from syncline.attention a
                    where\s""" + OPEN + """
                     and a.next_attempt_at <= clock_timestamp() and a.key is not null
                      and (a.sync, a.entity, a.organisation) in (select * from unnest(:syncs::text[], :entities::text[], :organisations::text[]))
                    order by a.next_attempt_at limit :most for update skip locked),
                taken as (
                    update syncline.attention a set attempts = a.attempts + 1,
                           next_attempt_at = clock_timestamp() + (:waits::bigint[])[a.attempts + 1] * interval '1 millisecond'
                    from due where a.id = due.id returning a.sync, a.entity, a.organisation, a.key)
                select distinct sync, entity, organisation, key from taken order by sync, organisation, entity, key""")
                .param("syncs", places.stream().map(Place::sync).toArray(String[]::new))
                .param("entities", places.stream().map(Place::entity).toArray(String[]::new))
                .param("organisations", places.stream().map(Place::organisation).toArray(String[]::new))
                .param("most", most).param("waits", backoff.waits()).query(Due.class).list());
    }

    /** The source was asked for these records, has none of them, and neither have we. */
    public void close(long run, SyncConfig sync, EntityConfig entity, String organisation, Collection<String> keys) {
        sql.sql("update syncline.attention a set state = 'closed', closed_at = clock_timestamp(), closed_how = :how where " + OPEN
                        + " and a.sync = :sync and a.entity = :entity and a.organisation = :organisation and a.key = any(:keys)")
                .param("how", "run " + run + " found that the source has it no longer").param("keys", keys.toArray(String[]::new))
                .param("sync", sync.name()).param("entity", entity.name()).param("organisation", organisation).update();
    }

    /**
     * A whole read has not shown what is set aside here, so the source may have it no longer. Where it can be asked for one record, it is asked soon; else
     * the read itself says so.
     */
    public void notShown(long run, SyncConfig sync, EntityConfig entity, String organisation, boolean asksForOne) {
        String which = " where " + OPEN + " and a.sync = :sync and a.entity = :entity and a.organisation = :organisation and a.run_id <> :run"
                + new EntityTable(sync, entity).fill(" and not exists (select from {staging} s where s.run_id = :run and s.key = a.key)");
        sql.sql("update syncline.attention a set state = 'closed', closed_at = clock_timestamp(), closed_how = :how" + which
                + " and (a.key is null or not :asks)")
                .param("how", "run " + run + " read everything and was not shown it").param("run", run).param("asks", asksForOne)
                .param("sync", sync.name()).param("entity", entity.name()).param("organisation", organisation).update();
        sql.sql("update syncline.attention a set attempts = 1, next_attempt_at = clock_timestamp()" + which).param("run", run)
                .param("sync", sync.name()).param("entity", entity.name()).param("organisation", organisation).update();
    }
}

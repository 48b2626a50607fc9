package io.syncline.inspect;

import io.syncline.activity.Activity;
import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.store.DecisionTurns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Removes the content of versions that were superseded longer ago than their sync keeps it, save those that decisions point to. The entry of the ledger comes
 * first, then the content goes a thousand rows at a time, so that nothing is locked for long; what a process that died left over goes with the next entry.
 */
@Component
public class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final String ACTOR = "retention";
    private static final int STEP = 1000;
    private static final String EXPIRED = "h.org_id = :organisation and h.valid_to <= :before and h.document <> ''";
    private static final String SPARED = " and not exists (select from syncline.decision d where d.organisation = :organisation and d.sync = {sync}"
            + " and d.entity = {entity} and d.row_id = h.row_id and d.valid_from = h.valid_from)";

    private final Configuration configuration;
    private final JdbcClient sql;
    private final Activity activity;
    private final TransactionTemplate transaction;
    private final DecisionTurns turns;

    Retention(Configuration configuration, JdbcClient sql, Activity activity, TransactionTemplate transaction, DecisionTurns turns) {
        this.turns = turns;
        this.configuration = configuration;
        this.sql = sql;
        this.activity = activity;
        this.transaction = transaction;
    }

    /** Of every sync that says how long it keeps its history; one that fails is told and tried again the next day. */
    public void removeExpired() {
        for (SyncConfig sync : configuration.syncs().values()) {
            if (sync.keepsHistory() != null) {
                sync.entities().forEach(entity -> sync.organisations().forEach(organisation -> attempt(new Place(sync, entity, organisation))));
            }
        }
    }

    private void attempt(Place place) {
        try {
            remove(place);
        } catch (DataAccessException e) {
            LOG.warn("What {} of {} keeps no longer could not be removed; it is tried again the next day: {}", place.entity().name(), place.sync().name(),
                    e.getMessage());
        }
    }

    private void remove(Place place) {
        Duration keeps = place.sync().keepsHistory();
        Optional<OffsetDateTime> entered = transaction.execute(status -> enter(place, keeps));
        if (entered.isEmpty()) {
            return;
        }
        Map<String, Object> parameters = new HashMap<>(Map.of("organisation", place.organisation(), "before", entered.get()));
        long last = sql.sql(place.table().fill("select coalesce(max(row_id), 0) from {history}")).query(Long.class).single();
        long removed = 0;
        for (long row = 0; row <= last; row += STEP) {
            parameters.put("from", row);
            parameters.put("to", row + STEP);
            removed += transaction.execute(status -> {
                turns.take(place.organisation());
                return run(place, parameters, "update {history} h set document = '' where h.row_id >= :from and h.row_id < :to and " + EXPIRED + SPARED);
            });
        }
        BESIDE.forEach(statement -> run(place, parameters, statement));
        LOG.info("{} of {} lost the content of {} versions that were superseded before {}", place.entity().name(), place.sync().name(), removed, entered.get());
    }

    /** Nothing is entered where nothing has expired. */
    private Optional<OffsetDateTime> enter(Place place, Duration keeps) {
        OffsetDateTime before = sql.sql("select clock_timestamp() - make_interval(secs => ?)").param(keeps.toSeconds()).query(OffsetDateTime.class).single();
        boolean any = sql.sql(place.table().fill("select exists (select from {history} h where " + EXPIRED + SPARED + ")"))
                .param("organisation", place.organisation()).param("before", before).query(Boolean.class).single();
        if (!any) {
            return Optional.empty();
        }
        long number = sql.sql(place.table().fill("""
                insert into syncline.removal (organisation, actor, kind, reason, sync, entity, before, decided)
                values (:organisation, :actor, 'expired', :reason, {sync}, {entity}, :before, false) returning number"""))
                .param("organisation", place.organisation()).param("actor", ACTOR).param("reason", "kept for "
                        + (keeps.toDays() > 0 ? keeps.toDays() + " days" : keeps.toSeconds() + " seconds"))
                .param("before", before).query(Long.class).single();
        activity.note(place.organisation(), ACTOR, "history-expired", place.sync().name(), place.entity().name(), null, null, "removal " + number);
        return Optional.of(before);
    }

    /** The journal, settled conflicts, entries of the outbox that have ended, webhooks and closed entries of the attention list say the same once more. */
    private static final List<String> BESIDE = List.of("""
            update syncline.local_edit e set before = '' from {history} h
            where e.sync = {sync} and e.entity = {entity} and e.organisation = :organisation and e.snapshot_id is not null and e.before <> ''
              and h.row_id = e.row_id and h.valid_from = e.before_valid_from and h.document = ''""", """
            update syncline.local_edit e set after = '' from {history} h
            where e.sync = {sync} and e.entity = {entity} and e.organisation = :organisation and e.snapshot_id is not null and e.after <> ''
              and h.row_id = e.row_id and h.valid_from = e.edited_at and h.document = ''""", """
            update syncline.conflict set base = '', theirs = case when theirs is not null then '' end, ours = '', theirs_before = null, reason = 'expired'
            where sync = {sync} and entity = {entity} and organisation = :organisation and settled_at <= :before and reason <> 'expired'""", """
            update syncline.resolution set base = '', theirs = case when theirs is not null then '' end, ours = '',
                merged = case when merged is not null then '' end, reason = null
            where sync = {sync} and entity = {entity} and organisation = :organisation and at <= :before and base <> ''
              and conflict_id in (select id from syncline.conflict where reason = 'expired')""", """
            update syncline.push set document = '', agreed = case when agreed is not null then '' end,
                answered_document = case when answered_document is not null then '' end, reason = case when reason is not null then 'expired' end
            where sync = {sync} and entity = {entity} and organisation = :organisation and ended_at <= :before and document <> ''""", """
            update syncline.webhook set body = '', reason = case when reason is not null then 'expired' end
            where sync = {sync} and entity = {entity} and organisation = :organisation and ended_at <= :before and body <> ''""", """
            update syncline.attention set document = case when document is not null then '' end, raw = null, reason = 'expired'
            where sync = {sync} and entity = {entity} and organisation = :organisation and closed_at <= :before and reason <> 'expired'""", """
            update syncline.push set document = '', agreed = case when agreed is not null then '' end,
                answered_document = case when answered_document is not null then '' end, reason = 'expired'
            where sync = {sync} and entity = {entity} and organisation = :organisation and ended_at <= :before and document <> ''""");

    private int run(Place place, Map<String, Object> parameters, String statement) {
        return sql.sql(place.table().fill(statement)).params(parameters).update();
    }
}

package io.syncline.preview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.change.Outcome;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.run.Mode;
import io.syncline.run.PlanGone;
import io.syncline.run.RunRequest;
import io.syncline.store.PlanRows;
import io.syncline.store.Selection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Kept plans for those who look at them and decide. Promise 29: the organisation is part of every question. */
@Component
public class Plans {
    private static final String LIVE = "p.ended_at is null and p.expires_at > clock_timestamp()";
    private static final String SHOWN = """
            select p.*, r.mode, r.entity, r.repair, r.requested_by, coalesce(r.started_at, r.requested_at) as begun_at,
                   extract(epoch from clock_timestamp() - p.kept_at)::bigint as age,
                   p.epoch is distinct from (select id from syncline_staging.epoch) as crashed,
                   (select max(n.run_id) from syncline.plan n join syncline.run o on o.id = n.run_id
                    where n.sync = p.sync and n.organisation = p.organisation and n.run_id > p.run_id and o.mode = r.mode
                        and o.entity is not distinct from r.entity
                      and o.record_key is not distinct from r.record_key and o.rolls_back is not distinct from r.rolls_back) as replaced_by
            from syncline.plan p join syncline.run r on r.id = p.run_id""";

    private final JdbcClient sql;
    private final PlanRows rows;
    private final Configuration configuration;
    private final ObjectMapper json;
    private final TransactionTemplate oneMoment;
    private final TransactionTemplate transaction;

    Plans(JdbcClient sql, PlanRows rows, Configuration configuration, ObjectMapper json, PlatformTransactionManager transactions,
            TransactionTemplate transaction) {
        this.sql = sql;
        this.rows = rows;
        this.configuration = configuration;
        this.json = json;
        this.transaction = transaction;
        this.oneMoment = new TransactionTemplate(transactions);
        this.oneMoment.setReadOnly(true);
        this.oneMoment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /**
     * Those that are kept, the newest first.
     *
     * @param sync   only of this one, or null
     * @param before only plans with a smaller number, or null for the first
     */
    public List<Plan> list(String organisation, String sync, Long before, int limit) {
        return oneMoment.execute(status -> sql.sql(SHOWN + " where p.organisation = :organisation and " + LIVE
                        + " and (:sync::text is null or p.sync = :sync) and (:before::bigint is null or p.run_id < :before) order by p.run_id desc limit "
                        + ":limit")
                .param("organisation", organisation).param("sync", sync).param("before", before).param("limit", limit)
                .query((row, n) -> plan(row)).list());
    }

    /**
     * One plan as it stands; empty when the organisation never had it.
     *
     * @throws PlanGone when it is not kept any more
     */
    public Optional<Plan> find(String organisation, long id) {
        return oneMoment.execute(status -> kept(organisation, id));
    }

    private Optional<Plan> kept(String organisation, long id) {
        Optional<Plan> plan = sql.sql(SHOWN + " where p.organisation = ? and p.run_id = ? and " + LIVE).params(organisation, id).query((row, n) -> plan(row))
                .optional();
        if (plan.isEmpty()) {
            sql.sql("select coalesce(ended_how, 'expired') from syncline.plan where organisation = ? and run_id = ?").params(organisation, id)
                    .query(String.class).optional()
                    .ifPresent(how -> {
                        throw new PlanGone("Plan " + id + " is not kept any more: " + switch (how) {
                            case "expired" -> "its time is over";
                            case "replaced" -> "newer plans have taken its place";
                            default -> "it was dropped";
                        } + ". Ask for a new preview.");
                    });
        }
        return plan;
    }

    /** The same, of which there is something to look at. */
    private Optional<Plan> standing(String organisation, long id) {
        Optional<Plan> plan = kept(organisation, id);
        plan.filter(each -> each.voidWhy() != null).ifPresent(each -> {
            throw new PlanGone("Plan " + id + " is void: " + each.voidWhy());
        });
        return plan;
    }

    private Plan plan(ResultSet row) throws SQLException {
        long id = row.getLong("run_id");
        SyncConfig sync = configuration.syncs().get(row.getString("sync"));
        String voidWhy = row.getBoolean("crashed") ? "PostgreSQL crashed since, and staged rows do not survive that. Ask for a new preview."
                : sync == null ? "its sync is not configured any more."
                : rows.isLost(id) ? "fields of its entities, or their mapping, were changed since. Ask for a new preview." : null;
        Map<String, Map<String, Long>> counts = read(row.getString("counts"), new TypeReference<LinkedHashMap<String, Map<String, Long>>>() { });
        return new Plan(id, row.getString("sync"), row.getString("mode"), row.getString("entity"), row.getString("requested_by"), instant(row, "begun_at"),
                instant(row, "kept_at"), instant(row, "expires_at"), row.getLong("age"), voidWhy, row.getObject("replaced_by", Long.class),
                ordered(sync, counts),
                leftOut(id), applied(id));
    }

    private static Map<String, Map<String, Long>> ordered(SyncConfig sync, Map<String, Map<String, Long>> counts) {
        Map<String, Map<String, Long>> ordered = new LinkedHashMap<>();
        if (sync != null) {
            sync.entities().stream().map(EntityConfig::name).filter(counts::containsKey).forEach(entity -> ordered.put(entity, counts.get(entity)));
        }
        counts.forEach(ordered::putIfAbsent);
        return ordered;
    }

    private List<Plan.LeftOut> leftOut(long id) {
        return sql.sql("select entity, reasons from syncline.run_entity where run_id = ? and state <> 'planned' order by entity").param(id)
                .query((row, n) -> new Plan.LeftOut(row.getString(1), List.of((String[]) row.getArray(2).getArray()))).list();
    }

    private List<Plan.Applied> applied(long id) {
        return sql.sql("select id, state, selection from syncline.run where applies = ? order by id").param(id)
                .query((row, n) -> new Plan.Applied(row.getLong(1), row.getString(2),
                row.getString(3) == null ? null : read(row.getString(3), new TypeReference<JsonNode>() { })))
                .list();
    }

    /**
     * Where to go on in a plan's rows.
     *
     * @param place in the entity's rows, or null to begin them
     */
    public record Position(String entity, PlanRows.Place place) {
    }

    /** @param next null when these were the last */
    public record Page(List<PlanRow> rows, Position next) {
    }

    /**
     * Which rows are asked for; null lets everything through.
     *
     * @param text  a part of the key
     * @param moved whether applying would set them aside
     */
    public record Filter(Collection<String> entities, Collection<String> outcomes, String text, Boolean moved) {
        /** @param counts how many rows of the entity have which outcome */
        boolean mayHold(String entity, Map<String, Long> counts) {
            return (entities == null || entities.contains(entity)) && (outcomes == null ? !counts.isEmpty() : outcomes.stream().anyMatch(counts::containsKey));
        }
    }

    /**
     * The next rows, entity by entity as the sync's file has them; empty when the organisation never had the plan.
     *
     * @param from null for the first
     * @throws PlanGone when it is not kept any more, or void
     */
    public Optional<Page> rows(String organisation, long id, Filter filter, Position from, int limit) {
        return oneMoment.execute(status -> standing(organisation, id).map(plan -> rows(plan, organisation, filter, from, limit)));
    }

    private Page rows(Plan plan, String organisation, Filter filter, Position from, int limit) {
        SyncConfig sync = configuration.syncs().get(plan.sync());
        List<PlanRow> shown = new ArrayList<>();
        boolean reached = from == null;
        for (String name : plan.entities().keySet()) {
            boolean begun = from != null && from.entity().equals(name);
            reached |= begun;
            if (reached && filter.mayHold(name, plan.entities().get(name))) {
                EntityConfig entity = sync.entity(name);
                Differences differences = new Differences(entity.shape());
                List<PlanRows.Row> found = rows.next(plan.id(), sync, entity, organisation, begun ? from.place() : null, filter.outcomes(), filter.text(),
                        filter.moved(), limit - shown.size() + 1);
                PlanRows.Place last = begun ? from.place() : null;
                for (PlanRows.Row row : found) {
                    if (shown.size() == limit) {
                        return new Page(shown, new Position(name, last));
                    }
                    shown.add(new PlanRow(name, row.key(), row.outcome(), row.reason(), row.moved(), differences.of(row)));
                    last = row.place();
                }
            }
        }
        return new Page(shown, null);
    }

    /**
     * The request for the run that applies a plan; empty when the organisation never had it.
     *
     * @param selection null for all of it
     * @throws PlanGone         when it is not kept any more, or void
     * @throws AlreadyApplied   when all of it was applied before
     * @throws InvalidSelection when the selection names what is not in the plan, or nothing
     */
    public Optional<RunRequest> application(String organisation, long id, Selection selection, String trigger, String requestedBy) {
        return oneMoment.execute(status -> standing(organisation, id).map(plan -> {
            plan.applied().stream().filter(run -> run.selection() == null && run.state().equals("published")).findFirst().ifPresent(run -> {
                throw new AlreadyApplied(id, run.run());
            });
            if (selection != null) {
                check(plan, organisation, selection);
            }
            boolean repair = sql.sql("select repair from syncline.run where id = ?").param(id).query(Boolean.class).single();
            return new RunRequest(plan.sync(), organisation, Mode.APPLY, false, null, plan.entity(), null, repair, null,
                    new RunRequest.Application(id, selection), null, trigger,
                    requestedBy);
        }));
    }

    private void check(Plan plan, String organisation, Selection selection) {
        List<InvalidSelection.Mistake> mistakes = new ArrayList<>();
        boolean empty = selection.entities() == null && selection.outcomes() == null && selection.rows() == null && selection.except() == null;
        if (empty) {
            mistakes.add(new InvalidSelection.Mistake("/selection",
                    "selection: is empty. Say what to apply by entities, outcomes, rows or except, or leave selection out"
                    + " to apply everything."));
        }
        names(mistakes, "entities", selection.entities(), plan.entities().keySet(), "an entity of this plan");
        names(mistakes, "outcomes", selection.outcomes(), outcomes(), "an outcome");
        rows(mistakes, plan, organisation, "rows", selection.rows());
        rows(mistakes, plan, organisation, "except", selection.except());
        if (mistakes.isEmpty()) {
            SyncConfig sync = configuration.syncs().get(plan.sync());
            if (plan.entities().keySet().stream().mapToLong(entity -> rows.count(plan.id(), sync, sync.entity(entity), organisation, selection)).sum() == 0) {
                mistakes.add(new InvalidSelection.Mistake("/selection", "selection: lets no row of plan " + plan.id() + " through. Look at its rows first."));
            }
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidSelection(mistakes);
        }
    }

    /** The outcomes that a plan's rows can have. */
    public static List<String> outcomes() {
        return Arrays.stream(Outcome.values()).filter(outcome -> outcome != Outcome.MOVED).map(Outcome::word).toList();
    }

    private static void names(List<InvalidSelection.Mistake> mistakes, String member, List<String> named, Collection<String> known, String what) {
        if (named != null && named.isEmpty()) {
            mistakes.add(new InvalidSelection.Mistake("/selection/" + member, member + ": is empty, so nothing would be applied. Name some, or leave it out."));
        }
        for (int i = 0; named != null && i < named.size(); i++) {
            if (!known.contains(named.get(i))) {
                mistakes.add(new InvalidSelection.Mistake("/selection/" + member + "/" + i,
                        member + ": \"" + shown(named.get(i)) + "\" is not " + what + ". Write one of "
                        + String.join(", ", known) + "."));
            }
        }
    }

    private void rows(List<InvalidSelection.Mistake> mistakes, Plan plan, String organisation, String member, List<Selection.Row> named) {
        if (named == null) {
            return;
        }
        if (named.isEmpty()) {
            mistakes.add(new InvalidSelection.Mistake("/selection/" + member, member + ": is empty. Name some rows, or leave it out."));
        }
        SyncConfig sync = configuration.syncs().get(plan.sync());
        Map<String, Collection<String>> missing = new LinkedHashMap<>();
        plan.entities().keySet().forEach(entity -> missing.put(entity, rows.missing(plan.id(), sync, sync.entity(entity), organisation,
                named.stream().filter(row -> row.entity().equals(entity)).map(Selection.Row::key).toList())));
        for (int i = 0; i < named.size(); i++) {
            Selection.Row row = named.get(i);
            String pointer = "/selection/" + member + "/" + i;
            if (!missing.containsKey(row.entity())) {
                mistakes.add(new InvalidSelection.Mistake(pointer, member + ": \"" + shown(row.entity()) + "\" is not an entity of this plan. Write one of "
                        + String.join(", ", missing.keySet()) + "."));
            } else if (missing.get(row.entity()).contains(row.key())) {
                mistakes.add(new InvalidSelection.Mistake(pointer, member + ": plan " + plan.id() + " has no row for " + row.entity() + " " + shown(row.key())
                        + "."));
            }
        }
    }

    private static String shown(String name) {
        return name.length() > 60 ? name.substring(0, 60) + "…" : name;
    }

    /**
     * Gives a plan up.
     *
     * @return false when the organisation never had it
     * @throws PlanGone     when it is not kept any more
     * @throws PlanIsInUse when it is being applied
     */
    public boolean drop(String organisation, long id, String by) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (kept(organisation, id).isEmpty()) {
                return false;
            }
            sql.sql("select run_id from syncline.plan where run_id = ? for update").param(id).query(Long.class).single();
            sql.sql("select min(id) from syncline.run where applies = ? and finished_at is null").param(id).query(Long.class).optional().ifPresent(run -> {
                throw new PlanIsInUse(id, run);
            });
            sql.sql("update syncline.plan set ended_at = clock_timestamp(), ended_how = 'dropped', ended_by = ? where run_id = ? and ended_at is null")
                    .params(by, id).update();
            return true;
        }));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private <T> T read(String kept, TypeReference<T> as) {
        try {
            return json.readValue(kept, as);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is kept of a plan is always JSON", e);
        }
    }
}

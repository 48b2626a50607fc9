package io.syncline.run;

import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.Explained;
import io.syncline.config.SourceConfig;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Opens the passes of a run: what each entity is asked for, from the run's mode and the entity's watermark. */
@Component("passes")
public class Passes {
    private final JdbcClient sql;
    private final Configuration configuration;
    private final Resumption resumption;
    private final Escalation escalation;
    private final KeptPlans plans;
    private final Cursors cursors;

    Passes(JdbcClient sql, Configuration configuration, Resumption resumption, Escalation escalation, KeptPlans plans, Cursors cursors) {
        this.cursors = cursors;
        this.plans = plans;
        this.escalation = escalation;
        this.sql = sql;
        this.configuration = configuration;
        this.resumption = resumption;
    }

    public List<EntityPass> of(Run run) {
        resumption.prepare(run);
        List<EntityConfig> entities = run.isApplying() ? run.entities().stream().filter(entity -> plans.entities(run).contains(entity.name())).toList()
                : run.entities();
        return entities.stream().map(entity -> (run.isTakenOver() ? resumption.of(run, entity) : Optional.<EntityPass>empty())
                .orElseGet(() -> open(run, entity))).toList();
    }

    private EntityPass open(Run run, EntityConfig entity) {
        EntityPass pass = run.mode() == Mode.INCREMENTAL ? incremental(run, entity) : new EntityPass(run, entity, null, run.mode() == Mode.FULL);
        String[] told = pass.reasons().toArray(String[]::new);
        sql.sql(Unhurried.WITH + """
                insert into syncline.run_entity (run_id, entity, state, whole, since, by_cursor, moves_mark, reasons, told_first)
                select cast(? as bigint), cast(? as text), cast(? as text), cast(? as boolean), cast(? as timestamptz), cast(? as boolean), cast(? as boolean),
                       cast(? as text[]), cast(? as text[]) from unhurried""")
                .params(Arrays.asList(run.id(), entity.name(), run.isReadingAll() || run.isSingle() ? "reading" : "planned", pass.isWhole(),
                pass.since() == null ? null : pass.since().atOffset(ZoneOffset.UTC),
                        pass.cursor() != null, pass.mayMoveMark(), told, told))
                .update();
        return pass;
    }

    private EntityPass incremental(Run run, EntityConfig entity) {
        SourceConfig.Resource resource = configuration.systemOf(run.sync()).source().resources().get(entity.resource());
        Optional<Instant> watermark = watermark(run, entity);
        if (resource.since() == null && (!resource.tracks() || run.since() != null)) {
            EntityPass whole = new EntityPass(run, entity, null, true);
            whole.tell("Read in full: the source cannot tell its changes.");
            return whole;
        }
        if (run.since() != null) {
            // Promise 2: a mark may only move over what has been read; asking for less than the mark covers leaves it where it is.
            return new EntityPass(run, entity, run.since(), watermark.isPresent() && !run.since().isAfter(watermark.get()));
        }
        Optional<String> cursor = resource.tracks() ? cursors.find(run, entity) : Optional.empty();
        Optional<String> reason = escalation.reason(run, entity, resource.since())
                .or(() -> resource.since() == null && cursor.isEmpty() ? Optional.of(resource.remembers()
                        ? "Read in full: which files were taken before is not known for certain." : "Read in full: there is no delta link to go on from.")
                        : Optional.empty());
        EntityPass pass = new EntityPass(run, entity, reason.isPresent() ? null : watermark.orElseThrow(), true);
        reason.ifPresentOrElse(pass::tell, () -> cursor.ifPresent(pass::goOnFrom));
        return pass;
    }

    private Optional<Instant> watermark(Run run, EntityConfig entity) {
        return sql.sql("select mark from syncline.watermark where sync = ? and organisation = ? and entity = ? and side = ?")
                .params(run.sync().name(), run.organisation(), entity.name(), run.sync().side())
                .query(OffsetDateTime.class).optional().map(OffsetDateTime::toInstant);
    }

    /**
     * The source no longer knows where an earlier holder of the run stopped, so the entity is read anew.
     *
     * @throws RuntimeException the failure itself, when the position was not an earlier holder's
     */
    public void startOver(EntityPass pass, RuntimeException failure) {
        if (pass.resume() == null) {
            throw failure;
        }
        String reason = "Read anew: the read had been interrupted, and the source no longer knew where. "
                + Explained.in(failure).map(Explained::getMessage).orElse("");
        pass.startOver(resumption.forget(pass.run(), pass.entity(), reason));
    }

    /** The source no longer knows what changed since the mark, so everything is read, in the same run. */
    public void readWhole(EntityPass pass, RuntimeException failure) {
        pass.readWhole(resumption.widen(pass.run(), pass.entity(), "Read in full: the source cannot tell what changed since the watermark. "
                + told(failure)));
    }

    /** A route hands over a failure as it came through its steps, in wrappings that are nothing to tell. */
    private static String told(RuntimeException failure) {
        return Explained.in(failure).map(Explained::getMessage).orElse("");
    }

    /** Reading has ended, well or not: a shutdown ends it between two pages without a word. */
    public void close(EntityPass pass) {
        if ((pass.isReading() || pass.isProvingAbsence()) && !pass.run().isSingle()) {
            // Promise 5: pages that were not asked for any more are never the end of the data.
            pass.halt(new Halt(Halt.Why.LEFT, "Syncline was stopped"));
        }
        if (pass.halt() == null) {
            keep(pass, pass.isFailed() ? "failed" : "planned", Unhurried.WITH, "from unhurried");
            pass.noted();
        }
    }

    void leaveOut(EntityPass pass) {
        keep(pass, "left-out", "", "");
    }

    /** Keeps what is to be told about a planned entity. */
    void note(EntityPass pass) {
        keep(pass, "planned", "", "");
    }

    private void keep(EntityPass pass, String state, String with, String from) {
        sql.sql(with + """
                update syncline.run_entity set state = ?, complete = ?, mark = ?, reasons = ?, finished_at = coalesce(finished_at, clock_timestamp())
                """ + from + " where run_id = ? and entity = ? and exists (select from syncline.run where id = ? and takeovers = ?)")
                .params(Arrays.asList(state, pass.isComplete(), pass.mark() == null ? null : pass.mark().atOffset(ZoneOffset.UTC),
                        pass.reasons().toArray(String[]::new), pass.run().id(), pass.entity().name(), pass.run().id(), pass.run().takeovers()))
                .update();
    }
}

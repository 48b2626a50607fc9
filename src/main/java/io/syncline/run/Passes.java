package io.syncline.run;

import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
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

    Passes(JdbcClient sql, Configuration configuration) {
        this.sql = sql;
        this.configuration = configuration;
    }

    public List<EntityPass> of(Run run) {
        return run.entities().stream().map(entity -> open(run, entity)).toList();
    }

    private EntityPass open(Run run, EntityConfig entity) {
        EntityPass pass = run.mode() == Mode.INCREMENTAL ? incremental(run, entity) : new EntityPass(run, entity, null, run.mode() == Mode.FULL);
        sql.sql("insert into syncline.run_entity (run_id, entity, state, whole, since) values (?, ?, 'reading', ?, ?)")
                .params(Arrays.asList(run.id(), entity.name(), pass.isWhole(), pass.since() == null ? null : pass.since().atOffset(ZoneOffset.UTC)))
                .update();
        return pass;
    }

    private EntityPass incremental(Run run, EntityConfig entity) {
        SourceConfig.Resource resource = configuration.systemOf(run.sync()).source().resources().get(entity.resource());
        Optional<Instant> watermark = watermark(run, entity);
        if (resource.since() == null) {
            EntityPass whole = new EntityPass(run, entity, null, true);
            whole.tell("Read in full: the source cannot tell its changes.");
            return whole;
        }
        if (run.since() != null) {
            // Promise 2: a mark may only move over what has been read; asking for less than the mark covers leaves it where it is.
            return new EntityPass(run, entity, run.since(), watermark.isPresent() && !run.since().isAfter(watermark.get()));
        }
        if (watermark.isEmpty()) {
            EntityPass whole = new EntityPass(run, entity, null, true);
            whole.tell("Read in full: there is no watermark to go on from.");
            return whole;
        }
        return new EntityPass(run, entity, watermark.get(), true);
    }

    private Optional<Instant> watermark(Run run, EntityConfig entity) {
        return sql.sql("select mark from syncline.watermark where sync = ? and organisation = ? and entity = ? and side = ?")
                .params(run.sync().name(), run.organisation(), entity.name(), run.sync().side())
                .query(OffsetDateTime.class).optional().map(OffsetDateTime::toInstant);
    }

    /** Reading has ended, well or not: a shutdown ends it between two pages without a word. */
    public void close(EntityPass pass) {
        if (pass.isReading() && !pass.run().isSingle()) {
            // Promise 5: pages that were not asked for any more are never the end of the data.
            pass.fail("Syncline was stopped before the last page was read. Nothing of it was published; the next run reads the same changes again.");
        }
        keep(pass, pass.isFailed() ? "failed" : "planned");
    }

    void leaveOut(EntityPass pass) {
        keep(pass, "left-out");
    }

    /** Keeps what is to be told about a planned entity. */
    void note(EntityPass pass) {
        keep(pass, "planned");
    }

    private void keep(EntityPass pass, String state) {
        sql.sql("""
                update syncline.run_entity set state = ?, mark = ?, reasons = ?, finished_at = coalesce(finished_at, clock_timestamp())
                where run_id = ? and entity = ?""")
                .params(Arrays.asList(state, pass.mark() == null ? null : pass.mark().atOffset(ZoneOffset.UTC), pass.reasons().toArray(String[]::new),
                        pass.run().id(), pass.entity().name()))
                .update();
    }
}

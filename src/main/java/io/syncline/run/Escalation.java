package io.syncline.run;

import io.syncline.config.EntityConfig;
import io.syncline.config.SourceConfig;
import io.syncline.config.SyncConfig;
import io.syncline.store.Mappings;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides whether an incremental run reads an entity whole all the same, and why. How old a mark is, is how long ago it was fixed by our own clock: the
 * source's may be another one. Deciding is pure; the facts come from what is known of earlier runs.
 */
@Component("escalation")
public class Escalation {
    private final JdbcClient sql;
    private final Mappings mappings;

    Escalation(JdbcClient sql, Mappings mappings) {
        this.sql = sql;
        this.mappings = mappings;
    }

    /**
     * What is known of an entity's earlier runs.
     *
     * @param marked    when the run began that fixed the watermark, or null when there is none
     * @param readWhole when the last published run began that read everything and got it, or null when there is none
     * @param failures  how many incremental runs have failed since the last one that was published
     * @param remapped  the fields whose mapping has changed since the last whole read
     */
    public record Facts(Instant now, Instant marked, Instant readWhole, int failures, Set<String> remapped) {
    }

    Optional<String> reason(Run run, EntityConfig entity, SourceConfig.Since since) {
        return reason(facts(run, entity), run.sync().wholeReads(), since);
    }

    /**
     * Why everything is to be read; empty when what changed suffices.
     *
     * @param since how changes since a moment are asked for; null where only a cursor tells them
     */
    public static Optional<String> reason(Facts facts, SyncConfig.WholeReads rules, SourceConfig.Since since) {
        if (facts.marked() == null) {
            return told("there is no watermark to go on from");
        }
        Duration age = Duration.between(facts.marked(), facts.now());
        if (since != null && since.keeps() != null && age.plus(since.overlap()).compareTo(since.keeps()) > 0) {
            return told("the watermark is " + shown(age) + " old, and the source can tell changes for " + shown(since.keeps()) + " only");
        }
        if (age.compareTo(rules.after()) > 0) {
            return told("the watermark is " + shown(age) + " old, which is longer than " + shown(rules.after()));
        }
        if (facts.failures() >= rules.afterFailures()) {
            return told("the last " + facts.failures() + " incremental runs of it failed");
        }
        if (facts.readWhole() == null) {
            return told("it was never read in full");
        }
        Duration sinceWhole = Duration.between(facts.readWhole(), facts.now());
        if (sinceWhole.compareTo(rules.every()) > 0) {
            return told("the last full read was " + shown(sinceWhole) + " ago, which is longer than " + shown(rules.every()));
        }
        return facts.remapped().isEmpty() ? Optional.empty() : told("the mapping has changed since the last full read: "
                + String.join(", ", new TreeSet<>(facts.remapped())));
    }

    private static Optional<String> told(String why) {
        return Optional.of("Read in full: " + why + ".");
    }

    private static String shown(Duration length) {
        return length.toDays() > 1 ? length.toDays() + " days" : length.toHours() > 1 ? length.toHours() + " hours" : length.toSeconds() + " seconds";
    }

    private Facts facts(Run run, EntityConfig entity) {
        Set<String> remapped = mappings.changedSinceWholeRead(run.sync(), entity, run.organisation());
        return sql.sql("""
                with earlier as (
                    select r.id, r.mode, r.started_at, r.dry_run, e.whole, e.complete, e.state from syncline.run r join syncline.run_entity e on e.run_id = r.id
                    where r.sync = :sync and r.organisation = :organisation and e.entity = :entity and r.mode in ('full', 'incremental') and r.id < :run)
                select clock_timestamp() as now,
                       (select coalesce(r.started_at, r.requested_at) from syncline.watermark w join syncline.run r on r.id = w.run_id
                        where w.sync = :sync and w.organisation = :organisation and w.entity = :entity and w.side = :side) as marked,
                       (select started_at from earlier where whole and complete and state = 'published' order by id desc limit 1) as read_whole,
                       (select count(*) from earlier where mode = 'incremental' and state = 'failed' and not dry_run
                        and id > coalesce((select id from earlier where state = 'published' order by id desc limit 1), 0)) as failures""")
                .param("sync", run.sync().name()).param("organisation", run.organisation()).param("entity", entity.name()).param("side", run.sync().side())
                .param("run", run.id())
                .query((row, n) -> new Facts(instant(row, "now"), instant(row, "marked"), instant(row, "read_whole"), row.getInt("failures"), remapped))
                .single();
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

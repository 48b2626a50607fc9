package io.syncline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.change.Outcome;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which dry runs' plans are kept, and for how long. A plan that is being applied stays until that is over. */
@Component
class KeptPlans {
    /** Plans of a sync and organisation; the next one takes the oldest one's place. */
    private static final int MOST = 3;
    private static final String UNUSED = "not exists (select from syncline.run a where a.applies = p.run_id and a.finished_at is null)";

    private final JdbcClient sql;
    private final ObjectMapper json;
    private final Duration keep;

    /** @param keep {@code syncline.preview.keep}: how long a plan can be looked at and applied; 1 h unless set */
    KeptPlans(JdbcClient sql, ObjectMapper json, @Value("${syncline.preview.keep:1h}") Duration keep) {
        this.sql = sql;
        this.json = json;
        this.keep = keep;
    }

    /** A dry run has ended; in the transaction that ends it. */
    void keep(Run run, Map<String, Map<Outcome, Long>> counts) {
        sql.sql("""
                insert into syncline.plan (run_id, sync, organisation, epoch, counts, kept_at, expires_at)
                select id, sync, organisation, epoch, ?::jsonb, finished_at, finished_at + ?::interval from syncline.run where id = ?""")
                .params(print(counts), keep.toString(), run.id()).update();
        sql.sql("update syncline.plan p set ended_at = clock_timestamp(), ended_how = 'replaced' where p.sync = :sync and p.organisation = :organisation"
                + " and p.ended_at is null and "
                        + UNUSED + " and p.run_id not in (select k.run_id from syncline.plan k where k.sync = :sync and k.organisation = :organisation"
                        + " and k.ended_at is null"
                        + " order by k.kept_at desc, k.run_id desc limit :most)")
                .param("sync", run.sync().name()).param("organisation", run.organisation()).param("most", MOST).update();
    }

    private String print(Map<String, Map<Outcome, Long>> counts) {
        Map<String, Map<String, Long>> words = new TreeMap<>();
        counts.forEach((entity, each) -> each.forEach((outcome, count) -> words.computeIfAbsent(entity, none -> new TreeMap<>()).put(outcome.word(), count)));
        counts.keySet().forEach(entity -> words.computeIfAbsent(entity, none -> Map.of()));
        try {
            return json.writeValueAsString(words);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts are always JSON", e);
        }
    }

    boolean isKept(long run) {
        return sql.sql("select exists (select from syncline.plan where run_id = ? and ended_at is null)").param(run).query(Boolean.class).single();
    }

    /** The time of some plans is over; their staged rows are leftovers from now on. */
    void expire() {
        sql.sql("update syncline.plan p set ended_at = clock_timestamp(), ended_how = 'expired' where p.ended_at is null"
                + " and p.expires_at <= clock_timestamp() and "
                + UNUSED).update();
    }

    /** The entities of the plan that a run applies: those that the dry run could read. */
    Set<String> entities(Run applying) {
        return new HashSet<>(sql.sql("""
                select e.entity from syncline.run a join syncline.run_entity e on e.run_id = a.applies and e.state = 'planned' where a.id = ?""")
                .param(applying.id()).query(String.class).list());
    }
}

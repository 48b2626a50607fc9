package io.syncline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.change.Outcome;
import io.syncline.store.StagedPage;
import io.syncline.store.Staging;
import org.apache.camel.Variable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.Arrays;

/** Keeps what a page led to: its staged changes and its counts, in one transaction. */
@Component("checkpoint")
public class Checkpoint {
    private final Staging staging;
    private final JdbcClient sql;
    private final ObjectMapper json;

    Checkpoint(Staging staging, JdbcClient sql, ObjectMapper json) {
        this.staging = staging;
        this.sql = sql;
        this.json = json;
    }

    public void keep(@Variable("pass") EntityPass pass, @Variable("work") PageWork work) {
        StagedPage page = new StagedPage(pass.run().id(), pass.sync(), pass.entity(), pass.organisation(), work.number(), work.tally().planned(), work.seen());
        staging.stage(page, () -> note(pass, work));
        if (work.origin().equals("source")) {
            pass.came(work.delivered(), work.tally().planned().stream().filter(change -> change.outcome() == Outcome.REJECTED).count());
        }
    }

    private void note(EntityPass pass, PageWork work) {
        sql.sql("""
                insert into syncline.run_page (run_id, entity, number, origin, delivered, counts, planned, resume) values (?, ?, ?, ?, ?, ?::jsonb, ?, ?)
                on conflict (run_id, entity, number) do update
                set origin = excluded.origin, delivered = excluded.delivered, counts = excluded.counts, planned = excluded.planned,
                    resume = excluded.resume, staged_at = clock_timestamp()""")
                .params(Arrays.asList(pass.run().id(), pass.entity().name(), work.number(), work.origin(), work.delivered(), counts(work),
                        work.tally().planned().size(), work.resume()))
                .update();
    }

    private String counts(PageWork work) {
        try {
            return json.writeValueAsString(work.tally().counts());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts are always JSON", e);
        }
    }
}

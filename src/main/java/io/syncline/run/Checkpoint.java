package io.syncline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.syncline.change.Outcome;
import io.syncline.store.StagedPage;
import io.syncline.store.Staging;
import org.apache.camel.Variable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Keeps what a page led to, in one transaction: its staged changes, its counts, and how far the entity has come with it. */
@Component("checkpoint")
public class Checkpoint {
    private static final String NOTE = """
            with noted as (
                insert into syncline.run_page (run_id, entity, number, origin, delivered, counts, planned, resume, progress, total)
                values (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?::jsonb, ?)
                on conflict (run_id, entity, number) do update
                set origin = excluded.origin, delivered = excluded.delivered, counts = excluded.counts, planned = excluded.planned,
                    resume = excluded.resume, progress = excluded.progress, total = excluded.total,
                    staged_at = clock_timestamp())
            """;

    /** Of a run for records: what became of those that needed no staging. */
    private static final String COUNTED = """
            , counted as (
                update syncline.run_record r set outcome = o.outcome
                from (select cast(? as bigint) as run, unnest(?::text[]) as key, unnest(?::text[]) as outcome) o
                where r.run_id = o.run and r.key = o.key)
            """;

    private final Staging staging;
    private final ObjectWriter counts;
    private final ObjectWriter progress;
    private final RunLedger ledger;

    Checkpoint(Staging staging, ObjectMapper json, RunLedger ledger) {
        this.staging = staging;
        this.counts = json.writerFor(new TypeReference<Map<Outcome, Integer>>() { });
        this.progress = json.writerFor(Progress.class);
        this.ledger = ledger;
    }

    public void keep(@Variable("pass") EntityPass pass, @Variable("work") PageWork work) {
        StagedPage page = new StagedPage(pass.run().id(), pass.sync(), pass.entity(), pass.organisation(), work.number(), work.tally().planned(), work.seen());
        if (work.origin().equals("source")) {
            pass.came(work.delivered(), work.tally().planned().stream().filter(change -> change.outcome() == Outcome.REJECTED).count());
        }
        staging.stage(page, () -> {
            List<Object> noted = new ArrayList<>(Arrays.asList(pass.run().id(), pass.entity().name(), work.number(), work.origin(), work.delivered(),
                    print(counts, work.tally().counts()), work.tally().planned().size(), work.resume(), print(progress, pass.progress()), pass.total()));
            Map<String, Outcome> counted = work.tally().named();
            if (!counted.isEmpty()) {
                noted.addAll(List.of(pass.run().id(), counted.keySet().toArray(String[]::new),
                        counted.values().stream().map(Outcome::word).toArray(String[]::new)));
            }
            ledger.guardStaged(pass.run(), counted.isEmpty() ? NOTE : NOTE + COUNTED, noted);
        });
    }

    private static String print(ObjectWriter json, Object kept) {
        try {
            return json.writeValueAsString(kept);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts and progress are always JSON", e);
        }
    }
}

package io.syncline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.record.Confirmation;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.store.Brake;
import io.syncline.store.Comparisons;
import io.syncline.store.Comparisons.Compared;
import io.syncline.store.Comparisons.Kept;
import io.syncline.store.Finding;
import io.syncline.store.StagedPage;
import io.syncline.store.Staging;
import org.apache.camel.Variable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Compares the pages of a run with the table, then the table's rows with the pages. Each method is one step of {@code routes/verify.yaml}. */
@Component("comparing")
public class Comparing {
    private static final int BATCH = 100;

    private final Comparisons comparisons;
    private final Staging staging;
    private final Brake brake;
    private final RunLedger ledger;
    private final JdbcClient sql;
    private final ObjectMapper json;

    Comparing(Comparisons comparisons, Staging staging, Brake brake, RunLedger ledger, JdbcClient sql, ObjectMapper json) {
        this.ledger = ledger;
        this.comparisons = comparisons;
        this.staging = staging;
        this.brake = brake;
        this.sql = sql;
        this.json = json;
    }

    /** A page of the source. */
    public void page(@Variable("pass") EntityPass pass, @Variable("page") Page page) {
        pass.read(page);
        Findings found = new Findings(pass, "source", page.records().size());
        Map<String, Observed> latest = Judge.latestOfEachKey(page.records(), older -> found.count(Finding.REPEATED));
        for (Observed observed : page.records()) {
            if (observed.key() == null) {
                pass.foundWithoutKey();
                found.keep(new Kept("page " + found.number + " " + found.kept.size(), null, Finding.REJECTED, observed, why(observed)));
            }
        }
        found.add(compared(pass, latest));
        found.keep();
    }

    private List<Compared> compared(EntityPass pass, Map<String, Observed> records) {
        return comparisons.compare(pass.run().id(), pass.sync(), pass.entity(), pass.organisation(), records.values());
    }

    private static String why(Observed observed) {
        return observed.isFit() ? null : String.join("; ", observed.problems());
    }

    /** The next live rows that a whole read did not show; when there are none left, the search is over. */
    public UnseenRows nextUnseen(EntityPass pass) {
        List<String> keys = comparisons.unseen(pass.run().id(), pass.sync(), pass.entity(), pass.organisation(), pass.lastAbsentKey(), BATCH);
        if (keys.size() < BATCH) {
            pass.absencesDone();
        } else {
            pass.goOnAfter(keys.get(keys.size() - 1));
        }
        boolean tooMany = pass.isEmpty() || pass.goneForCertain() > 0
                && pass.goneForCertain() > brake.most(pass.sync(), pass.entity(), pass.organisation());
        if (tooMany && !keys.isEmpty()) {
            pass.tell("So many rows are not at the source that the source was not asked for each of them.");
        }
        return new UnseenRows(keys, tooMany);
    }

    /** Unseen rows: those that the source has after all are compared, the others are extra, and of those that are unclear nothing is said. */
    public void unseen(@Variable("pass") EntityPass pass, @Variable("unseen") UnseenRows unseen, @Variable("found") Confirmation there) {
        List<String> clear = unseen.keys().stream().filter(key -> !there.unclear().contains(key)).toList();
        Findings found = new Findings(pass, "absence", clear.size());
        clear.stream().filter(key -> !there.there().containsKey(key)).forEach(key -> found.keep(new Kept("key " + key, key, Finding.EXTRA, null, null)));
        pass.countGone(found.kept.size());
        if (!there.there().isEmpty()) {
            found.add(compared(pass, there.there()));
        }
        if (there.problem() != null) {
            pass.tellSome("Not shown by the source, which does not say either whether they are gone: ", Judge.shown(there.unclear()) + ". " + there.problem());
        }
        found.keep();
    }

    /** Everything was read: looks again at what was found apart, and adds what only the table has. */
    public void lookAgain(@Variable("pass") EntityPass pass) {
        comparisons.lookAgain(pass.run().id(), pass.sync(), pass.entity(), pass.organisation());
        int page = pass.nextPage();
        staging.stage(new StagedPage(pass.run().id(), pass.sync(), pass.entity(), pass.organisation(), page, List.of(), new long[0]), () -> {
            comparisons.forget(pass.run().id(), pass.entity(), page);
            int rows = comparisons.addNeverPushed(pass.run().id(), pass.sync(), pass.entity(), pass.organisation(), page)
                    + comparisons.addWrittenAfterDeletion(pass.run().id(), pass.sync(), pass.entity(), pass.organisation(), page);
            note(pass, page, "absence", rows, Map.of(), rows);
            ledger.guardStaged(pass.run());
        });
    }

    private void note(EntityPass pass, int number, String origin, int delivered, Map<Finding, Integer> counts, int kept) {
        try {
            sql.sql("""
                    insert into syncline.run_page (run_id, entity, number, origin, delivered, counts, planned, total)
                    values (?, ?, ?, ?, ?, ?::jsonb, ?, ?)
                    on conflict (run_id, entity, number) do update
                    set delivered = excluded.delivered, counts = excluded.counts, planned = excluded.planned, total = excluded.total""")
                    .params(Arrays.asList(pass.run().id(), pass.entity().name(), number, origin, delivered, json.writeValueAsString(counts), kept,
                            pass.total())).update();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts are always JSON", e);
        }
    }

    /** What was found on a page, on its way into the unlogged tables and the checkpoint. */
    private final class Findings {
        private final EntityPass pass;
        private final String origin;
        private final int delivered;
        private final int number;
        private final Map<Finding, Integer> counts = new EnumMap<>(Finding.class);
        private final List<Kept> kept = new ArrayList<>();
        private final List<Compared> matchedAgain = new ArrayList<>();
        private final List<Long> rows = new ArrayList<>();

        Findings(EntityPass pass, String origin, int delivered) {
            this.pass = pass;
            this.origin = origin;
            this.delivered = delivered;
            this.number = pass.nextPage();
        }

        void count(Finding finding) {
            counts.merge(finding, 1, Integer::sum);
        }

        void keep(Kept one) {
            kept.add(one);
        }

        void add(List<Compared> compared) {
            for (Compared each : compared) {
                if (each.row() != null && !each.again()) {
                    rows.add(each.row());
                }
                if (each.finding() != Finding.MATCHED) {
                    kept.add(new Kept("key " + each.observed().key(), each.observed().key(), each.finding(), each.observed(), why(each.observed())));
                } else if (each.again()) {
                    matchedAgain.add(each);
                    count(Finding.REPEATED);
                } else {
                    count(Finding.MATCHED);
                }
            }
        }

        void keep() {
            long run = pass.run().id();
            long[] seen = rows.stream().filter(Objects::nonNull).mapToLong(Long::longValue).toArray();
            staging.stage(new StagedPage(run, pass.sync(), pass.entity(), pass.organisation(), number, List.of(), seen), () -> {
                comparisons.forget(run, pass.entity(), number);
                comparisons.keepRows(run, pass.entity(), number, seen);
                matchedAgain.forEach(each -> comparisons.shownAgain(run, pass.entity(), "key " + each.observed().key(), each.observed()));
                int fresh = comparisons.keep(run, pass.entity(), number, kept);
                if (fresh < kept.size()) {
                    counts.merge(Finding.REPEATED, kept.size() - fresh, Integer::sum);
                }
                note(pass, number, origin, delivered, counts, fresh);
                ledger.guardStaged(pass.run());
            });
        }
    }
}

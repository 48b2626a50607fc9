package io.syncline.run;

import io.syncline.config.EntityConfig;
import io.syncline.record.Document;
import io.syncline.store.Comparisons;
import io.syncline.store.Finding;
import io.syncline.store.Staging;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Ends a comparison with its report: per entity what was found, how often, and up to ten examples of each with why. */
@Component("verdict")
public class Verdict {
    private final Comparisons comparisons;
    private final Staging staging;
    private final RunLedger ledger;
    private final Reports reports;
    private final JdbcClient sql;
    private final TransactionTemplate transaction;

    Verdict(Comparisons comparisons, Staging staging, RunLedger ledger, Reports reports, JdbcClient sql, TransactionTemplate transaction) {
        this.comparisons = comparisons;
        this.staging = staging;
        this.ledger = ledger;
        this.reports = reports;
        this.sql = sql;
        this.transaction = transaction;
    }

    /**
     * What was found of one entity.
     *
     * @param counts of what was kept; the rest is counted page by page
     */
    record Found(Map<Finding, Long> counts, List<Example> examples) {
    }

    /** @param fields those in which the source and the table differ */
    record Example(String key, String finding, List<String> fields, String why) {
    }

    /**
     * A comparison whose findings are lost must not be taken for one that found nothing.
     *
     * @throws NothingToPublish when no entity could be read
     * @throws Halt             when the run stops here
     */
    public void give(Run run, List<EntityPass> passes) {
        Halt.where(passes);
        List<EntityPass> read = passes.stream().filter(pass -> !pass.isFailed()).toList();
        if (read.isEmpty()) {
            throw new NothingToPublish(passes.stream().map(pass -> pass.entity().name() + ": " + String.join(" ", pass.reasons()))
                    .collect(Collectors.joining("\n")));
        }
        Map<String, Found> found = new LinkedHashMap<>();
        read.forEach(pass -> found.put(pass.entity().name(), new Found(comparisons.counts(run.id(), pass.entity()), examples(run, pass.entity()))));
        transaction.executeWithoutResult(status -> {
            ledger.guardStaged(run);
            staging.requireKept(run.id());
            read.forEach(pass -> sql.sql("update syncline.run_entity set state = 'compared', reasons = ? where run_id = ? and entity = ?")
                    .params(pass.reasons().toArray(String[]::new), run.id(), pass.entity().name()).update());
            ledger.end(run, read.size() == passes.size() ? "compared" : "partial", null, null);
            reports.announce(run, reports.write(run.id(), found));
        });
    }

    private List<Example> examples(Run run, EntityConfig entity) {
        return comparisons.examples(run.id(), run.sync(), entity, run.organisation()).stream()
                .map(example -> new Example(example.key(), example.finding().word(), fields(entity, example), why(example))).toList();
    }

    private static List<String> fields(EntityConfig entity, Comparisons.Example example) {
        boolean both = example.document() != null && example.said() != null && example.row().live();
        return both ? entity.shape().difference(Document.stored(example.document()), Document.stored(example.said())) : List.of();
    }

    private static String why(Comparisons.Example example) {
        List<String> why = new ArrayList<>();
        if (example.finding() == Finding.MOVED) {
            why.add("changed while it was compared; verify again");
        }
        Comparisons.Row row = example.row();
        if (row != null && row.problem() != null) {
            why.add("the row's columns do not say what its document says: it " + row.problem());
        }
        if (row != null && row.conflict()) {
            why.add("an open conflict");
        } else if (row != null && row.edited()) {
            why.add((row.deletedHere() ? "deleted here" : "edited here") + ", waits to be pushed");
        }
        if (example.aside() != null) {
            why.add(example.finding() == Finding.REJECTED || row == null && example.key() == null ? example.aside() : "set aside: " + example.aside());
        }
        return why.isEmpty() ? otherwise(example) : String.join("; ", why);
    }

    private static String otherwise(Comparisons.Example example) {
        return switch (example.finding()) {
            case DIFFERENT -> "changed at the source since it was last read";
            case MISSING -> example.row() == null ? "without a row: new at the source since it was last read, or its row was removed around the journal"
                    : "at the source again since it was last read";
            case EXTRA -> "gone at the source since it was last read";
            default -> "";
        };
    }
}

package io.syncline.run;

import io.syncline.store.PlanRows;
import io.syncline.store.Selection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the chosen rows of a kept plan the plan of the run that applies it. */
@Component("applying")
public class Applying {
    /** Promise 26: of the rows that are set aside, so many are named for each entity. */
    private static final int NAMED = 100;

    private final JdbcClient sql;
    private final PlanRows rows;
    private final RunLedger ledger;
    private final TransactionTemplate transaction;

    Applying(JdbcClient sql, PlanRows rows, RunLedger ledger, TransactionTemplate transaction) {
        this.sql = sql;
        this.rows = rows;
        this.ledger = ledger;
        this.transaction = transaction;
    }

    private record Applied(long plan, Selection selection) {
    }

    /**
     * Copies the rows, all or none. One checkpoint for each entity says that they are staged, so that a publish notices when PostgreSQL has lost them.
     *
     * @throws PlanGone when the plan is not kept any more
     */
    public void choose(Run run, List<EntityPass> passes) {
        transaction.executeWithoutResult(status -> {
            Applied chosen = sql.sql("select applies, selection from syncline.run where id = ?").param(run.id())
                    .query((row, n) -> new Applied(row.getLong(1), Chosen.read(row.getString(2)))).single();
            boolean kept = sql.sql("select true from syncline.plan where run_id = ? and ended_at is null for share").param(chosen.plan()).query(Boolean.class)
                    .optional()
                    .isPresent();
            if (!kept || rows.isLost(chosen.plan())) {
                throw new PlanGone("The plan of run " + chosen.plan() + " is not kept any more. Nothing was applied; ask for a new preview.");
            }
            for (EntityPass pass : passes) {
                long count = rows.choose(run.id(), chosen.plan(), run.sync(), pass.entity(), run.organisation(), chosen.selection());
                sql.sql("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts, planned) values (?, ?, 1, 'plan', ?, '{}', ?)")
                        .params(run.id(), pass.entity().name(), count, count).update();
            }
            ledger.guardStaged(run);
        });
    }

    /** By entity, rows that were not applied, and why. */
    Map<String, List<PlanRows.Named>> setAside(Run run, List<EntityPass> passes) {
        Map<String, List<PlanRows.Named>> named = new LinkedHashMap<>();
        passes.forEach(pass -> named.put(pass.entity().name(), rows.setAside(run.id(), run.sync(), pass.entity(), NAMED)));
        return named;
    }
}

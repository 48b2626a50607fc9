package io.syncline.run;

import io.syncline.store.Reversal;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.List;

/** Plans to take back what a run published; promise 19: only as a change that goes forward, once somebody applies that plan. */
@Component("reverting")
public class Reverting {
    private final JdbcClient sql;
    private final Reversal reversal;
    private final RunLedger ledger;
    private final TransactionTemplate transaction;

    Reverting(JdbcClient sql, Reversal reversal, RunLedger ledger, TransactionTemplate transaction) {
        this.sql = sql;
        this.reversal = reversal;
        this.ledger = ledger;
        this.transaction = transaction;
    }

    /** Stages the plan, all of it or nothing, each entity as one page. */
    public void plan(Run run, List<EntityPass> passes) {
        transaction.executeWithoutResult(status -> {
            long snapshot = sql.sql("select o.snapshot_id from syncline.run r join syncline.run o on o.id = r.rolls_back where r.id = ?").param(run.id())
                    .query(Long.class).single();
            for (EntityPass pass : passes) {
                long rows = reversal.stage(run.id(), snapshot, run.sync(), pass.entity(), run.organisation());
                sql.sql("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts, planned) values (?, ?, 1, 'plan', ?, '{}', ?)")
                        .params(run.id(), pass.entity().name(), rows, rows).update();
            }
            ledger.guardStaged(run);
        });
    }
}

package io.syncline.store;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * While somebody decides about records of an organisation nothing that they said is removed, and while something is removed nobody decides: else a decision
 * could point to a version that lost its content in that very moment. The row is the one that the ledger of decisions is appended to under.
 */
@Component
public final class DecisionTurns {
    private final JdbcClient sql;

    DecisionTurns(JdbcClient sql) {
        this.sql = sql;
    }

    /** The turn is the caller's until its transaction ends. */
    public void take(String organisation) {
        sql.sql("insert into syncline.ledger_turn (subject, organisation) values ('decision', ?) on conflict do nothing").param(organisation).update();
        sql.sql("select 1 from syncline.ledger_turn where subject = 'decision' and organisation = ? for update").param(organisation)
                .query(Integer.class).single();
    }
}

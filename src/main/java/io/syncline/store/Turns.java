package io.syncline.store;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Publishes of one sync and organisation come one after the other, and long runs begin between them. What they wait for is a row that people who read by SQL
 * have no right to lock; a wait ends with the transaction that made others wait, or after ten minutes.
 */
@Component
public final class Turns {
    private static final String PATIENCE = "10min";
    private static final String ROW = "with patience as materialized (select set_config('lock_timeout', '" + PATIENCE + "', true))"
            + " select from syncline.turn t, patience where t.sync = ? and t.organisation = ? for %s of t";

    private final JdbcTemplate jdbc;

    public Turns(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The turn is the caller's until its transaction ends.
     *
     * @throws PublishFailure when somebody else has it for too long
     */
    void take(String sync, String organisation) {
        wait(sync, organisation, "update");
    }

    /**
     * No publish begins until the caller's transaction ends, and none is under way.
     *
     * @throws PublishFailure when one is under way for too long
     */
    public void between(String sync, String organisation) {
        wait(sync, organisation, "share");
    }

    private void wait(String sync, String organisation, String strength) {
        try {
            if (!lock(sync, organisation, strength)) {
                jdbc.execute("set local lock_timeout = '" + PATIENCE + "'");
                jdbc.update("insert into syncline.turn (sync, organisation) values (?, ?) on conflict do nothing", sync, organisation);
                lock(sync, organisation, strength);
            }
        } catch (DataAccessException e) {
            if (!DatabaseTrouble.isLocked(e)) {
                throw e;
            }
            throw new PublishFailure("Another publish of " + sync + " has been under way for more than ten minutes. Look in pg_stat_activity for what holds"
                    + " it up, end that and run again.", e);
        }
    }

    private boolean lock(String sync, String organisation, String strength) {
        return !jdbc.queryForList(ROW.formatted(strength), sync, organisation).isEmpty();
    }
}

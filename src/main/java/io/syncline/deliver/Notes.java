package io.syncline.deliver;

import io.syncline.record.Observed;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.source.Sent;
import io.syncline.store.EntityTable;
import io.syncline.store.Outbox;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Notes what came of a claim, unless the claim has ended meanwhile and another worker has the entry. Each method is a step of {@code routes/deliver.yaml}. */
@Component("pushNotes")
public class Notes {
    private static final String TRIGGER = "push";
    private static final String FREE = ", claimed_by = null, claimed_until = null where id = :id and fence = :fence and state in ('sending', 'unclear')";

    private final JdbcClient sql;
    private final Delay delay;
    private final Bars bars;

    Notes(JdbcClient sql, Delay delay, Bars bars) {
        this.sql = sql;
        this.delay = delay;
        this.bars = bars;
    }

    /** What the system answered is kept, and becomes true in the next publish. */
    public void answered(Claim claim, Sent.Taken taken) {
        Observed answered = taken.answered();
        note(claim, Outbox.answered()).param("key", answered == null ? null : answered.key())
                .param("document", answered == null || answered.document() == null ? null : answered.document().text())
                .param("hash", answered == null || answered.document() == null ? null : answered.hash())
                .param("version", answered == null ? null : answered.version())
                .param("modified", answered == null || answered.modifiedAt() == null ? null : answered.modifiedAt().atOffset(ZoneOffset.UTC))
                .param("deleted", answered == null || answered.deleted()).update();
    }

    /** Nothing arrived. */
    public void postpone(Claim claim, Sent.NotSent not) {
        note(claim, "state = 'waiting', first_sent_at = null, next_attempt_at = :again, reason = :why")
                .param("again", in(not.retryAfter() == null ? delay.after(claim.attempts() + 1) : Bars.rest(not))).param("why", not.why()).update();
    }

    /**
     * Promise 13: the record is not as agreed, so nothing was written over it.
     *
     * @return what has it read and judged; the publish that does so puts another entry in this one's place
     */
    public RunRequest moved(Claim claim, Sent.Moved moved) {
        note(claim, moved.gone() ? Outbox.goneThere() : Outbox.movedThere()).param("why", moved.why()).update();
        if (moved.gone()) {
            return Unsent.request(claim.sync(), claim.order().organisation(), TRIGGER);
        }
        return new RunRequest(claim.sync(), claim.order().organisation(), Mode.SINGLE, false, null, claim.order().entity().name(), claim.order().key(), TRIGGER,
                TRIGGER);
    }

    /** Promise 24: what the system does not want is never sent again by itself. Whatever it says, a record that leads nowhere may be why. */
    public void park(Claim claim, Sent.Refused refused) {
        EntityTable table = new EntityTable(claim.order().sync(), claim.order().entity());
        note(claim, "state = 'parked', first_sent_at = null, next_attempt_at = null, status = :status, reason = concat_ws(' ', :why, (select "
                + table.leadsNowhere("t") + " from " + table.name("table") + " t where t.row_id = push.row_id))").param("status", refused.status())
                .param("why", refused.words() == null || refused.words().isBlank() ? "The system refused it with status " + refused.status() + "."
                        : refused.words()).update();
    }

    /** The system lets nobody in, which has nothing to do with this entry. */
    public void bar(Claim claim, Sent.Barred why) {
        note(claim, "state = " + (claim.unclear() ? "'unclear'" : "'waiting', first_sent_at = null")
                + ", attempts = attempts - 1, next_attempt_at = :again, reason = :why").param("again", in(bars.barred())).param("why", why.why()).update();
    }

    /** Promise 12: it is looked up before anything is sent again. */
    public void unclear(Claim claim, Sent.Unclear unclear) {
        note(claim, "state = 'unclear', next_attempt_at = :again, reason = :why, answered_key = coalesce(:made, answered_key)")
                .param("again", in(delay.after(claim.attempts() + 1))).param("why", unclear.why()).param("made", unclear.made()).update();
    }

    /** Nothing tells whether it arrived; a person has to look. */
    public void leaveToPerson(Claim claim, Sent.CannotTell unknown) {
        note(claim, "state = 'unknown', next_attempt_at = null, reason = :why, answered_key = coalesce(:made, answered_key)").param("why", unknown.why())
                .param("made", unknown.made()).update();
    }

    private JdbcClient.StatementSpec note(Claim claim, String what) {
        return sql.sql("update syncline.push set " + what + FREE).param("id", claim.order().id()).param("fence", claim.fence());
    }

    private static OffsetDateTime in(Duration wait) {
        return OffsetDateTime.now(ZoneOffset.UTC).plus(wait);
    }
}

package io.syncline.deliver;

import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Until when nothing is sent to the system of a sync: what one record is told holds for all that is for it (promise 24). */
@Component
class Bars {
    private static final Logger LOG = LoggerFactory.getLogger(Bars.class);
    /** Whatever Retry-After says: a system that asks for more is asked again meanwhile, and one that asked for years by mistake is not left for years. */
    private static final Duration LONGEST_REST = Duration.ofHours(1);

    private final JdbcClient sql;
    private final Duration barred;

    /** @param barred {@code syncline.push.barred}: how long nothing is sent to a system that lets nobody in; 1 minute unless set */
    Bars(JdbcClient sql, @Value("${syncline.push.barred:1m}") Duration barred) {
        this.sql = sql;
        this.barred = barred;
    }

    boolean stands(WriteOrder order) {
        return sql.sql("select exists (select from syncline.push_bar where sync = ? and organisation = ? and until > clock_timestamp())")
                .params(order.sync().name(), order.organisation()).query(Boolean.class).single();
    }

    /** Raised before anybody else may send, where the system asks for time or lets nobody in. */
    void raise(WriteOrder order, Sent sent) {
        if (sent instanceof Sent.NotSent not && not.retryAfter() != null) {
            raise(order, not.why(), rest(not), false);
        } else if (sent instanceof Sent.Barred why) {
            raise(order, why.why(), barred, true);
            LOG.warn("Nothing is sent to {} for {} for a while: {}", order.sync().system(), order.sync().name(), why.why());
        }
    }

    /** How long the system is left alone that asked for time. */
    static Duration rest(Sent.NotSent not) {
        return not.retryAfter().compareTo(LONGEST_REST) > 0 ? LONGEST_REST : not.retryAfter();
    }

    /** How long the system is left alone that lets nobody in. */
    Duration barred() {
        return barred;
    }

    private void raise(WriteOrder order, String why, Duration rest, boolean letsNobodyIn) {
        sql.sql("""
                insert into syncline.push_bar (sync, organisation, why, since, until, lets_nobody_in) values (:sync, :organisation, :why, clock_timestamp(),
                    :until, :nobody)
                on conflict (sync, organisation) do update set why = excluded.why, lets_nobody_in = excluded.lets_nobody_in,
                    since = case when push_bar.until > clock_timestamp() - interval '10 seconds' then push_bar.since else excluded.since end,
                    until = greatest(excluded.until, push_bar.until)""").param("sync", order.sync().name()).param("organisation", order.organisation())
                .param("why", why).param("until", OffsetDateTime.now(ZoneOffset.UTC).plus(rest)).param("nobody", letsNobodyIn).update();
    }
}

package io.syncline.run;

import io.syncline.record.Answered;
import io.syncline.store.PlanCounts;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.stream.Collectors;

/** What became of each record of a run for records. One that cannot be asked for does not stop the others (promise 8). */
@Component("runRecords")
public class RunRecords {
    private final JdbcClient sql;
    private final PlanCounts plan;

    RunRecords(JdbcClient sql, PlanCounts plan) {
        this.sql = sql;
        this.plan = plan;
    }

    /**
     * Notes the records that the source could not be asked for.
     *
     * @throws UnansweredRecords when there is no other
     */
    public void note(EntityPass pass, Answered answered) {
        Map<String, String> failures = answered.failures();
        failures.forEach((key, failure) -> sql.sql("update syncline.run_record set failure = ? where run_id = ? and key = ?")
                .params(failure, pass.run().id(), key).update());
        if (failures.size() == pass.run().keys().size()) {
            throw new UnansweredRecords(failures.size() == 1 ? failures.values().iterator().next()
                    : failures.entrySet().stream().map(each -> each.getKey() + ": " + each.getValue()).collect(Collectors.joining("\n")));
        }
        failures.forEach(pass::leaveOut);
    }

    /** Promise 30: why a record that somebody asked for is not taken over. */
    void tellStale(EntityPass pass) {
        plan.whyStale(pass.run().id(), pass.sync(), pass.entity()).forEach((key, why) -> pass.tell(key + " stays as it was: " + why + "."));
    }

    /** Of records that were staged, once it is certain what becomes of them. */
    void settle(EntityPass pass) {
        if (pass.run().isSingle()) {
            Map<String, String> outcomes = plan.ofEach(pass.run().id(), pass.sync(), pass.entity());
            sql.sql("""
                    update syncline.run_record r set outcome = o.outcome from unnest(?::text[], ?::text[]) as o (key, outcome)
                    where r.run_id = ? and r.key = o.key""").params(outcomes.keySet().toArray(String[]::new), outcomes.values().toArray(String[]::new),
                    pass.run().id()).update();
        }
    }
}

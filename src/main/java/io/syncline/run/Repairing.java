package io.syncline.run;

import io.syncline.store.Unlike;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Map;

/** The steps that only a run which repairs makes. */
@Component("repairing")
public class Repairing {
    private static final int SHOWN = 10;

    private final Unlike unlike;

    Repairing(Unlike unlike) {
        this.unlike = unlike;
    }

    /** What is wrong with rows of these keys, by key. */
    public Map<String, String> problems(EntityPass pass, List<String> keys) {
        return unlike.of(pass.sync(), pass.entity(), pass.organisation(), keys);
    }

    /** Tells which rows the plan mends, and which stay as they are. */
    public void tell(Run run, List<EntityPass> passes) {
        for (EntityPass pass : passes) {
            long planned = unlike.plannedCount(run.id(), run.sync(), pass.entity());
            if (planned > 0) {
                pass.tell((run.dryRun() ? "To be mended" : "Mended")
                        + ", because they did not say what they should (what somebody wrote around the journal is kept in syncline.conflict): "
                        + shown(unlike.planned(run.id(), run.sync(), pass.entity(), SHOWN), planned) + ".");
            }
            List<String> left = unlike.left(run.id(), run.sync(), pass.entity(), run.organisation(), SHOWN + 1);
            if (!left.isEmpty()) {
                pass.tell("Not mended, although they do not say what they should: " + shown(left.subList(0, Math.min(SHOWN, left.size())), left.size()) + ".");
            }
        }
    }

    private static String shown(List<String> some, long all) {
        return String.join(", ", some) + (all > some.size() ? " and more" : "");
    }
}

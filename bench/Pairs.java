package bench;

import bench.Phase.Tally;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Passes of the limit program and of Syncline by turns, each pair on new tables: whoever goes first in one phase goes second in the next. After the load both
 * tables are vacuumed, as PostgreSQL does by itself within a minute, so that neither pays for that later. Every count is compared with what it has to be, and
 * at the end both hold the same records with the same hashes, or nothing is told.
 */
final class Pairs {
    private final Rig rig;
    private final int records;
    private boolean limitFirst;

    Pairs(Rig rig, int records) {
        this.rig = rig;
        this.records = records;
    }

    /** What one pair took. {@code allFirst} is the limit's pass without changes that reads all hashes before it begins. */
    record Pair(Map<Phase, Measured> limit, Map<Phase, Measured> syncline, Measured allFirst) {
    }

    Pair run(String sync) throws Exception {
        String schema = "limit_" + sync;
        rig.limit.order("new " + schema + " typed");
        rig.state(0);
        Map<Phase, Measured> limit = new EnumMap<>(Phase.class);
        Map<Phase, Measured> syncline = new EnumMap<>(Phase.class);
        Measured allFirst = null;
        for (Phase phase : Phase.values()) {
            rig.state(phase == Phase.CHANGED ? 1 : 0);
            Callable<?> ofLimit = () -> limit.put(phase, rig.measure(true, () -> limit(schema, "page", phase)));
            Callable<?> ofSyncline = () -> syncline.put(phase, rig.measure(false, () -> syncline(sync, phase)));
            limitFirst = !limitFirst;
            for (Callable<?> turn : limitFirst ? List.of(ofLimit, ofSyncline) : List.of(ofSyncline, ofLimit)) {
                turn.call();
            }
            if (phase == Phase.LOAD) {
                rig.sql("vacuum (analyze) " + schema + ".current, " + sync + ".items");
            } else if (phase == Phase.SAME) {
                allFirst = rig.measure(true, () -> limit(schema, "first", phase));
            }
        }
        compare(sync, schema);
        rig.sql("drop schema " + schema + " cascade");
        return new Pair(limit, syncline, allFirst);
    }

    String limit(String schema, String how, Phase phase) throws Exception {
        String answer = rig.limit.order("pass " + schema + " typed " + how);
        expect(phase.expected(records).toString(), answer, "the limit program");
        return answer;
    }

    Tally syncline(String sync, Phase phase) throws Exception {
        Tally counted = tally(rig.product.run("/api/sync/" + sync + "/full", null));
        expect(phase.expected(records).toString(), counted.toString(), "Syncline");
        return counted;
    }

    static Tally tally(JsonNode report) {
        JsonNode counts = report.path("entities").path(0).path("counts");
        return new Tally(counts.path("create").asInt(), counts.path("update").asInt(), counts.path("unchanged").asInt(), counts.path("delete").asInt());
    }

    static void expect(String expected, String counted, String who) {
        if (!expected.equals(counted)) {
            throw new IllegalStateException(who + " counted: " + counted + ", not: " + expected);
        }
    }

    /** The same keys with the same canonical documents, hashes and columns, and as many superseded versions. */
    private void compare(String sync, String schema) throws SQLException {
        List<String> same = new ArrayList<>(List.of("l.hash = s.hash", "l.document = s.document", "l.modified_on = s.sh_modified_on"));
        for (String field : Page.FIELDS) {
            same.add("l." + field + " is not distinct from s." + field);
        }
        long unlike = rig.number("select count(*) from (select * from " + schema + ".current where deleted_at is null) l full join (select * from " + sync
                + ".items where deleted_at is null) s on l.id = s.sh_id::bigint where (" + String.join(" and ", same) + ") is not true");
        long live = rig.number("select count(*) from " + schema + ".current where deleted_at is null");
        long versions = rig.number("select (select count(*) from " + schema + ".history) - (select count(*) from " + sync + ".items_history)");
        if (unlike != 0 || versions != 0 || live != records) {
            throw new IllegalStateException(unlike + " of " + live + " records are not the same in both, or the versions are not: " + versions);
        }
    }
}

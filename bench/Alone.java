package bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All phases by Syncline alone, each round on new tables, which are vacuumed after the load. Every count is compared with what it has to be. */
final class Alone {
    private final Rig rig;
    private final Source source;
    private final Pairs work;

    Alone(Rig rig, int records, Source source) {
        this.rig = rig;
        this.source = source;
        work = new Pairs(rig, records);
    }

    /** What is read. */
    interface Source {
        void put(boolean isChanged) throws Exception;
    }

    List<Map<Phase, Measured>> rounds(List<String> syncs) throws Exception {
        List<Map<Phase, Measured>> rounds = new ArrayList<>();
        for (String sync : syncs) {
            Map<Phase, Measured> round = new EnumMap<>(Phase.class);
            for (Phase phase : Phase.values()) {
                source.put(phase == Phase.CHANGED);
                round.put(phase, rig.measure(false, () -> work.syncline(sync, phase)));
                if (phase == Phase.LOAD) {
                    rig.sql("vacuum (analyze) " + sync + ".items");
                }
            }
            rounds.add(round);
        }
        return rounds;
    }
}

package bench;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How often all phases are done with so many records: a first time with new processes, until these are warm, and then as often as was asked for. Only after
 * {@value #WARM} records is a process warm: until then most of its time goes into compiling itself.
 */
record Rounds(int records, int warmUps, int counted) {
    private static final int WARM = 1_200_000;
    private static final int MOST_WARM_UPS = 40;

    /** @param asked with 1 there is only the first one */
    static Rounds of(int records, int asked) {
        return asked == 1 ? new Rounds(records, 0, 0) : new Rounds(records, Math.max(0, Math.min(MOST_WARM_UPS, WARM / handled(records) - 1)), asked);
    }

    private static int handled(int records) {
        return Phase.values().length * records;
    }

    /** A sync of its own for each of them, as each begins with new tables. */
    List<String> syncs(String letter) {
        return IntStream.range(0, 1 + warmUps + counted).mapToObj(each -> letter + each).toList();
    }

    <T> List<T> cold(List<T> all) {
        return all.subList(0, 1);
    }

    /** Empty where there is only the first one. */
    <T> List<T> warm(List<T> all) {
        return all.subList(1 + warmUps, all.size());
    }

    /** Those that count: the warm ones, or the only one. */
    <T> List<T> best(List<T> all) {
        return counted == 0 ? cold(all) : warm(all);
    }

    String said(String what) {
        return counted == 0 ? "cold, the first of new processes"
                : "medians of %d %s after %,d records".formatted(counted, what, handled(records) * (1 + warmUps));
    }
}

package bench;

import bench.History.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints what a record costs where there are more of them, and where more snapshots lie behind them. Ratios are to the first row. */
final class Growth {
    private static final double MEGABYTE = 1024 * 1024;
    private static final double MICROS = 1e6;

    private final Map<Integer, List<Map<Phase, Measured>>> bySize = new TreeMap<>();
    private final List<String> said = new ArrayList<>();

    void add(Rounds rounds, List<Map<Phase, Measured>> measured) {
        bySize.put(rounds.records(), rounds.best(measured));
        said.add("%,d records: %s.".formatted(rounds.records(), rounds.said("rounds")));
    }

    void print() {
        System.out.printf("%n### What a record costs where there are more of them%n%n%s%nRatios are to the first row of the phase.%n%n",
                String.join("%n".formatted(), said));
        System.out.println("| phase | records | a second | ratio | Java, µs a record | PostgreSQL, µs | both, ratio | log, bytes a record "
                + "| most memory in MB: Syncline | alive in its heap | PostgreSQL |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (Phase phase : Phase.values()) {
            Each first = null;
            for (Map.Entry<Integer, List<Map<Phase, Measured>>> size : bySize.entrySet()) {
                List<Measured> passes = size.getValue().stream().map(round -> round.get(phase)).toList();
                Each each = Each.of(size.getKey(), passes);
                first = first == null ? each : first;
                System.out.printf("| %s | %,d | %,.0f | %.2f | %.1f | %.1f | %.2f | %,.0f | %.0f | %s | %.0f |%n", phase.title, size.getKey(), each.aSecond,
                        each.aSecond / first.aSecond, each.java, each.postgres, each.processor() / first.processor(), each.log,
                        Report.most(passes, Measured::memory), Report.alive(passes), Report.most(passes, Measured::postgresMemory));
            }
        }
        System.out.flush();
    }

    static void print(int records, List<Found> found) {
        int passes = found.stream().mapToInt(each -> each.same().size()).max().orElseThrow();
        System.out.printf("%n### %,d records with more and more snapshots behind them%n%n", records);
        System.out.printf("Passes: medians of at most %d. Each snapshot brought 1 %% updated, 0.5 %% new, 0.5 %% deleted; deleted records keep their row. "
                + "Ratios, in brackets, are to the first row.%n%n", passes);
        System.out.println("| snapshots | no change, a second | Java + PostgreSQL, µs a record | changed, a second | Java + PostgreSQL, µs a record "
                + "| its log, MB | preview (dry run), s |");
        System.out.println("|---|---|---|---|---|---|---|");
        Found first = found.get(0);
        for (Found each : found) {
            System.out.printf("| %d | %s | %s | %.1f | %s |%n", each.snapshots(), passes(records, each.same(), first.same()),
                    passes(records, each.changed(), first.changed()), Report.median(each.changed(), Measured::log) / MEGABYTE,
                    ratio(2, each.preview(), first.preview()));
        }
        System.out.printf("%nMilliseconds, medians; as it was means as of the first snapshot:%n%n");
        System.out.println("| snapshots | 50 records of the list | 50 rows of the preview | one record as it was | 50 records as they were "
                + "| all records as they were |");
        System.out.println("|---|---|---|---|---|---|");
        for (Found each : found) {
            System.out.printf("| %d ", each.snapshots());
            for (int i = 0; i < each.looks().length; i++) {
                System.out.printf("| %s ", ratio(1, each.looks()[i], first.looks()[i]));
            }
            System.out.printf("| %s |%n", ratio(0, 1000 * each.all(), 1000 * first.all()));
        }
        System.out.printf("%n| snapshots | rows, with deleted ones | MB with indexes | versions in history | MB with indexes | bytes a version |%n"
                + "|---|---|---|---|---|---|%n");
        for (Found each : found) {
            long[] tables = each.tables();
            System.out.printf("| %d | %,d | %.1f | %,d | %.1f | %s |%n", each.snapshots(), tables[0], tables[1] / MEGABYTE, tables[2], tables[3] / MEGABYTE,
                    tables[2] == 0 ? "" : "%,d".formatted(tables[3] / tables[2]));
        }
        System.out.flush();
    }

    private static String passes(int records, List<Measured> passes, List<Measured> first) {
        Each each = Each.of(records, passes);
        Each one = Each.of(records, first);
        return "%,.0f (%.2f) | %.1f + %.1f (%.2f)".formatted(each.aSecond, each.aSecond / one.aSecond, each.java, each.postgres,
                each.processor() / one.processor());
    }

    private static String ratio(int digits, double each, double first) {
        return ("%." + digits + "f (%.2f)").formatted(each, each / first);
    }

    /** What a record takes: microseconds of processor time, bytes of log. */
    private record Each(double aSecond, double java, double postgres, double log) {
        static Each of(int records, List<Measured> passes) {
            return new Each(Report.median(passes, pass -> records / pass.seconds()), Report.mean(passes, Measured::own) * MICROS / records,
                    Report.mean(passes, Measured::postgres) * MICROS / records, Report.median(passes, Measured::log) / records);
        }

        double processor() {
            return java + postgres;
        }
    }
}

package bench;

import bench.Pairs.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Prints what was measured. */
final class Report {
    private static final double MEGABYTE = 1024 * 1024;

    private Report() {
    }

    static void machine() throws IOException {
        Path load = Path.of("/proc/loadavg");
        String average = Files.exists(load) ? Files.readString(load).replaceAll("^((\\S+ ){3}).*\\s*", "$1").strip() : "unknown";
        System.out.printf("%n%s, %d processors, load average %s, Java %s%n", Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(), average, Runtime.version());
    }

    static void pairs(String title, int records, List<Pair> pairs) {
        System.out.printf("%n### %s%n%n", title);
        System.out.println("| phase | limit/s | Syncline/s | ratio | least to most | processor s: limit + PostgreSQL | Syncline + PostgreSQL | ratio "
                + "| log MB: limit | Syncline |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (Phase phase : Phase.values()) {
            line(phase.title, records, pairs.stream().map(pair -> pair.limit().get(phase)).toList(),
                    pairs.stream().map(pair -> pair.syncline().get(phase)).toList());
        }
        line("no change, limit reads all hashes first", records, pairs.stream().map(Pair::allFirst).toList(),
                pairs.stream().map(pair -> pair.syncline().get(Phase.SAME)).toList());
        System.out.printf("%n| most memory in MB | limit | PostgreSQL | Syncline | PostgreSQL | page server | its processor s |%n"
                + "|---|---|---|---|---|---|---|%n");
        for (Phase phase : Phase.values()) {
            List<Measured> limit = pairs.stream().map(pair -> pair.limit().get(phase)).toList();
            List<Measured> syncline = pairs.stream().map(pair -> pair.syncline().get(phase)).toList();
            System.out.printf("| %s | %.0f | %.0f | %.0f | %.0f | %.0f | %.2f |%n", phase.title, most(limit, Measured::memory),
                    most(limit, Measured::postgresMemory), most(syncline, Measured::memory), most(syncline, Measured::postgresMemory),
                    most(syncline, Measured::serverMemory), mean(syncline, Measured::server));
        }
        System.out.flush();
    }

    /** Begins a table of what was done often. */
    static void times(String title) {
        System.out.printf("%n### %s%n%n| | median | nine of ten within | times |%n|---|---|---|---|%n", title);
    }

    /** Begins a table of what was done once. */
    static void passes(String title) {
        System.out.printf("%n### %s%n%n| | seconds | a second |%n|---|---|---|%n", title);
    }

    static void pass(String what, int records, double seconds) {
        System.out.printf("| %s | %.2f | %,.0f |%n", what, seconds, records / seconds);
        System.out.flush();
    }

    /** Rounds that the limit program has nothing to put beside. */
    static void alone(String title, int records, List<Map<Phase, Measured>> rounds) {
        System.out.printf("%n### %s%n%n| phase | Syncline/s | processor s: Syncline + PostgreSQL | log MB | most memory in MB: Syncline | alive in its heap "
                + "| PostgreSQL |%n|---|---|---|---|---|---|---|%n", title);
        for (Phase phase : Phase.values()) {
            List<Measured> passes = rounds.stream().map(round -> round.get(phase)).toList();
            System.out.printf("| %s | %,.0f | %.2f + %.2f | %.1f | %.0f | %s | %.0f |%n", phase.title, median(passes, each -> records / each.seconds()),
                    mean(passes, Measured::own), mean(passes, Measured::postgres), median(passes, each -> each.log() / MEGABYTE),
                    most(passes, Measured::memory), alive(passes), most(passes, Measured::postgresMemory));
        }
        System.out.flush();
    }

    /** Nothing where no collection was needed. */
    static String alive(List<Measured> passes) {
        double most = most(passes, Measured::alive);
        return most == 0 ? "" : "%.0f".formatted(most);
    }

    private static void line(String phase, int records, List<Measured> limit, List<Measured> syncline) {
        double[] ratios = IntStream.range(0, limit.size()).mapToDouble(i -> limit.get(i).seconds() / syncline.get(i).seconds())
                .sorted().toArray();
        System.out.printf("| %s | %,.0f | %,.0f | **%.2f** | %.2f to %.2f | %.2f + %.2f | %.2f + %.2f | **%.2f** | %.1f | %.1f |%n", phase,
                median(limit, each -> records / each.seconds()), median(syncline, each -> records / each.seconds()), median(ratios), ratios[0],
                ratios[ratios.length - 1], mean(limit, Measured::own), mean(limit, Measured::postgres), mean(syncline, Measured::own),
                mean(syncline, Measured::postgres), mean(limit, Measured::processor) / mean(syncline, Measured::processor),
                median(limit, each -> each.log() / MEGABYTE), median(syncline, each -> each.log() / MEGABYTE));
    }

    static double median(List<Measured> measured, ToDoubleFunction<Measured> of) {
        return median(measured.stream().mapToDouble(of).sorted().toArray());
    }

    static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double mean(List<Measured> measured, ToDoubleFunction<Measured> of) {
        return measured.stream().mapToDouble(of).average().orElse(0);
    }

    static double most(List<Measured> measured, ToDoubleFunction<Measured> of) {
        return measured.stream().mapToDouble(of).max().orElse(0);
    }
}

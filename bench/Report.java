package bench;

import bench.Pairs.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Prints what was measured. */
final class Report {
    private static final double MEGABYTE = 1024 * 1024;

    private Report() {
    }

    static void machine() throws IOException {
        Path load = Path.of("/proc/loadavg");
        System.out.printf("%s, %d processors, load average %s, Java %s%n", Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(), Files.exists(load) ? Files.readString(load).replaceAll("^((\\S+ ){3}).*\\s*", "$1").strip() : "unknown",
                Runtime.version());
    }

    static void pairs(String title, int records, List<Pair> pairs) {
        System.out.printf("%n### %s%n%n", title);
        System.out.println("| phase | limit/s | Syncline/s | ratio | least to most | processor s: limit + PostgreSQL | Syncline + PostgreSQL | ratio | log MB: limit "
                + "| Syncline |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (Phase phase : Phase.values()) {
            line(phase.title, records, pairs.stream().map(pair -> pair.limit().get(phase)).toList(),
                    pairs.stream().map(pair -> pair.syncline().get(phase)).toList());
        }
        line("no change, limit reads all hashes first", records, pairs.stream().map(Pair::allFirst).toList(),
                pairs.stream().map(pair -> pair.syncline().get(Phase.SAME)).toList());
        System.out.printf("%n| most memory in MB | limit | PostgreSQL | Syncline | PostgreSQL | page server | its processor s |%n|---|---|---|---|---|---|---|%n");
        for (Phase phase : Phase.values()) {
            List<Measured> limit = pairs.stream().map(pair -> pair.limit().get(phase)).toList();
            List<Measured> syncline = pairs.stream().map(pair -> pair.syncline().get(phase)).toList();
            System.out.printf("| %s | %.0f | %.0f | %.0f | %.0f | %.0f | %.2f |%n", phase.title, most(limit, Measured::memory),
                    most(limit, Measured::postgresMemory), most(syncline, Measured::memory), most(syncline, Measured::postgresMemory),
                    most(syncline, Measured::serverMemory), mean(syncline, Measured::server));
        }
        System.out.flush();
    }

    private static void line(String phase, int records, List<Measured> limit, List<Measured> syncline) {
        double[] ratios = IntStream.range(0, limit.size()).mapToDouble(i -> limit.get(i).seconds() / syncline.get(i).seconds()).sorted().toArray();
        System.out.printf("| %s | %,.0f | %,.0f | **%.2f** | %.2f to %.2f | %.2f + %.2f | %.2f + %.2f | **%.2f** | %.1f | %.1f |%n", phase,
                median(limit, each -> records / each.seconds()), median(syncline, each -> records / each.seconds()), median(ratios), ratios[0],
                ratios[ratios.length - 1], mean(limit, Measured::own), mean(limit, Measured::postgres), mean(syncline, Measured::own),
                mean(syncline, Measured::postgres), mean(limit, Measured::processor) / mean(syncline, Measured::processor),
                median(limit, each -> each.log() / MEGABYTE), median(syncline, each -> each.log() / MEGABYTE));
    }

    private static double median(List<Measured> measured, ToDoubleFunction<Measured> of) {
        return median(measured.stream().mapToDouble(of).sorted().toArray());
    }

    static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double mean(List<Measured> measured, ToDoubleFunction<Measured> of) {
        return measured.stream().mapToDouble(of).average().orElse(0);
    }

    private static double most(List<Measured> measured, ToDoubleFunction<Measured> of) {
        return measured.stream().mapToDouble(of).max().orElse(0);
    }
}

package bench;

import bench.Pairs.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Measures, and prints tables as bench/README.md keeps them. Run it by {@code bench/run}. */
final class Bench {
    /** How many records what is asked one by one is asked of. */
    private static final int USUAL = 100_000;
    private static final int STARTS = 3;
    private static final List<String> PARTS = List.of("pairs", "growth", "doors", "parquet", "start", "sandbox");
    private static final Set<String> BY_SIZE = Set.of("pairs", "growth", "parquet");
    private static final Set<String> ON_A_RIG = Set.of("doors", "start");

    private final Path work = Path.of("target/bench/work").toAbsolutePath();
    private int pairs = 5;
    private int often = 100;
    private int items = 50_000;
    private String heap = "256m";
    private List<String> parts = PARTS;
    private List<Integer> snapshots = List.of(1, 10, 50);
    private final List<Integer> sizes = new ArrayList<>();
    private final Growth growth = new Growth();

    private Bench(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--pairs" -> pairs = Integer.parseInt(arguments[++i]);
                case "--often" -> often = Integer.parseInt(arguments[++i]);
                case "--items" -> items = Integer.parseInt(arguments[++i]);
                case "--heap" -> heap = arguments[++i];
                case "--only" -> parts = Arrays.asList(arguments[++i].split(","));
                case "--snapshots" -> snapshots = Arrays.stream(arguments[++i].split(",")).map(Integer::valueOf).distinct().sorted().toList();
                default -> sizes.add(Integer.parseInt(arguments[i]));
            }
        }
        if (sizes.isEmpty()) {
            sizes.addAll(List.of(10_000, 100_000, 1_000_000));
        }
        if (!PARTS.containsAll(parts) || snapshots.get(0) < 1 || snapshots.get(snapshots.size() - 1) > History.MOST_SNAPSHOTS) {
            throw new IllegalArgumentException("The parts are " + PARTS + "; snapshots are from 1 to " + History.MOST_SNAPSHOTS);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        new Bench(arguments).measure();
    }

    private void measure() throws Exception {
        Report.machine();
        int usual = sizes.contains(USUAL) ? USUAL : sizes.get(0);
        try {
            for (int records : sizes) {
                if (parts.stream().anyMatch(BY_SIZE::contains) || records == usual && parts.stream().anyMatch(ON_A_RIG::contains)) {
                    size(records, records == usual);
                }
            }
        } finally {
            if (does("growth")) {
                growth.print();
            }
        }
        if (does("sandbox")) {
            PriceBook.measure(Files.createDirectories(work.resolve("sandbox")), items, heap, new Times(often));
        }
        Report.machine();
    }

    private boolean does(String part) {
        return parts.contains(part);
    }

    private void size(int records, boolean isUsual) throws Exception {
        Rounds rounds = Rounds.of(records, pairs);
        List<String> own = does("pairs") || does("growth") ? rounds.syncs("w") : List.of();
        List<String> fromParquet = does("parquet") ? rounds.syncs("pq") : List.of();
        Path folder = work.resolve("of-" + records);
        for (String sync : own) {
            config(folder, sync);
        }
        for (String sync : List.of("doors", "exported", History.SYNC)) {
            config(folder, sync);
        }
        ParquetPasses.config(folder, fromParquet);
        double first;
        String key;
        try (Rig rig = new Rig(folder, records, heap)) {
            first = rig.product.secondsToReady();
            key = rig.product.key();
            if (!own.isEmpty()) {
                growth.add(rounds, does("pairs") ? pairs(new Pairs(rig, records), records, rounds) : alone(rig, records, rounds));
            }
            if (isUsual && does("growth")) {
                Growth.print(records, new History(rig, records, folder, new Times(often)).measure(snapshots, pairs));
            }
            if (isUsual && does("doors")) {
                new Doors(rig, records, folder, new Times(often)).measure();
            }
            if (!fromParquet.isEmpty()) {
                new ParquetPasses(rig, records, folder).measure(fromParquet, rounds);
            }
        }
        if (isUsual && does("start")) {
            starts(folder, first, key);
        }
    }

    private static List<Map<Phase, Measured>> alone(Rig rig, int records, Rounds rounds) throws Exception {
        return new Alone(rig, records, isChanged -> rig.state(isChanged ? 1 : 0)).rounds(rounds.syncs("w"));
    }

    private static List<Map<Phase, Measured>> pairs(Pairs measuring, int records, Rounds rounds) throws Exception {
        List<Pair> measured = new ArrayList<>();
        for (String sync : rounds.syncs("w")) {
            measured.add(measuring.run(sync));
        }
        Report.pairs("%,d records, cold: the first of new processes".formatted(records), records, rounds.cold(measured));
        if (!rounds.warm(measured).isEmpty()) {
            Report.pairs("%,d records, warm: %s".formatted(records, rounds.said("pairs")), records, rounds.warm(measured));
        }
        System.out.printf("%nBoth ended with the same %,d records, %d times: keys, hashes, documents, columns and superseded versions.%n", records,
                measured.size());
        return measured.stream().map(Pair::syncline).toList();
    }

    private void starts(Path folder, double first, String key) throws Exception {
        double[] millis = new double[STARTS];
        double processor = 0;
        for (int i = 0; i < STARTS; i++) {
            try (Product product = Product.start(folder.resolve("data"), folder.resolve("product.log"), key, heap, Map.of("SHOP_URL", "http://127.0.0.1:9"),
                    "--syncline.config=" + folder.resolve("config"))) {
                millis[i] = 1000 * product.secondsToReady();
                processor += new Usage(product.pid(), false).processor() / STARTS;
            }
        }
        Report.times("Start, until it answers that it is ready: milliseconds");
        Times.print("the first one, which unpacks a PostgreSQL and makes its tables", new double[] {1000 * first});
        Times.print("a later one, %.1f s of processor time".formatted(processor), millis);
    }

    private static void config(Path folder, String sync) throws IOException {
        Files.createDirectories(folder.resolve("config/systems"));
        Files.createDirectories(folder.resolve("config/syncs"));
        Files.writeString(folder.resolve("config/systems/shop.yaml"), """
                name: shop
                title: Shop
                source:
                  kind: http
                  baseUrl: ${SHOP_URL}
                  allowPrivateNetwork: true
                  paging: {kind: page, parameter: page, sizeParameter: size, size: 500, total: total, end: total, stable: true}
                  resources:
                    items: {path: /items, records: items, byId: "/items/{id}"}
                """);
        Files.writeString(folder.resolve("config/syncs/" + sync + ".yaml"), """
                name: %s
                title: Goods
                system: shop
                side: sh
                fieldNames: camelCase
                entities:
                  items:
                    key: id
                    brake: {rows: 1000000, percent: 20}
                    modifiedAt: modifiedOn
                    fields: {code: text, display_name: text, description: text, category_id: integer, price: decimal, cost: decimal, member_price: decimal,
                      hours: decimal, unit_of_measure: text, taxable: boolean, account: text}
                """.formatted(sync));
    }
}

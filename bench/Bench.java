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
    /** Only after so many records is a process warm: until then most of its time goes into compiling itself. */
    private static final int WARM = 300_000;
    private static final int PHASES = 3;
    /** How many records what is asked one by one is asked of. */
    private static final int USUAL = 100_000;
    private static final int STARTS = 3;
    private static final Set<String> ON_A_RIG = Set.of("doors", "parquet", "start");

    private final Path work = Path.of("target/bench/work").toAbsolutePath();
    private int pairs = 5;
    private int often = 100;
    private int items = 50_000;
    private String heap = "256m";
    private List<String> parts = List.of("pairs", "doors", "parquet", "start", "sandbox");
    private final List<Integer> sizes = new ArrayList<>();

    private Bench(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--pairs" -> pairs = Integer.parseInt(arguments[++i]);
                case "--often" -> often = Integer.parseInt(arguments[++i]);
                case "--items" -> items = Integer.parseInt(arguments[++i]);
                case "--heap" -> heap = arguments[++i];
                case "--only" -> parts = Arrays.asList(arguments[++i].split(","));
                default -> sizes.add(Integer.parseInt(arguments[i]));
            }
        }
        if (sizes.isEmpty()) {
            sizes.addAll(List.of(10_000, 100_000, 1_000_000));
        }
    }

    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        new Bench(arguments).measure();
    }

    private void measure() throws Exception {
        Report.machine();
        int usual = sizes.contains(USUAL) ? USUAL : sizes.get(0);
        for (int records : sizes) {
            if (does("pairs") || records == usual && parts.stream().anyMatch(ON_A_RIG::contains)) {
                size(records, records == usual);
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
        int warmUps = pairs > 1 ? Math.max(0, Math.min(10, WARM / (PHASES * records) - 1)) : 0;
        int all = does("pairs") ? 1 + (pairs > 1 ? warmUps + pairs : 0) : 0;
        Path folder = work.resolve("of-" + records);
        for (int i = 0; i < all; i++) {
            config(folder, "w" + i);
        }
        config(folder, "doors");
        config(folder, "exported");
        ParquetPasses.config(folder);
        double first;
        String key;
        try (Rig rig = new Rig(folder, records, heap)) {
            first = rig.product.secondsToReady();
            key = rig.product.key();
            if (all > 0) {
                pairs(new Pairs(rig, records), records, warmUps, all);
            }
            if (isUsual && does("doors")) {
                new Doors(rig, records, folder, new Times(often)).measure();
            }
            if (isUsual && does("parquet")) {
                new ParquetPasses(rig, records, folder).measure();
            }
        }
        if (isUsual && does("start")) {
            starts(folder, first, key);
        }
    }

    private static void pairs(Pairs measuring, int records, int warmUps, int all) throws Exception {
        List<Pair> measured = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            measured.add(measuring.run("w" + i));
        }
        Report.pairs("%,d records, cold: the first of new processes".formatted(records), records, measured.subList(0, 1));
        if (all > 1) {
            Report.pairs("%,d records, warm: medians of %d pairs after %,d records".formatted(records, all - 1 - warmUps, PHASES * records * (1 + warmUps)),
                    records, measured.subList(1 + warmUps, all));
        }
        System.out.printf("%nBoth ended with the same %,d records, %d times: keys, hashes, documents, columns and superseded versions.%n", records, all);
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
                    modifiedAt: modifiedOn
                    fields: {code: text, display_name: text, description: text, category_id: integer, price: decimal, cost: decimal, member_price: decimal,
                      hours: decimal, unit_of_measure: text, taxable: boolean, account: text}
                """.formatted(sync));
    }
}

package bench;

import bench.Pairs.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Measures, and prints tables as bench/README.md keeps them. Run it by {@code bench/run}. */
final class Bench {
    /** Only after so many records is a process warm: until then most of its time goes into compiling itself. */
    private static final int WARM = 300_000;
    private static final int PHASES = 3;

    private final Path work = Path.of("target/bench/work").toAbsolutePath();
    private int pairs = 5;
    private String heap = "256m";
    private List<String> parts = List.of("pairs", "doors", "parquet", "start", "sandbox");
    private final List<Integer> sizes = new ArrayList<>();

    private Bench(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--pairs" -> pairs = Integer.parseInt(arguments[++i]);
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
        for (int records : sizes) {
            pairs(records);
        }
    }

    private void pairs(int records) throws Exception {
        int warmUps = Math.max(0, Math.min(10, WARM / (PHASES * records) - 1));
        Path folder = work.resolve("pairs-" + records);
        int all = 1 + (pairs > 1 ? warmUps + pairs : 0);
        for (int i = 0; i < all; i++) {
            config(folder, "w" + i);
        }
        try (Rig rig = new Rig(folder, records, heap)) {
            Pairs measuring = new Pairs(rig, records);
            List<Pair> measured = new ArrayList<>();
            for (int i = 0; i < all; i++) {
                measured.add(measuring.run("w" + i));
            }
            Report.pairs("%,d records, cold: the first of new processes".formatted(records), records, measured.subList(0, 1));
            if (all > 1) {
                Report.pairs("%,d records, warm: medians of %d pairs after %,d records".formatted(records, pairs, PHASES * records * (1 + warmUps)), records,
                        measured.subList(1 + warmUps, all));
            }
        }
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

package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** The same records in Parquet files, which Syncline itself has exported: one with those of the original state, one with those of the changed state. */
final class ParquetPasses {
    private static final String EXPORT = "/api/v1/syncs/exported/entities/items/export?format=parquet";

    private final Rig rig;
    private final int records;
    private final Path folder;
    private double exported;

    ParquetPasses(Rig rig, int records, Path folder) {
        this.rig = rig;
        this.records = records;
        this.folder = folder;
    }

    /** What the product is to know at its start. */
    static void config(Path folder, List<String> syncs) throws IOException {
        Files.createDirectories(folder.resolve("files"));
        Files.writeString(folder.resolve("config/systems/warehouse.yaml"), """
                name: warehouse
                title: Warehouse
                source:
                  kind: files
                  directory: %s
                  resources:
                    items: {include: "*.parquet", format: parquet}
                """.formatted(folder.resolve("files")));
        for (String sync : syncs) {
            Files.writeString(folder.resolve("config/syncs/" + sync + ".yaml"), """
                    name: %s
                    title: Goods
                    system: warehouse
                    side: wh
                    entities:
                      items:
                        key: sh_id
                        brake: {rows: 1000000, percent: 20}
                        fields: {code: text, display_name: text, description: text, category_id: integer, price: decimal, cost: decimal, member_price: decimal,
                          hours: decimal, unit_of_measure: text, taxable: boolean, account: text}
                    """.formatted(sync));
        }
    }

    void measure(List<String> syncs, Rounds rounds) throws Exception {
        Path original = folder.resolve("original.parquet");
        List<Map<Phase, Measured>> fromJson = new Alone(rig, records, isChanged -> {
            if (isChanged) {
                exported = Times.seconds(() -> rig.product.download(EXPORT, original));
            }
            rig.state(isChanged ? 1 : 0);
        }).rounds(List.of("exported"));
        Path changed = rig.product.download(EXPORT, folder.resolve("changed.parquet"));
        Report.alone("%,d records from JSON, once, to be exported".formatted(records), records, fromJson);
        List<Map<Phase, Measured>> measured = new Alone(rig, records, isChanged -> put(isChanged ? changed : original)).rounds(syncs);
        Report.alone("%,d records from Parquet, cold".formatted(records), records, rounds.cold(measured));
        if (!rounds.warm(measured).isEmpty()) {
            Report.alone("%,d records from Parquet, warm: %s".formatted(records, rounds.said("rounds")), records, rounds.warm(measured));
        }
        System.out.printf("%nExported as Parquet in %.1f s: %,d bytes.%n", exported, Files.size(original));
    }

    /** As whoever delivers files is to do it: under another name first. */
    private void put(Path file) throws IOException {
        Path part = Files.copy(file, folder.resolve("files/items.parquet.tmp"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, folder.resolve("files/items.parquet"), StandardCopyOption.ATOMIC_MOVE);
    }
}

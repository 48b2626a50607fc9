package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/** A file is taken once, by content: an incremental run reads what no published run has taken, and what comes of it is what comes of reading everything. */
class TakenFilesTest {
    private static final String PLAIN = "{key: id, fields: {name: {type: text, required: true}, price: decimal}, brake: {rows: 9999, percent: 100}}";
    private static final String VERSIONED = PLAIN.replace("key: id,", "key: id, version: v,");

    @TempDir
    private Path folder;
    private Path drop;
    private final String database = TestPostgres.url();

    @BeforeEach
    void aFolder() throws IOException {
        drop = Files.createDirectory(folder.resolve("drop"));
    }

    private RunningSyncline start(String entity) throws IOException {
        Files.createDirectories(folder.resolve("config/systems"));
        Files.createDirectories(folder.resolve("config/syncs"));
        Files.writeString(folder.resolve("config/systems/stock.yaml"), """
                name: stock
                title: Stock
                source:
                  kind: files
                  directory: ${DROP}
                  resources:
                    items: {include: "*.csv", format: csv, pageSize: 2}
                """);
        Files.writeString(folder.resolve("config/syncs/goods.yaml"), """
                name: goods
                title: Goods
                system: stock
                side: sk
                entities:
                  items: %s
                """.formatted(entity));
        return RunningSyncline.start(folder.resolve("config"), database, Map.of("DROP", drop.toString()));
    }

    private void file(String name, String... rows) throws IOException {
        Files.writeString(drop.resolve(name), "id,v,name,price\n" + String.join("\n", rows) + "\n");
    }

    private static String live(RunningSyncline syncline) {
        return syncline.sql().sql("select coalesce(string_agg(concat_ws('=', sk_id, name, price), ' ' order by sk_id), '') from goods.items_live")
                .query(String.class).single();
    }

    private static List<String> told(JsonNode report) {
        return reasons(report, "items");
    }

    private static boolean readsInFull(JsonNode report) {
        return told(report).stream().anyMatch(reason -> reason.startsWith("Read in full: "));
    }

    @Test
    void aFileIsTakenOnceByContent() throws IOException {
        file("a.csv", "1,1,Pump,10", "2,1,Hose,3");
        file("b.csv", "3,1,Seal,4");
        try (RunningSyncline syncline = start(VERSIONED)) {
            JsonNode report = syncline.incremental("goods");
            assertThat(told(report)).contains("Read in full: there is no watermark to go on from.");
            assertThat(counts(report, "items")).isEqualTo(Map.of("create", 3));

            report = syncline.incremental("goods");
            assertThat(told(report)).containsExactly("Of 2 files 2 were taken before, by content; 0 were read.");
            assertThat(counts(report, "items")).isEmpty();

            file("c.csv", "2,2,Hose,5", "4,1,Bolt,1");
            Files.move(drop.resolve("a.csv"), drop.resolve("z.csv"));
            Files.copy(drop.resolve("b.csv"), drop.resolve("0.csv"));
            report = syncline.incremental("goods");
            assertThat(told(report)).as("another name makes no other file").containsExactly("Of 3 files 2 were taken before, by content; 1 was read.");
            assertThat(counts(report, "items")).isEqualTo(Map.of("update", 1, "create", 1));
            assertThat(report.path("entities").path(0).path("delivered").asInt()).as("reads").isEqualTo(2);
            assertThat(syncline.full("goods").path("entities").path(0).path("delivered").asInt()).as("a full run reads everything").isEqualTo(5);
            assertThat(told(syncline.incremental("goods"))).containsExactly("Of 3 files 3 were taken before, by content; 0 were read.");

            file("z.csv", "1,1,Pump,10", "2,2,Hose,5", "6,1,Nut,1");
            report = syncline.incremental("goods");
            assertThat(told(report)).anySatisfy(reason -> assertThat(reason).contains("Read in full: ",
                    "z.csv was read before, and is gone or holds something else now"));
            assertThat(counts(report, "items")).isEqualTo(Map.of("create", 1, "unchanged", 5));

            Files.delete(drop.resolve("c.csv"));
            report = syncline.incremental("goods");
            assertThat(told(report)).anySatisfy(reason -> assertThat(reason).contains("c.csv was read before, and is gone"));
            assertThat(counts(report, "items")).as("what only it held is gone").containsEntry("delete", 1);
            assertThat(live(syncline)).isEqualTo("1=Pump=10 2=Hose=5 3=Seal=4 6=Nut=1");
        }
    }

    @Test
    void aFileThatCouldNotBeTakenWhollyIsReadAgain() throws IOException {
        file("a.csv", "1,1,Pump,10");
        try (RunningSyncline syncline = start(VERSIONED)) {
            syncline.incremental("goods");
            file("b.csv", "2,1,,3", "3,1,Seal,4");
            assertThat(counts(syncline.incremental("goods"), "items")).isEqualTo(Map.of("rejected", 1, "create", 1));
            JsonNode report = syncline.incremental("goods");
            assertThat(told(report)).as("promise 2: what was set aside is shown again").contains("Of 2 files 1 was taken before, by content; 1 was read.");
            assertThat(counts(report, "items")).isEqualTo(Map.of("rejected", 1, "unchanged", 1));
            file("b.csv", "2,1,Hose,3");
            report = syncline.incremental("goods");
            assertThat(counts(report, "items")).as("mended, and shorter by a record that had been published").containsEntry("create", 1)
                    .containsEntry("delete", 1);

            Files.writeString(drop.resolve("c.csv"), "id,v,name,price\n4,1,Bolt,1\n5,1,\"cut in ha");
            assertThat(state(syncline.incremental("goods"))).isEqualTo("failed");
            file("c.csv", "4,1,Bolt,1");
            report = syncline.incremental("goods");
            assertThat(told(report)).as("a run that failed has taken nothing").containsExactly("Of 3 files 2 were taken before, by content; 1 was read.");
            assertThat(counts(report, "items")).isEqualTo(Map.of("create", 1));

            file("d.csv", ",1,Nobody,1", "6,1,Nut,1", "7,1,Ring,2");
            assertThat(told(syncline.incremental("goods"))).anySatisfy(reason -> assertThat(reason).contains("without a readable key"));
            assertThat(live(syncline)).contains("6=Nut=1", "7=Ring=2");
            file("d.csv", "6,1,Nut,1");
            report = syncline.incremental("goods");
            assertThat(told(report)).contains("Read in full: which files were taken before is not known for certain.");
            assertThat(counts(report, "items")).containsEntry("delete", 1);
        }
    }

    @Test
    void whatWasPublishedByAPlanIsNoFileTaken() throws IOException {
        file("a.csv", "1,1,Pump,10");
        try (RunningSyncline syncline = start(VERSIONED)) {
            syncline.incremental("goods");
            file("b.csv", "2,1,Hose,3");
            long plan = syncline.run(new RunRequest("goods", "default", Mode.INCREMENTAL, true, null, null, null, "test", "test")).path("run").asLong();
            assertThat(told(syncline.incremental("goods"))).as("a preview takes nothing").containsExactly(
                    "Of 2 files 1 was taken before, by content; 1 was read.");
            file("c.csv", "3,1,Seal,4");
            plan = syncline.run(new RunRequest("goods", "default", Mode.INCREMENTAL, true, null, null, null, "test", "test")).path("run").asLong();
            assertThat(syncline.call("POST", "/api/v1/plans/" + plan + "/apply", "{}").statusCode()).isBetween(200, 299);
            Pricebook.until(() -> live(syncline).contains("3=Seal"));
            file("c.csv", "4,1,Bolt,4");
            JsonNode report = syncline.incremental("goods");
            assertThat(told(report)).contains("Read in full: which files were taken before is not known for certain.");
            assertThat(live(syncline)).isEqualTo("1=Pump=10 2=Hose=3 4=Bolt=4");
        }
    }

    @Test
    void anotherMappingReadsEveryFileAnew() throws IOException {
        file("a.csv", "1,1,Pump,10");
        try (RunningSyncline syncline = start(VERSIONED)) {
            syncline.incremental("goods");
        }
        try (RunningSyncline syncline = start(VERSIONED.replace("price: decimal", "price: {type: decimal, from: v}"))) {
            JsonNode report = syncline.incremental("goods");
            assertThat(readsInFull(report)).as(report.toPrettyString()).isTrue();
            assertThat(live(syncline)).isEqualTo("1=Pump=1");
            assertThat(told(syncline.incremental("goods"))).containsExactly("Of 1 file 1 was taken before, by content; 0 were read.");
        }
    }

    @Test
    void whereOnlyNamesTellWhichIsNewerAFileInBetweenMakesAllBeRead() throws IOException {
        file("2.csv", "1,1,Pump,10");
        try (RunningSyncline syncline = start(PLAIN)) {
            syncline.incremental("goods");
            file("3.csv", "1,1,Pump,30");
            assertThat(readsInFull(syncline.incremental("goods"))).isFalse();
            assertThat(live(syncline)).isEqualTo("1=Pump=30");
            file("1.csv", "1,1,Pump,5");
            JsonNode report = syncline.incremental("goods");
            assertThat(told(report)).anySatisfy(reason -> assertThat(reason).contains("1.csv comes before 2.csv, which was taken before"));
            assertThat(live(syncline)).isEqualTo("1=Pump=30");
        }
    }

    /** Whatever happens to a folder between two runs: what an incremental run leaves is what a full one would. */
    @Test
    void anIncrementalRunLeavesWhatAFullOneWould() throws IOException {
        Random random = new Random(20261121);
        file("start.csv", "1,1,Pump,10");
        int inFull = 0;
        try (RunningSyncline syncline = start(VERSIONED)) {
            for (int step = 0; step < 40; step++) {
                change(random, step);
                JsonNode report = syncline.incremental("goods");
                inFull += readsInFull(report) ? 1 : 0;
                JsonNode all = syncline.run(new RunRequest("goods", "default", Mode.FULL, true, null, null, null, "test", "test"));
                assertThat(counts(all, "items").keySet()).as("step %s, %s, then %s", step, report.toPrettyString(), all.toPrettyString())
                        .isSubsetOf("unchanged", "stale", "rejected");
            }
        }
        assertThat(inFull).as("some files only came, some went").isBetween(8, 32);
    }

    private void change(Random random, int step) throws IOException {
        List<Path> there = new ArrayList<>();
        try (Stream<Path> all = Files.list(drop)) {
            all.sorted().forEach(there::add);
        }
        Path any = there.get(random.nextInt(there.size()));
        String[] rows = new String[1 + random.nextInt(4)];
        for (int row = 0; row < rows.length; row++) {
            int id = 1 + random.nextInt(9);
            boolean odd = random.nextInt(12) == 0;
            rows[row] = (odd && random.nextBoolean() ? "" : id) + "," + (step + 2) + "," + (odd ? "" : "Name " + id + " " + step) + "," + step;
        }
        String name = (char) ('a' + random.nextInt(26)) + "-" + step + ".csv";
        switch (random.nextInt(8)) {
            case 0 -> Files.move(any, drop.resolve(name));
            case 1 -> Files.copy(any, drop.resolve(name));
            case 2 -> file(any.getFileName().toString(), rows);
            case 3 -> {
                if (there.size() > 2) {
                    Files.delete(any);
                }
            }
            default -> file(name, rows);
        }
    }
}

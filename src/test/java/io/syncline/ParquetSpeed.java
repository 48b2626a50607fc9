package io.syncline;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.export.Columns;
import io.syncline.export.Digits;
import io.syncline.export.Format;
import io.syncline.export.RecordWriter;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Json;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.TimeFormat;
import io.syncline.run.Mode;
import io.syncline.run.Runs;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures how fast the same records come in from Parquet and from JSON lines, by turns in one process, and how much memory that takes: run its main, as
 * bench/README.md says. Not a test, because timings are no truth.
 */
final class ParquetSpeed {
    private static final Shape CASES = new Shape(List.of(field("case_id", FieldType.TEXT), field("title", FieldType.TEXT), field("priority", FieldType.INTEGER),
            field("status", FieldType.TEXT), field("person_name", FieldType.TEXT), field("street", FieldType.TEXT), field("city", FieldType.TEXT),
            field("due_on", FieldType.DATE), field("claim_amount", FieldType.DECIMAL), field("urgent", FieldType.BOOLEAN), field("items", FieldType.JSON),
            field("changed_at", FieldType.TIMESTAMP)));

    private ParquetSpeed() {
    }

    /** @param arguments how many records, 100,000 unless said, and in how many rounds, 3 unless said */
    public static void main(String[] arguments) throws IOException {
        int records = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        java.nio.file.Path folder = Files.createTempDirectory("parquet-speed");
        for (Format format : List.of(Format.JSON_LINES, Format.PARQUET)) {
            java.nio.file.Path file = Files.createDirectories(folder.resolve(format.extension())).resolve("cases." + format.extension());
            long begin = System.nanoTime();
            write(format, file, records);
            System.out.printf("MEASURE %s export: %,d records in %.1f s, %,d bytes%n", format.word(), records, seconds(begin), Files.size(file));
            config(folder, format);
        }
        List<String> told = new ArrayList<>();
        // Each round begins with empty tables; the first of them warms up.
        for (int round = 1; round <= rounds; round++) {
            try (RunningSyncline syncline = RunningSyncline.start(folder.resolve("config"), TestPostgres.url(), Map.of())) {
                for (String pass : List.of("load", "no change")) {
                    long lines = run(syncline, Format.JSON_LINES, pass, records);
                    long parquet = run(syncline, Format.PARQUET, pass, records);
                    told.add("round %d, %s: Parquet %,d/s, JSON lines %,d/s, ratio %.2f".formatted(round, pass, records * 1000L / parquet,
                            records * 1000L / lines, (double) lines / parquet));
                }
            }
        }
        told.forEach(line -> System.out.println("MEASURE " + line));
        System.out.printf("MEASURE -Xmx%dm, alive after a collection at most %d MB, heap at most %d MB%n", Runtime.getRuntime().maxMemory() >> 20, Peak.live,
                Peak.heap());
    }

    private static long run(RunningSyncline syncline, Format format, String pass, int records) {
        Runs runs = syncline.bean(Runs.class);
        long run = runs.request(RunningSyncline.request(name(format), Mode.FULL)).run();
        runs.awaitEnd(run, Duration.ofHours(1));
        JsonNode report = RunningSyncline.json(runs.report("default", run).orElseThrow());
        JsonNode counts = RunningSyncline.entity(report, "cases").path("counts");
        if (counts.path(pass.equals("load") ? "create" : "unchanged").asInt() != records) {
            throw new AssertionError(report.toPrettyString());
        }
        Peak.look();
        return report.path("durationMs").asLong();
    }

    private static String name(Format format) {
        return format == Format.PARQUET ? "from_parquet" : "from_lines";
    }

    private static void config(java.nio.file.Path folder, Format format) throws IOException {
        Files.createDirectories(folder.resolve("config/systems"));
        Files.createDirectories(folder.resolve("config/syncs"));
        Files.writeString(folder.resolve("config/systems/%s_files.yaml".formatted(name(format))), """
                name: %1$s_files
                title: Files
                source:
                  kind: files
                  directory: %2$s
                  resources:
                    cases: {include: "cases.*", format: %3$s}
                """.formatted(name(format), folder.resolve(format.extension()), format.word()));
        Files.writeString(folder.resolve("config/syncs/%s.yaml".formatted(name(format))), """
                name: %1$s
                title: Cases
                system: %1$s_files
                side: fl
                entities:
                  cases:
                    key: case_id
                    modifiedAt: changed_at
                    fields: {title: text, priority: integer, status: text, person_name: text, street: text, city: text, due_on: date, claim_amount: decimal,
                      urgent: boolean, items: json}
                """.formatted(name(format)));
    }

    private static void write(Format format, java.nio.file.Path file, int records) throws IOException {
        Columns columns = new Columns(List.of(), CASES, Map.of("claim_amount", new Digits(15, 2)), Map.of());
        try (OutputStream to = Files.newOutputStream(file); RecordWriter writer = format.open(to, columns)) {
            for (int n = 0; n < records; n++) {
                writer.write(List.of(), document(n));
            }
        }
    }

    private static Document document(int n) {
        Object[] values = new Object[CASES.fields().size()];
        values[CASES.position("case_id")] = Integer.toString(100_000_000 + n);
        values[CASES.position("title")] = "Case of a refund, number " + n;
        values[CASES.position("priority")] = (long) n % 5;
        values[CASES.position("status")] = n % 3 == 0 ? "Open" : "Closed";
        values[CASES.position("person_name")] = "Person " + n * 7_919L % 100_003 + " of " + n % 97;
        values[CASES.position("street")] = "Kerkstraat " + n % 240;
        values[CASES.position("city")] = "City " + n % 500;
        values[CASES.position("due_on")] = LocalDate.ofEpochDay(20_000 + n % 700);
        values[CASES.position("claim_amount")] = BigDecimal.valueOf(n * 31L, 2).stripTrailingZeros();
        values[CASES.position("urgent")] = n % 11 == 0;
        values[CASES.position("items")] = new Json("[{\"amount\":" + n % 1_000 + ".5,\"no\":10},{\"amount\":2.25,\"no\":20}]");
        values[CASES.position("changed_at")] = Instant.ofEpochSecond(1_760_000_000L + n);
        return CASES.document(values);
    }

    private static Field field(String name, FieldType type) {
        return new Field(name, type, Path.of(name), false, false, false, TimeFormat.ISO, null);
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** What the process's own heap held, in megabytes. */
    private static final class Peak {
        private static long live;

        static void look() {
            long bytes = pools().stream().filter(pool -> pool.getCollectionUsage() != null).mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum();
            live = Math.max(live, bytes >> 20);
        }

        static long heap() {
            return pools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() >> 20;
        }

        private static List<MemoryPoolMXBean> pools() {
            return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP).toList();
        }
    }
}

package io.syncline.parquet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 26: a file of any length is written and read in a process with little memory. The same with the whole product is in bench/README.md. */
class ParquetMemoryTest {
    private static final int ROWS = 300_000;

    @TempDir
    private Path folder;

    @Test
    void aLongFileIsWrittenAndReadInLittleMemory() throws Exception {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx48m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), ManyRows.class.getName(), folder.toString())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output)).contains("read " + ROWS + " rows");
        assertThat(Files.size(folder.resolve("many.parquet"))).isGreaterThan(20 << 20);
    }

    /** In a process of its own. */
    static final class ManyRows {
        public static void main(String[] arguments) throws IOException, UnreadableFile {
            Path path = Path.of(arguments[0], "many.parquet");
            List<Column> columns = List.of(new Column("id", Column.Kind.INTEGER), new Column("text", Column.Kind.TEXT), Column.decimal("amount", 30, 2),
                    new Column("at", Column.Kind.TIMESTAMP));
            SplittableRandom random = new SplittableRandom(1);
            try (OutputStream to = Files.newOutputStream(path); NewParquetFile file = NewParquetFile.open(to, columns, Map.of())) {
                for (long row = 0; row < ROWS; row++) {
                    file.write(new Object[] {row, random.longs(4).mapToObj(Long::toHexString).collect(Collectors.joining()),
                        BigDecimal.valueOf(random.nextLong(), 2), Instant.ofEpochSecond(random.nextInt())});
                }
            }
            long read = 0;
            try (ParquetFile file = ParquetFile.open(path, Set.of("id", "text", "amount", "at"))) {
                for (Row row = file.next(); row != null; row = file.next()) {
                    read += row.problems().isEmpty() ? 1 : 0;
                }
            }
            System.out.println("read " + read + " rows");
        }
    }
}

package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.FilesResource;
import io.syncline.config.SourceConfig.FilesResource.Format;
import io.syncline.config.SystemConfig;
import io.syncline.parquet.Column;
import io.syncline.parquet.NewParquetFile;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ParquetSourceTest {
    private static final java.nio.file.Path DATA = java.nio.file.Path.of("src/test/data/parquet");
    private static final SideMapping CASES = new SideMapping(
            new Shape(List.of(field("title", FieldType.TEXT, "TITLE"), field("amount", FieldType.DECIMAL, "AMOUNT"))),
            List.of(Path.of("CASE")), null, Path.of("CHANGED_AT"), TimeFormat.ISO, null);

    @TempDir
    private java.nio.file.Path folder;
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static Field field(String name, FieldType type, String from) {
        return new Field(name, type, Path.of(from), false, false, false, TimeFormat.ISO, null);
    }

    private void copy(String from, String to) throws IOException {
        Files.copy(DATA.resolve(from), folder.resolve(to));
    }

    private Read read(SideMapping mapping, int pageSize) {
        FilesResource resource = new FilesResource("cases", "*.parquet", Format.PARQUET, ',', StandardCharsets.UTF_8, pageSize);
        return new Read(SourceFixture.connection("default", "DIR", folder.toString()),
                new SystemConfig("sap", "SAP", "", new SourceConfig.Files("${DIR}", Map.of("cases", resource))), resource, mapping, null);
    }

    private List<Observed> records() {
        return fixture.pages(read(CASES, 500)).stream().flatMap(page -> page.records().stream()).toList();
    }

    private static List<String> problems(List<Observed> records) {
        return records.stream().filter(record -> !record.isFit()).flatMap(record -> record.problems().stream()).toList();
    }

    @Test
    void rowsBecomeRecordsOfTheMappedColumns() throws IOException {
        copy("packed-zstd.parquet", "cases.parquet");
        List<Observed> records = records();
        assertThat(records).hasSize(300).allMatch(Observed::isFit);
        assertThat(records.get(1).key()).isEqualTo("5000000001");
        assertThat(records.get(1).document().text()).isEqualTo("{\"amount\":0.37,\"title\":\"Case 1\"}");
        assertThat(records.get(1).modifiedAt()).isEqualTo(Instant.parse("2026-11-01T08:01:00Z"));
    }

    @Test
    void everyTypeArrivesAsTheFieldSaysOrTheRecordIsSetAside() throws IOException {
        copy("kinds.parquet", "kinds.parquet");
        SideMapping kinds = new SideMapping(new Shape(List.of(field("exact", FieldType.DECIMAL, "dec38"), field("big", FieldType.INTEGER, "i64"),
                field("unsigned", FieldType.DECIMAL, "u64"), field("day", FieldType.DATE, "day"), field("local", FieldType.TIMESTAMP, "at_us"),
                field("utc", FieldType.TIMESTAMP, "at_utc"), field("nanos", FieldType.TIMESTAMP, "at_ns"), field("lat", FieldType.DECIMAL, "place.geo.lat"),
                field("first_tag", FieldType.TEXT, "tags.0"), field("lines", FieldType.JSON, "lines"), field("notes", FieldType.JSON, "notes"),
                field("doc", FieldType.JSON, "doc"), field("float", FieldType.DECIMAL, "f64"), field("nowhere", FieldType.TEXT, "nowhere"))),
                List.of(Path.of("id")), null, null, TimeFormat.ISO, null);
        List<Observed> records = fixture.pages(read(kinds, 9)).get(0).records();
        assertThat(records.get(0).document().text()).isEqualTo("{\"big\":9007199254740993,\"day\":\"2026-02-28\","
                + "\"doc\":{\"a\":{\"deep\":true},\"b\":[1,2.5,null]},"
                + "\"exact\":12345678901234567890.0123456789,\"first_tag\":\"a\",\"float\":0.1,\"lat\":51.05382,"
                + "\"lines\":[{\"qty\":1.5,\"sku\":\"X-1\"},{\"qty\":null,\"sku\":null}],\"local\":\"2026-01-31T10:15:30.123456Z\","
                + "\"nanos\":\"2026-01-31T10:15:30.123456Z\",\"notes\":{\"none\":null,\"one\":1},\"unsigned\":18446744073709551615,"
                + "\"utc\":\"2026-01-31T08:15:30.123456Z\"}");
        assertThat(records.get(1).problems()).containsExactly("file kinds.parquet, row 2: float: \"NaN\" is not a decimal number");
        assertThat(records.get(1).raw()).contains("\"i64\"").contains("-9223372036854775808");
        assertThat(records.get(2).document().text()).contains("\"lines\":null").contains("\"exact\":null").doesNotContain("nowhere");
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndTheOthersGoOn() throws IOException {
        copy("packed-snappy.parquet", "a-good.parquet");
        copy("packed-brotli.parquet", "b-packed.parquet");
        copy("encrypted.parquet", "c-encrypted.parquet");
        Files.write(folder.resolve("d-cut.parquet"), Arrays.copyOf(Files.readAllBytes(DATA.resolve("groups.parquet")), 30_000));
        Files.writeString(folder.resolve("e-text.parquet"), "CASE;TITLE\n1;none\n");
        Files.createFile(folder.resolve("f-empty.parquet"));
        copy("kinds.parquet", "g-other.parquet");
        copy("pages-v2.parquet", "h-good.parquet");
        List<Page> pages = fixture.pages(read(CASES, 100));
        List<Observed> records = pages.stream().flatMap(page -> page.records().stream()).toList();
        assertThat(records.stream().filter(Observed::isFit)).hasSize(600);
        assertThat(problems(records)).satisfiesExactly(
                packed -> assertThat(packed).startsWith("file b-packed.parquet cannot be read: column ").contains("packed with brotli"),
                encrypted -> assertThat(encrypted).isEqualTo("file c-encrypted.parquet cannot be read: it is encrypted"),
                cut -> assertThat(cut).isEqualTo("file d-cut.parquet cannot be read: it has no end: it was cut off, or is still being written"),
                text -> assertThat(text).isEqualTo("file e-text.parquet cannot be read: it is no Parquet file"),
                empty -> assertThat(empty).isEqualTo("file f-empty.parquet cannot be read: it is empty"),
                other -> assertThat(other).startsWith("file g-other.parquet cannot be read: it has no column CASE for the key. It has at_ms, at_ns,")
                        .contains(" and 12 more"));
        // Promise 6: what the unread files hold may not be gone.
        assertThat(pages.get(pages.size() - 1).incomplete()).startsWith("file b-packed.parquet cannot be read: ")
                .endsWith("still being written; and more");
    }

    /** A byte of what another engine wrote may be wrong without anybody being able to tell; pages with checksums can be told, and ours have them. */
    @Test
    void whateverIsWrongWithItsBytesEndsTheFileAndNothingElse() throws IOException {
        java.nio.file.Path path = folder.resolve("broken.parquet");
        Map<String, String> right = new HashMap<>();
        try (OutputStream to = Files.newOutputStream(path); NewParquetFile file = NewParquetFile.open(to, List.of(new Column("CASE", Column.Kind.TEXT),
                new Column("TITLE", Column.Kind.TEXT), Column.decimal("AMOUNT", 15, 2), new Column("CHANGED_AT", Column.Kind.TIMESTAMP)), Map.of())) {
            for (int row = 0; row < 1_000; row++) {
                file.write(new Object[] {"C" + row, "Case " + row % 7, BigDecimal.valueOf(row, 2), Instant.EPOCH.plusSeconds(row)});
            }
        }
        byte[] whole = Files.readAllBytes(path);
        records().forEach(record -> right.put(record.key(), record.document().text()));
        assertThat(right).hasSize(1_000);
        SplittableRandom random = new SplittableRandom(5);
        int told = 0;
        int pages = whole.length - 8 - ByteBuffer.wrap(whole, whole.length - 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
        for (int round = 0; round < 300; round++) {
            byte[] broken = whole.clone();
            int at = random.nextInt(whole.length);
            broken[at] ^= (byte) (1 + random.nextInt(255));
            Files.write(path, broken);
            List<Observed> records = records();
            told += problems(records).isEmpty() ? 0 : 1;
            if (at < pages) {
                assertThat(records.stream().filter(Observed::isFit)).as("byte %s", at)
                        .allSatisfy(record -> assertThat(record.document().text()).isEqualTo(right.get(record.key())));
            }
        }
        assertThat(told).isGreaterThan(200);
    }

    @Test
    void aReadGoesOnAfterAnyOfItsPages() throws IOException {
        copy("groups.parquet", "a.parquet");
        Files.write(folder.resolve("b.parquet"), new byte[] {'P', 'A', 'R', '1', 0, 0, 0, 0, 0, 0, 0, 0, 0});
        copy("packed-gzip.parquet", "c.parquet");
        List<Page> pages = fixture.pages(read(CASES, 700));
        List<String> keys = SourceFixture.keys(pages);
        assertThat(keys).hasSize(10_301).startsWith("5000000000").endsWith("5000000299");
        for (int page : new int[] {0, 1, 5, 13}) {
            assertThat(SourceFixture.keys(fixture.pages(read(CASES, 700), pages.get(page).resume()))).as("behind page %s", page)
                    .isEqualTo(keys.subList(Math.min(700 * (page + 1), keys.size()), keys.size()));
        }
        List<Page> single = fixture.pages(read(CASES, 1));
        assertThat(SourceFixture.keys(fixture.pages(read(CASES, 999), single.get(10_000).resume()))).hasSize(300);
        Files.write(folder.resolve("a.parquet"), new byte[20]);
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read(CASES, 700), pages.get(3).resume())).kind())
                .isEqualTo(SourceFailure.Kind.POSITION_LOST);
    }

    @Test
    void aFileIsTakenOnceUnderWhateverNamesItWasDelivered() throws IOException {
        copy("packed-zstd.parquet", "cases.parquet");
        copy("packed-zstd.parquet", "cases (1).parquet");
        copy("packed-zstd.parquet", "under-way.parquet.part");
        assertThat(records()).hasSize(300);
        byte[] other = Files.readAllBytes(folder.resolve("cases.parquet"));
        other[100] ^= 1;
        Files.write(folder.resolve("cases.parquet"), other);
        assertThat(records()).as("of equal length, but not the same").hasSizeGreaterThan(300);
    }
}

package io.syncline.parquet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What DuckDB wrote, value by value; {@code src/test/data/parquet/make.mjs} made the files. */
class OtherEnginesFilesTest {
    private static final Path DATA = Path.of("src/test/data/parquet");
    private static final Set<String> CASE = Set.of("CASE", "TITLE", "AMOUNT", "CHANGED_AT");

    private static List<String> rows(String name, Set<String> columns) throws Exception {
        List<String> rows = new ArrayList<>();
        try (ParquetFile file = ParquetFile.open(DATA.resolve(name), columns)) {
            for (Row row = file.next(); row != null; row = file.next()) {
                assertThat(row.problems()).isEmpty();
                rows.add(row.text());
            }
        }
        return rows;
    }

    private static List<String> column(String name) throws Exception {
        return rows("kinds.parquet", Set.of(name)).stream().map(row -> row.substring(name.length() + 4, row.length() - 1)).toList();
    }

    @Test
    void numbersAreExact() throws Exception {
        assertThat(column("dec9")).containsExactly("12.50", "-9999999.99", "null");
        assertThat(column("dec18")).containsExactly("123456.654321", "-999999999999.999999", "null");
        assertThat(column("dec38")).containsExactly("12345678901234567890.0123456789", "-9999999999999999999999999999.9999999999", "null");
        assertThat(column("i8")).containsExactly("-1", "-128", "null");
        assertThat(column("i16")).containsExactly("-300", "-32768", "null");
        assertThat(column("i32")).containsExactly("-70000", "-2147483648", "null");
        assertThat(column("i64")).containsExactly("9007199254740993", "-9223372036854775808", "null");
        assertThat(column("u8")).containsExactly("200", "0", "null");
        assertThat(column("u16")).containsExactly("60000", "0", "null");
        assertThat(column("u32")).containsExactly("4000000000", "0", "null");
        assertThat(column("u64")).containsExactly("18446744073709551615", "0", "null");
        assertThat(column("f32")).containsExactly("0.1", "\"-Infinity\"", "null");
        assertThat(column("f64")).containsExactly("0.1", "\"NaN\"", "null");
        assertThat(column("truth")).containsExactly("true", "false", "null");
    }

    @Test
    void timesKeepEveryDigitAndAreOnlyInUtcWhereTheFileSaysSo() throws Exception {
        assertThat(column("day")).containsExactly("\"2026-02-28\"", "\"0001-01-01\"", "null");
        assertThat(column("clock")).containsExactly("\"13:45:06.789012\"", "\"00:00:00\"", "null");
        assertThat(column("at_ms")).containsExactly("\"2026-01-31T10:15:30.123\"", "\"1969-12-31T23:59:59.999\"", "null");
        assertThat(column("at_us")).containsExactly("\"2026-01-31T10:15:30.123456\"", "\"1969-12-31T23:59:59.999999\"", "null");
        assertThat(column("at_ns")).containsExactly("\"2026-01-31T10:15:30.123456789\"", "\"1969-12-31T23:59:59.999999999\"", "null");
        assertThat(column("at_utc")).containsExactly("\"2026-01-31T08:15:30.123456Z\"", "\"1969-12-31T23:59:59.999999Z\"", "null");
        assertThat(column("span")).containsExactly("\"P14M3DT4.5S\"", "\"P0M0DT0S\"", "null");
    }

    @Test
    void textsAndBytes() throws Exception {
        assertThat(column("name")).containsExactly("\"Grüße 😀\"", "\"\"", "null");
        assertThat(column("bytes")).containsExactly("\"AP8=\"", "\"\"", "null");
        assertThat(column("code")).containsExactly("\"123e4567-e89b-12d3-a456-426614174000\"", "\"00000000-0000-0000-0000-000000000000\"", "null");
        assertThat(column("stage")).containsExactly("\"open\"", "\"closed\"", "null");
        assertThat(column("doc")).containsExactly("{\"b\":[1,2.50,null],\"a\":{\"deep\":true}}", "null", "null");
    }

    @Test
    void nestedValues() throws Exception {
        assertThat(column("tags")).containsExactly("[\"a\",null,\"c\"]", "[]", "null");
        assertThat(column("grid")).containsExactly("[[1,2],[],null,[3]]", "[]", "null");
        assertThat(column("place")).containsExactly("{\"city\":\"Gent\",\"geo\":{\"lat\":51.053820,\"lon\":3.722270}}", "{\"city\":null,\"geo\":null}", "null");
        assertThat(column("notes")).containsExactly("{\"one\":1,\"none\":null}", "{}", "null");
        assertThat(column("lines")).containsExactly("[{\"sku\":\"X-1\",\"qty\":1.500},{\"sku\":null,\"qty\":null}]", "[]", "null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"packed-uncompressed", "packed-snappy", "packed-gzip", "packed-zstd", "pages-v2"})
    void howeverItIsPacked(String name) throws Exception {
        List<String> rows = rows(name + ".parquet", CASE);
        assertThat(rows).hasSize(300).isEqualTo(rows("packed-uncompressed.parquet", CASE));
        assertThat(rows.get(299)).isEqualTo("{\"CASE\":\"5000000299\",\"TITLE\":\"Case 299\",\"AMOUNT\":110.63,\"CHANGED_AT\":\"2026-11-01T12:59:00Z\"}");
    }

    @Test
    void whatCannotBeUnpackedSaysWhatToWrite() {
        assertThatThrownBy(() -> rows("packed-brotli.parquet", CASE)).isInstanceOf(UnreadableFile.class)
                .hasMessageMatching("column [A-Z_]+ is packed with brotli, which cannot be unpacked; write it with snappy, gzip, zstd or uncompressed");
        assertThatThrownBy(() -> rows("packed-lz4_raw.parquet", CASE)).isInstanceOf(UnreadableFile.class).hasMessageContaining("packed with lz4_raw");
        assertThatThrownBy(() -> rows("encrypted.parquet", CASE)).isInstanceOf(UnreadableFile.class).hasMessage("it is encrypted");
    }

    @Test
    void rowsArePassedOverAcrossRowGroups() throws Exception {
        for (int passed : new int[] {0, 1, 2047, 2048, 2049, 9999, 10000}) {
            try (ParquetFile file = ParquetFile.open(DATA.resolve("groups.parquet"), Set.of("CASE"))) {
                assertThat(file.skip(passed)).isTrue();
                Row row = file.next();
                assertThat(row == null ? "end" : row.number() + row.text()).as("behind %s", passed)
                        .isEqualTo(passed == 10000 ? "end" : "%d{\"CASE\":\"50%08d\"}".formatted(passed + 1, passed));
            }
        }
        try (ParquetFile file = ParquetFile.open(DATA.resolve("groups.parquet"), Set.of("CASE"))) {
            assertThat(file.skip(10001)).isFalse();
        }
    }
}

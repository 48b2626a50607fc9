package io.syncline.export;

import com.fasterxml.jackson.core.JsonParser;
import io.syncline.export.Columns.Lead;
import io.syncline.parquet.ParquetFile;
import io.syncline.parquet.Row;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Json;
import io.syncline.record.Missing;
import io.syncline.record.Observed;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecordWriterTest {
    private static final java.nio.file.Path GOLDEN = java.nio.file.Path.of("src/test/data/parquet/exported.parquet");
    private static final Shape SHAPE = new Shape(List.of(field("active", FieldType.BOOLEAN), field("amount", FieldType.DECIMAL),
            field("count", FieldType.INTEGER), field("doc", FieldType.JSON), field("due", FieldType.DATE),
            field("exact", FieldType.DECIMAL), field("title", FieldType.TEXT),
            field("touched", FieldType.TIMESTAMP), field("wide", FieldType.DECIMAL)));
    private static final Columns COLUMNS = new Columns(List.of(new Lead("_row", FieldType.INTEGER), new Lead("_key", FieldType.TEXT),
            new Lead("_since", FieldType.TIMESTAMP)), SHAPE, Map.of("amount", new Digits(15, 2), "wide", new Digits(38, 10)), Map.of("syncline.snapshot", "7"));

    @TempDir
    private java.nio.file.Path folder;

    private record Written(List<Object> lead, Document document) {
    }

    private static Field field(String name, FieldType type) {
        return new Field(name, type, Path.of(name), false, false, true, TimeFormat.ISO, null);
    }

    private static List<Written> records() {
        return List.of(
                new Written(List.of(1L, "A-1", Instant.parse("2026-11-21T10:00:00.123456Z")), SHAPE.document(new Object[] {true, new BigDecimal("12.5"),
                    9007199254740993L, new Json("{\"a\":[1,2.5]}"), LocalDate.parse("2026-02-28"), new BigDecimal("0.1234567890123456789"), "Grüße, \"du\"\n",
                    Instant.parse("2026-01-31T10:15:30.000001Z"), new BigDecimal("-1234567890123456789012345678.0123456789")})),
                new Written(List.of(2L, "=1+1", Instant.parse("0001-01-01T00:00:00Z")), SHAPE.document(new Object[] {false, new BigDecimal("-0.01"), -1L,
                    new Json("[]"), LocalDate.parse("0001-01-01"), BigDecimal.ZERO, "", Instant.parse("9999-12-31T23:59:59.999999Z"), BigDecimal.ZERO})),
                new Written(Arrays.asList(3L, null, null), SHAPE.document(new Object[] {null, null, null, null, null, null, null, null, Missing.MISSING})),
                new Written(List.of(4L, "gone", Instant.EPOCH), null));
    }

    private static byte[] written(Format format) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(to, COLUMNS)) {
            for (Written record : records()) {
                writer.write(record.lead(), record.document());
            }
        }
        return to.toByteArray();
    }

    @Test
    void jsonLinesHoldTheDocumentByteForByte() throws IOException {
        String[] lines = new String(written(Format.JSON_LINES), StandardCharsets.UTF_8).split("\n");
        assertThat(lines).hasSize(4);
        assertThat(lines[0]).isEqualTo("{\"_row\":1,\"_key\":\"A-1\",\"_since\":\"2026-11-21T10:00:00.123456Z\","
                + records().get(0).document().text().substring(1));
        assertThat(lines[3]).isEqualTo("{\"_row\":4,\"_key\":\"gone\",\"_since\":\"1970-01-01T00:00:00Z\"}");
    }

    @Test
    void csvIsSafeToOpen() throws IOException {
        assertThat(new String(written(Format.CSV), StandardCharsets.UTF_8)).isEqualTo(
                "_row,_key,_since,active,amount,count,doc,due,exact,title,touched,wide\r\n"
                + "1,A-1,2026-11-21T10:00:00.123456Z,true,12.5,9007199254740993,\"{\"\"a\"\":[1,2.5]}\",2026-02-28,0.1234567890123456789,"
                + "\"Grüße, \"\"du\"\"\n\","
                + "2026-01-31T10:15:30.000001Z,-1234567890123456789012345678.0123456789\r\n"
                + "2,'=1+1,0001-01-01T00:00:00Z,false,-0.01,-1,[],0001-01-01,0,\"\",9999-12-31T23:59:59.999999Z,0\r\n"
                + "3,,,,,,,,,,,\r\n"
                + "4,gone,1970-01-01T00:00:00Z,,,,,,,,,\r\n");
    }

    @Test
    void parquetIsReadBackExactly() throws Exception {
        java.nio.file.Path path = Files.write(folder.resolve("exported.parquet"), written(Format.PARQUET));
        SideMapping mapping = new SideMapping(SHAPE, List.of(Path.of("_row")), null, null, TimeFormat.ISO, null);
        Set<String> columns = SHAPE.fields().stream().map(Field::name).collect(Collectors.toSet());
        columns.addAll(List.of("_row", "_key", "_since"));
        List<Observed> read = new ArrayList<>();
        List<String> rows = rows(path, columns, mapping, read);
        assertThat(read).extracting(Observed::key).containsExactly("1", "2", "3", "4");
        assertThat(read.get(0).document()).isEqualTo(records().get(0).document());
        assertThat(read.get(1).document()).isEqualTo(records().get(1).document());
        assertThat(read.get(2).document()).isEqualTo(read.get(3).document());
        assertThat(rows.get(1)).startsWith("{\"_row\":2,\"_key\":\"=1+1\",\"_since\":\"0001-01-01T00:00:00Z\",\"active\":false,\"amount\":-0.01,");
        // What DuckDB makes of it stands in exported.txt, so it must still be this file.
        assertThat(rows).isEqualTo(rows(GOLDEN, columns, mapping, new ArrayList<>()));
    }

    private static List<String> rows(java.nio.file.Path path, Set<String> columns, SideMapping mapping, List<Observed> read) throws Exception {
        List<String> rows = new ArrayList<>();
        try (ParquetFile file = ParquetFile.open(path, columns)) {
            for (Row row = file.next(); row != null; row = file.next()) {
                rows.add(row.text());
                try (JsonParser parser = row.parser()) {
                    read.add(mapping.read(parser));
                }
            }
        }
        return rows;
    }

    @Test
    void nothingIsRoundedToFitAColumn() throws IOException {
        Columns tight = new Columns(List.of(), SHAPE, Map.of("amount", new Digits(4, 2)), Map.of());
        for (String number : List.of("0.001", "100.00")) {
            RecordWriter writer = Format.PARQUET.open(new ByteArrayOutputStream(), tight);
            Object[] values = new Object[9];
            values[1] = new BigDecimal(number);
            assertThatThrownBy(() -> writer.write(List.of(), SHAPE.document(values))).isInstanceOf(ArithmeticException.class);
        }
        Digits all = Digits.of(new BigDecimal("0.001")).and(Digits.of(new BigDecimal("-12345"))).and(Digits.of(new BigDecimal("1E+3")));
        assertThat(all).isEqualTo(new Digits(8, 3));
        assertThat(Digits.of(BigDecimal.ZERO)).isEqualTo(new Digits(1, 0));
    }

    @Test
    void manyRecordsLeaveAsTheyCome() throws IOException {
        Document document = records().get(0).document();
        long[] left = new long[2];
        try (RecordWriter writer = Format.PARQUET.open(new OutputStream() {
            @Override
            public void write(int one) {
                left[0]++;
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                left[0] += length;
            }
        }, COLUMNS)) {
            for (long row = 0; row < 300_000; row++) {
                writer.write(List.of(row, "key of " + row * 7_919 % 300_007, Instant.ofEpochSecond(row * 7_919)), document);
                left[1] = left[1] == 0 && left[0] > 1_000 ? row : left[1];
            }
        }
        assertThat(left[1]).isBetween(1L, 250_000L);
    }

    @Test
    void columnsAreThereOnce() {
        assertThatThrownBy(() -> new Columns(List.of(new Lead("title", FieldType.TEXT)), SHAPE, Map.of(), Map.of())).hasMessage("column title is there twice");
    }
}

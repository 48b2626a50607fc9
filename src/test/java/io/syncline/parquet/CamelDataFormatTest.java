package io.syncline.parquet;

import io.syncline.parquet.Column.Kind;
import org.apache.avro.LogicalTypes;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Camel's data format reads what is exported, in somebody's route; and it shows why files are read through ours, which extends it:
 * {@code docs/decisions/20261121-parquet.md}.
 */
class CamelDataFormatTest {
    private static final String ROUTE = """
            - route:
                id: read-export
                from:
                  uri: direct:read-export
                  steps:
                    - unmarshal: {parquetAvro: {lazyLoad: true}}
                    - split:
                        simple: "${body}"
                        streaming: true
                        steps:
                          - to: {uri: "seda:rows?waitForTaskToComplete=Never"}
            """;

    private static final String EXACT = """
            - route:
                id: read-exactly
                from:
                  uri: direct:read-export
                  steps:
                    - unmarshal: {custom: {ref: exactParquet}}
                    - split:
                        simple: "${body}"
                        streaming: true
                        steps:
                          - setBody: {simple: "${body.text}"}
                          - to: {uri: "seda:rows?waitForTaskToComplete=Never"}
            """;

    private static byte[] exported() throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (NewParquetFile file = NewParquetFile.open(to, List.of(new Column("key", Kind.TEXT), Column.decimal("amount", 15, 2),
                Column.decimal("exact", 38, 4), new Column("at", Kind.TIMESTAMP)), Map.of())) {
            for (int row = 0; row < 500; row++) {
                file.write(new Object[] {"key " + row, new BigDecimal("12.50"), new BigDecimal("12.5"), Instant.parse("2026-11-21T10:00:00Z")});
            }
        }
        return to.toByteArray();
    }

    @Test
    void aRouteReadsAnExportRowByRow() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("read-export.yaml", ROUTE));
            camel.start();
            GenericRecord last = rows(camel, exported()).get(499);
            assertThat(last.get("key")).hasToString("key 499");
            for (String amount : List.of("amount", "exact")) {
                LogicalTypes.Decimal decimal = (LogicalTypes.Decimal) last.getSchema().getField(amount).schema().getTypes().get(1).getLogicalType();
                assertThat(new BigDecimal(new BigInteger(((GenericFixed) last.get(amount)).bytes()), decimal.getScale())).isEqualByComparingTo("12.5");
            }
            // The trap: 1.85, stored as a number, comes a hundred times too large, and nothing in the record says so.
            GenericRecord other = rows(camel, Files.readAllBytes(Path.of("src/test/data/parquet/packed-zstd.parquet"))).get(5);
            assertThat(other.get("AMOUNT")).isEqualTo(185L);
            assertThat(other.getSchema().getField("AMOUNT").schema().toString()).doesNotContain("decimal");
        }
    }

    @Test
    void ourDataFormatReadsTheSameExactlyAndLeavesNothingBehind() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("exactParquet", ExactParquet.forRoutes());
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("read-export.yaml", EXACT));
            camel.start();
            Path file = Path.of("src/test/data/parquet/packed-zstd.parquet");
            long before = copies();
            for (Object body : List.of(file, file.toFile(), Files.readAllBytes(file), Files.newInputStream(file))) {
                camel.createProducerTemplate().sendBody("direct:read-export", body);
                List<String> rows = new ArrayList<>();
                String row;
                while ((row = camel.createConsumerTemplate().receiveBodyNoWait("seda:rows", String.class)) != null) {
                    rows.add(row);
                }
                assertThat(rows).as("%s", body.getClass()).hasSize(300);
                assertThat(rows.get(5)).contains("\"AMOUNT\":1.85");
            }
            assertThat(copies()).as("a stream's copy goes with its exchange").isEqualTo(before);
            byte[] half = Arrays.copyOf(Files.readAllBytes(file), 2_000);
            assertThatThrownBy(() -> camel.createProducerTemplate().sendBody("direct:read-export", half)).rootCause()
                    .hasMessageContaining("it has no end: it was cut off");
            assertThat(copies()).isEqualTo(before);
        }
    }

    /** Of this process: others of this machine have theirs, which come and go. */
    private static long copies() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith(ExactParquet.COPY)).count();
        }
    }

    private static List<GenericRecord> rows(CamelContext camel, byte[] file) {
        camel.createProducerTemplate().sendBody("direct:read-export", file);
        List<GenericRecord> rows = new ArrayList<>();
        GenericRecord row;
        while ((row = camel.createConsumerTemplate().receiveBodyNoWait("seda:rows", GenericRecord.class)) != null) {
            rows.add(row);
        }
        return rows;
    }
}

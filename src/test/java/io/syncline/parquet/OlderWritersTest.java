package io.syncline.parquet;

import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** Forms that DuckDB reads but does not write: those of Hive, Impala, Spark, Thrift and Avro, which lie in many folders. */
class OlderWritersTest {
    @TempDir
    private Path folder;

    private record Read(List<String> rows, List<String> problems) {
    }

    @SafeVarargs
    private Read written(String columns, Consumer<Group>... rows) throws Exception {
        MessageType schema = MessageTypeParser.parseMessageType("message rows { " + columns + " }");
        Path path = folder.resolve("written.parquet");
        try (OutputStream to = Files.newOutputStream(path); ParquetWriter<Group> writer = ExampleParquetWriter.builder(new FileOutput(to)).withType(schema)
                .withConf(new PlainParquetConfiguration()).withCodecFactory(new Compression()).build()) {
            for (Consumer<Group> row : rows) {
                Group group = new SimpleGroup(schema);
                row.accept(group);
                writer.write(group);
            }
        }
        Read read = new Read(new ArrayList<>(), new ArrayList<>());
        try (ParquetFile file = ParquetFile.open(path, schema.getFields().stream().map(Type::getName).collect(Collectors.toSet()))) {
            for (Row row = file.next(); row != null; row = file.next()) {
                read.rows().add(row.text());
                read.problems().addAll(row.problems());
            }
        }
        return read;
    }

    @Test
    void timestampsOf96BitsHaveNoZone() throws Exception {
        assertThat(written("optional int96 at;", row -> row.add("at", new NanoTime(2_461_072, 36_930_123_456_789L)), row -> { },
                row -> row.add("at", new NanoTime(2_440_587, 86_399_999_999_999L))).rows())
                .containsExactly("{\"at\":\"2026-01-31T10:15:30.123456789\"}", "{\"at\":null}", "{\"at\":\"1969-12-31T23:59:59.999999999\"}");
    }

    @Test
    void decimalsOfEveryStorage() throws Exception {
        byte[] long40 = new BigDecimal("-1234567890123456789012345678901234567890").toBigInteger().toByteArray();
        assertThat(written("required int32 a (DECIMAL(9,2)); required int64 b (DECIMAL(18,0)); required binary c (DECIMAL(40,20));"
                + " required fixed_len_byte_array(3) d (DECIMAL(5,5));", row -> row.append("a", -1).append("b", Long.MAX_VALUE)
                .append("c", Binary.fromConstantByteArray(long40)).append("d", Binary.fromConstantByteArray(new byte[] {-1, -1, -2}))).rows())
                .containsExactly("{\"a\":-0.01,\"b\":9223372036854775807,\"c\":-12345678901234567890.12345678901234567890,\"d\":-0.00002}");
    }

    @Test
    void timesInEveryUnit() throws Exception {
        assertThat(written("required int64 a (TIMESTAMP(NANOS,true)); required int64 b (TIMESTAMP(MILLIS,false)); required int64 c (TIMESTAMP_MICROS);"
                + " required int32 d (TIME_MILLIS); required int64 e (TIME(NANOS,false));", row -> row.append("a", 1L).append("b", -1L).append("c", 1_000L)
                .append("d", 1).append("e", 86_399_999_999_999L)).rows()).containsExactly("{\"a\":\"1970-01-01T00:00:00.000000001Z\","
                        + "\"b\":\"1969-12-31T23:59:59.999\",\"c\":\"1970-01-01T00:00:00.001Z\",\"d\":\"00:00:00.001\",\"e\":\"23:59:59.999999999\"}");
    }

    @Test
    void listsOfTwoLevelsAndRepeatedColumns() throws Exception {
        assertThat(written("repeated int32 bare; optional group plain (LIST) { repeated int32 element; }"
                + " optional group pairs (LIST) { repeated group element { required int32 a; optional int32 b; } }"
                + " optional group avro (LIST) { repeated group array { required int32 a; } }"
                + " optional group hive (LIST) { repeated group hive_tuple { required int32 a; } }"
                + " optional group bag (LIST) { repeated group bag { optional int32 array_element; } }",
                row -> {
                    row.append("bare", 1).append("bare", 2);
                    row.addGroup("plain").append("element", 3).append("element", 4);
                    row.addGroup("pairs").addGroup("element").append("a", 5);
                    row.addGroup("avro").addGroup("array").append("a", 6);
                    row.addGroup("hive").addGroup("hive_tuple").append("a", 7);
                    Group bag = row.addGroup("bag");
                    bag.addGroup("bag").append("array_element", 8);
                    bag.addGroup("bag");
                }, row -> { }).rows()).containsExactly("{\"bare\":[1,2],\"plain\":[3,4],\"pairs\":[{\"a\":5,\"b\":null}],\"avro\":[{\"a\":6}],"
                + "\"hive\":[{\"a\":7}],\"bag\":[8,null]}", "{\"bare\":[],\"plain\":null,\"pairs\":null,\"avro\":null,\"hive\":null,\"bag\":null}");
    }

    @Test
    void whatCannotBeToldExactlyIsAProblemOfItsRowAlone() throws Exception {
        Read read = written("required binary text (STRING); required binary doc (JSON); required int32 day (DATE);"
                + " optional group notes (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }",
                row -> {
                    row.append("text", Binary.fromConstantByteArray(new byte[] {(byte) 0xC3})).append("doc", "{half").append("day", 0);
                    Group notes = row.addGroup("notes");
                    notes.addGroup("key_value").append("key", "a").append("value", 1);
                    notes.addGroup("key_value").append("key", "a").append("value", 2);
                }, row -> row.append("text", "fine").append("doc", "[1.10]").append("day", 1));
        assertThat(read.problems()).containsExactlyInAnyOrder("column text: holds bytes that are no UTF-8", "column doc: is no JSON",
                "column notes: holds the key a twice");
        assertThat(read.rows().get(1)).isEqualTo("{\"text\":\"fine\",\"doc\":[1.10],\"day\":\"1970-01-02\",\"notes\":null}");
    }
}

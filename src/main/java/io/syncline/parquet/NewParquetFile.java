package io.syncline.parquet;

import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a Parquet file in one go: a row group leaves for the stream when it has about 8 MB or 100,000 rows, so memory is bounded however many rows there are.
 * All columns may be null; instants are microseconds in UTC; pages are packed with snappy, which every reader of Parquet knows.
 */
public final class NewParquetFile implements Closeable {
    private static final long ROW_GROUP = 8L << 20;
    private static final int MOST_ROWS = 100_000;
    private static final int PAGE = 256 << 10;
    private static final int LONGEST_NUMBER = 38;

    private final ParquetWriter<Object[]> writer;

    private NewParquetFile(ParquetWriter<Object[]> writer) {
        this.writer = writer;
    }

    /**
     * @param about what the file says of itself, beside its rows
     * @param to    stays open when the file is closed
     */
    public static NewParquetFile open(OutputStream to, List<Column> columns, Map<String, String> about) throws IOException {
        return new NewParquetFile(new Writing(new FileOutput(to), columns, about).withConf(new PlainParquetConfiguration()).withCodecFactory(new Compression())
                .withCompressionCodec(CompressionCodecName.SNAPPY).withRowGroupSize(ROW_GROUP).withRowGroupRowCountLimit(MOST_ROWS)
                .withPageSize(PAGE).withDictionaryPageSize(PAGE)
                .withPageWriteChecksumEnabled(true).build());
    }

    /** @param values one a column */
    public void write(Object[] values) throws IOException {
        writer.write(values);
    }

    /** Writes what the file ends with; without it, it is none. */
    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Writing extends ParquetWriter.Builder<Object[], Writing> {
        private final List<Column> columns;
        private final Map<String, String> about;

        Writing(FileOutput to, List<Column> columns, Map<String, String> about) {
            super(to);
            this.columns = List.copyOf(columns);
            this.about = Collections.unmodifiableMap(new LinkedHashMap<>(about));
        }

        @Override
        protected Writing self() {
            return this;
        }

        @Override
        protected WriteSupport<Object[]> getWriteSupport(org.apache.hadoop.conf.Configuration conf) {
            return new Rows(columns, about);
        }

        @Override
        protected WriteSupport<Object[]> getWriteSupport(ParquetConfiguration conf) {
            return new Rows(columns, about);
        }
    }

    private static final class Rows extends WriteSupport<Object[]> {
        private final List<Column> columns;
        private final Map<String, String> about;
        private RecordConsumer to;

        Rows(List<Column> columns, Map<String, String> about) {
            this.columns = columns;
            this.about = about;
        }

        @Override
        public String getName() {
            return "syncline";
        }

        @Override
        public WriteContext init(org.apache.hadoop.conf.Configuration conf) {
            return context();
        }

        @Override
        public WriteContext init(ParquetConfiguration conf) {
            return context();
        }

        private WriteContext context() {
            List<Type> types = new ArrayList<>();
            columns.forEach(column -> types.add(type(column)));
            return new WriteContext(new MessageType("record", types), about);
        }

        @Override
        public void prepareForWrite(RecordConsumer consumer) {
            to = consumer;
        }

        @Override
        public void write(Object[] values) {
            to.startMessage();
            for (int at = 0; at < values.length; at++) {
                if (values[at] != null) {
                    Column column = columns.get(at);
                    to.startField(column.name(), at);
                    write(column, values[at]);
                    to.endField(column.name(), at);
                }
            }
            to.endMessage();
        }

        private void write(Column column, Object value) {
            switch (column.kind()) {
                case TEXT, JSON -> to.addBinary(Binary.fromString((String) value));
                case INTEGER -> to.addLong((Long) value);
                case BOOLEAN -> to.addBoolean((Boolean) value);
                case DATE -> to.addInteger(Math.toIntExact(((LocalDate) value).toEpochDay()));
                case TIMESTAMP -> to.addLong(micros((Instant) value));
                case DECIMAL -> to.addBinary(Binary.fromConstantByteArray(padded(digits(column, (BigDecimal) value), bytes(column))));
            }
        }

        private static long micros(Instant instant) {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
        }

        private static byte[] padded(BigInteger digits, int length) {
            byte[] bytes = digits.toByteArray();
            byte[] padded = new byte[length];
            Arrays.fill(padded, 0, length - bytes.length, (byte) (digits.signum() < 0 ? -1 : 0));
            System.arraycopy(bytes, 0, padded, length - bytes.length, bytes.length);
            return padded;
        }

        /** Never rounded: what a column does not take is refused. */
        private static BigInteger digits(Column column, BigDecimal value) {
            BigDecimal scaled = value.setScale(column.scale());
            if (scaled.precision() > column.precision()) {
                throw new ArithmeticException(column.name() + " has more digits than its column takes: " + value.toPlainString());
            }
            return scaled.unscaledValue();
        }
    }

    private static Type type(Column column) {
        return switch (column.kind()) {
            case TEXT -> optional(column, PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType());
            case JSON -> optional(column, PrimitiveTypeName.BINARY, LogicalTypeAnnotation.jsonType());
            case INTEGER -> optional(column, PrimitiveTypeName.INT64, LogicalTypeAnnotation.intType(64, true));
            case BOOLEAN -> optional(column, PrimitiveTypeName.BOOLEAN, null);
            case DATE -> optional(column, PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType());
            case TIMESTAMP -> optional(column, PrimitiveTypeName.INT64, LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS));
            // As bytes, however few digits: readers that go through Avro lose the scale of decimals that are stored as numbers.
            case DECIMAL -> Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY).length(bytes(column)).as(decimal(column)).named(column.name());
        };
    }

    /** So many take every number of the precision, with its sign. */
    private static int bytes(Column column) {
        return BigInteger.TEN.pow(column.precision()).bitLength() / 8 + 1;
    }

    private static LogicalTypeAnnotation decimal(Column column) {
        if (column.precision() < 1 || column.precision() > LONGEST_NUMBER || column.scale() < 0
                || column.scale() > column.precision()) {
            throw new IllegalArgumentException("column " + column.name() + ": no decimal column has " + column.precision() + " digits, " + column.scale()
                    + " of them behind the point");
        }
        return LogicalTypeAnnotation.decimalType(column.scale(), column.precision());
    }

    private static PrimitiveType optional(Column column, PrimitiveTypeName stored, LogicalTypeAnnotation logical) {
        return Types.optional(stored).as(logical).named(column.name());
    }
}

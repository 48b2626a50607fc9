package io.syncline.parquet;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.BsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Base64;
import java.util.UUID;

/**
 * What the values of a column are, exactly: no decimal and no whole number passes through a double, and a time without a zone stays one without a zone.
 * What is not a number or a number beyond all numbers is a text, so that only a text field takes it.
 */
abstract class ColumnType {
    private static final long JULIAN_EPOCH = 2_440_588;
    private static final long NANOS_A_DAY = 86_400_000_000_000L;
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true).toFormatter();

    Object ofLong(long value) {
        throw new IllegalStateException("a number where there should be none");
    }

    Object ofBytes(Binary value) {
        throw new IllegalStateException("bytes where there should be none");
    }

    Object ofFloat(float value) {
        return Float.isFinite(value) ? new BigDecimal(Float.toString(value)) : Float.toString(value);
    }

    Object ofDouble(double value) {
        return Double.isFinite(value) ? new BigDecimal(Double.toString(value)) : Double.toString(value);
    }

    static ColumnType of(PrimitiveType column) {
        LogicalTypeAnnotation logical = column.getLogicalTypeAnnotation();
        if (column.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
            return bytes(ColumnType::int96);
        }
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            return decimal(decimal.getScale());
        }
        boolean number = column.getPrimitiveTypeName() == PrimitiveTypeName.INT32 || column.getPrimitiveTypeName() == PrimitiveTypeName.INT64;
        return number ? ofNumber(column, logical) : ofBytes(logical);
    }

    private static ColumnType ofNumber(PrimitiveType column, LogicalTypeAnnotation logical) {
        if (logical instanceof DateLogicalTypeAnnotation) {
            return number(value -> LocalDate.ofEpochDay(value).toString());
        }
        if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
            long perSecond = perSecond(timestamp.getUnit());
            return number(value -> instant(Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (1_000_000_000L / perSecond),
                    timestamp.isAdjustedToUTC()));
        }
        if (logical instanceof TimeLogicalTypeAnnotation time) {
            long nanos = 1_000_000_000L / perSecond(time.getUnit());
            return number(value -> LocalTime.ofNanoOfDay(Math.multiplyExact(value, nanos)).format(TIME));
        }
        if (logical instanceof IntLogicalTypeAnnotation whole && !whole.isSigned()) {
            return column.getPrimitiveTypeName() == PrimitiveTypeName.INT32 ? number(value -> value & 0xFFFF_FFFFL)
                    : number(value -> value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value)));
        }
        return number(value -> value);
    }

    private static ColumnType ofBytes(LogicalTypeAnnotation logical) {
        if (logical instanceof StringLogicalTypeAnnotation || logical instanceof EnumLogicalTypeAnnotation) {
            return bytes(ColumnType::text);
        }
        if (logical instanceof JsonLogicalTypeAnnotation) {
            return bytes(value -> text(value) instanceof String text && Struct.isJson(text) ? new Struct.JsonText(text) : new Unfit("is no JSON"));
        }
        if (logical instanceof UUIDLogicalTypeAnnotation) {
            return bytes(value -> {
                ByteBuffer from = value.toByteBuffer();
                return new UUID(from.getLong(), from.getLong()).toString();
            });
        }
        if (logical instanceof IntervalLogicalTypeAnnotation) {
            return bytes(ColumnType::interval);
        }
        if (logical instanceof Float16LogicalTypeAnnotation) {
            return bytes(ColumnType::float16);
        }
        if (logical instanceof BsonLogicalTypeAnnotation) {
            return bytes(value -> new Unfit("is BSON, which cannot be read"));
        }
        return bytes(value -> Base64.getEncoder().encodeToString(value.getBytesUnsafe()));
    }

    private static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> 1_000;
            case MICROS -> 1_000_000;
            case NANOS -> 1_000_000_000;
        };
    }

    private static String instant(long seconds, long nanos, boolean utc) {
        Instant instant = Instant.ofEpochSecond(seconds, nanos);
        return utc ? instant.toString() : LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
    }

    /** The older writers' timestamps do not say whether they are adjusted to UTC, so they are times without a zone. */
    private static Object int96(Binary value) {
        ByteBuffer from = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = from.getLong();
        long day = (from.getInt() & 0xFFFF_FFFFL) - JULIAN_EPOCH;
        day += Math.floorDiv(nanos, NANOS_A_DAY);
        nanos = Math.floorMod(nanos, NANOS_A_DAY);
        return instant(day * 86_400 + nanos / 1_000_000_000, nanos % 1_000_000_000, false);
    }

    /** Months, days and milliseconds, none of which is so many of another. */
    private static Object interval(Binary value) {
        ByteBuffer from = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long months = from.getInt() & 0xFFFF_FFFFL;
        long days = from.getInt() & 0xFFFF_FFFFL;
        BigDecimal seconds = BigDecimal.valueOf(from.getInt() & 0xFFFF_FFFFL, 3).stripTrailingZeros();
        return "P" + months + "M" + days + "DT" + (seconds.signum() == 0 ? "0" : seconds.toPlainString()) + "S";
    }

    private static Object float16(Binary value) {
        int bits = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getShort();
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        double size = exponent == 0 ? fraction * 0x1p-24 : exponent == 31 ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : (1024 + fraction) * Math.scalb(1.0, exponent - 25);
        double number = bits < 0 ? -size : size;
        return Double.isFinite(number) ? new BigDecimal(number) : Double.toString(number);
    }

    private static Object text(Binary value) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(value.toByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            return new Unfit("holds bytes that are no UTF-8");
        }
    }

    private interface OfNumber {
        Object value(long stored);
    }

    private interface OfBytes {
        Object value(Binary stored);
    }

    private static ColumnType number(OfNumber read) {
        return new ColumnType() {
            @Override
            Object ofLong(long value) {
                try {
                    return read.value(value);
                } catch (DateTimeException | ArithmeticException e) {
                    return new Unfit("is outside of all calendars and clocks");
                }
            }
        };
    }

    private static ColumnType bytes(OfBytes read) {
        return new ColumnType() {
            @Override
            Object ofBytes(Binary value) {
                try {
                    return read.value(value);
                } catch (DateTimeException | ArithmeticException e) {
                    return new Unfit("is outside of all calendars and clocks");
                }
            }
        };
    }

    private static ColumnType decimal(int scale) {
        return new ColumnType() {
            @Override
            Object ofLong(long value) {
                return BigDecimal.valueOf(value, scale);
            }

            @Override
            Object ofBytes(Binary value) {
                return value.length() == 0 ? new Unfit("is a decimal number without digits")
                        : new BigDecimal(new BigInteger(value.getBytesUnsafe()), scale);
            }
        };
    }
}

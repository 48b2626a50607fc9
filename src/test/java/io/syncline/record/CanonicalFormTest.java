package io.syncline.record;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;

import static io.syncline.record.Records.field;
import static io.syncline.record.Records.read;
import static io.syncline.record.Records.set;
import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every record there can be, on generated ones. A failure names its seed, which replays it. */
class CanonicalFormTest {
    private static final int RECORDS = 4_000;
    private static final Field[] FIELDS = {
        field("flag", FieldType.BOOLEAN), field("day", FieldType.DATE), field("count", FieldType.INTEGER), field("price", FieldType.DECIMAL),
        field("name", FieldType.TEXT), field("at", FieldType.TIMESTAMP), field("nested", FieldType.JSON), set("tags")};
    private final SideMapping mapping = Records.mapping(FIELDS);
    private final Shape shape = mapping.shape();

    @Test
    void readingADocumentBackIsTheIdentity() {
        for (long seed = 0; seed < RECORDS; seed++) {
            Object[] values = new Generator(seed).values();
            Document document = shape.document(values);
            assertThat(shape.values(document)).as("seed %d", seed).isEqualTo(values);
            assertThat(shape.document(shape.values(document)).utf8()).as("seed %d", seed).isEqualTo(document.utf8());
        }
    }

    @Test
    void aCanonicalDocumentReadAsARecordIsItself() {
        for (long seed = 0; seed < RECORDS; seed++) {
            Document document = shape.document(new Generator(seed).values());
            assertThat(read(mapping, withKey(document.text())).document()).as("seed %d", seed).isEqualTo(document);
        }
    }

    @Test
    void howTheSourceWritesARecordNeverMatters() {
        for (long seed = 0; seed < RECORDS; seed++) {
            Object[] values = new Generator(seed).values();
            Random manner = new Random(seed);
            assertThat(read(mapping, asASourceMightWrite(values, manner)).document().text()).as("seed %d", seed).isEqualTo(shape.document(values).text());
        }
    }

    @Test
    void equalValuesHaveEqualBytesAndDifferentOnesDifferentBytes() {
        Map<String, List<Object>> seen = new HashMap<>();
        for (long seed = 0; seed < 4 * RECORDS; seed++) {
            Object[] values = new Generator(seed).few();
            List<Object> same = seen.putIfAbsent(shape.document(values).hashHex(), Arrays.asList(values));
            if (same != null) {
                assertThat(Arrays.asList(values)).as("seed %d", seed).isEqualTo(same);
            }
        }
        assertThat(seen.values()).doesNotHaveDuplicates().hasSizeGreaterThan(1000);
    }

    /** What is hashed and stored are the bytes of what is written everywhere else. */
    @Test
    void bytesSayWhatTheTextSays() {
        Shape one = new Shape(List.of(field("it", FieldType.TEXT)));
        List<Object> values = new ArrayList<>(Arrays.asList(null, true, 0L, Long.MIN_VALUE, "", "half \ud800", "\udc00 half", "\ud83d\ude00\ud83d",
                "ü\u0000\u007f\u0080\u07ff\u0800",
                "long ".repeat(9_000) + "\u20ac\"", Instant.EPOCH, Instant.MAX, Instant.MIN, Instant.parse("0000-12-31T23:59:59Z"),
                        Instant.parse("0001-01-01T00:00:00Z"),
                Instant.parse("9999-12-31T23:59:59.999999Z"), Instant.parse("+10000-01-01T00:00:00Z"), Instant.parse("2024-02-29T12:00:00.120Z"),
                Instant.parse("1900-02-28T23:59:59.000001Z"), Instant.ofEpochSecond(-1, 1), LocalDate.of(2024, 2, 29), new Json("[\"ü\",1]"),
                new BigDecimal("-0.000000000000000000000000000001"), new BigDecimal("12345678901234567890.5")));
        for (long seed = 0; seed < RECORDS; seed++) {
            values.addAll(Arrays.asList(new Generator(seed).values()));
            SplittableRandom random = new SplittableRandom(seed);
            values.add(Instant.ofEpochSecond(random.nextLong(-62_135_596_800L, 253_402_300_800L), random.nextInt(3) == 0 ? random.nextInt(1_000) * 1_000_000
                    : random.nextInt(1_000_000) * 1_000));
        }
        for (Object value : values) {
            if (value != Missing.MISSING) {
                StringBuilder text = new StringBuilder("{\"it\":");
                Canonical.value(text, value);
                assertThat(one.document(new Object[] {value}).utf8()).as("%s", value).isEqualTo(text.append('}').toString().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static String withKey(String document) {
        return document.equals("{}") ? "{\"id\":1}" : "{\"id\":1," + document.substring(1);
    }

    /** The same values in another order, with blanks, escapes and needless digits. */
    private String asASourceMightWrite(Object[] values, Random manner) {
        List<String> members = new ArrayList<>(List.of("\"id\" : 1", "\"\\u0075ndeclared\": {\"x\": [1, {}]}"));
        for (int i = 0; i < values.length; i++) {
            if (values[i] != Missing.MISSING) {
                members.add(" \"" + shape.fields().get(i).name() + "\"\n: " + written(values[i], manner));
            }
        }
        Collections.shuffle(members, manner);
        return "{" + String.join(" ,", members) + "}";
    }

    private static String written(Object value, Random manner) {
        if (value instanceof BigDecimal number) {
            String padded = number.setScale(number.scale() + manner.nextInt(4)).toPlainString();
            return manner.nextBoolean() ? padded : manner.nextBoolean() ? '"' + padded + '"' : number.movePointLeft(3).toPlainString() + "e3";
        }
        if (value instanceof Instant instant) {
            return '"' + instant.atOffset(ZoneOffset.ofHoursMinutes(manner.nextInt(18), 30)).toString() + '"';
        }
        if (value instanceof String text) {
            StringBuilder escaped = new StringBuilder("\"");
            text.chars().forEach(c -> escaped.append(manner.nextBoolean() || c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", c)
                    : String.valueOf((char) c)));
            return escaped.append('"').toString();
        }
        StringBuilder canonical = new StringBuilder();
        Canonical.value(canonical, value);
        return canonical.toString();
    }

    /** Replays exactly from its seed. */
    private final class Generator {
        private static final String[] RARE = {"", "\u0001", "\u001f", "\"", "\\", "/", "\b\f\n\r\t", "é", "\u2028", "\uffee", "\uffff", "😀", "\ud800\udc00",
                "a\u0301", "null", "\u007f"};
        private final SplittableRandom random;

        Generator(long seed) {
            random = new SplittableRandom(seed);
        }

        Object[] values() {
            return shape.fields().stream().map(field -> switch (random.nextInt(8)) {
                case 0 -> null;
                case 1 -> Missing.MISSING;
                default -> value(field);
            }).toArray();
        }

        /** Of so few that equal ones are bound to come up. */
        Object[] few() {
            Object[] values = new Object[shape.fields().size()];
            Arrays.fill(values, Missing.MISSING);
            values[shape.position("name")] = pick(null, "", "null", "1", Missing.MISSING);
            values[shape.position("price")] = pick(null, Missing.MISSING, Canonical.number("1"), Canonical.number("1.0"), Canonical.number("9007199254740993"),
                    Canonical.number("9007199254740992"));
                    values[shape.position("nested")] = pick(null, Missing.MISSING, new Json("{}"), new Json("[]"), new Json("\"\""), new Json("{\"a\":null}"),
                    new Json("1"), new Json("\"1\""));
            values[shape.position("tags")] = pick(null, Missing.MISSING, new Json("[]"), new Json("[1,2]"), new Json("[12]"));
            values[shape.position("flag")] = pick(null, Missing.MISSING, true, false);
            return values;
        }

        private Object pick(Object... choices) {
            return choices[random.nextInt(choices.length)];
        }

        private Object value(Field field) {
            return switch (field.type()) {
                case TEXT -> text();
                case INTEGER -> random.nextBoolean() ? random.nextLong() : (Object) (random.nextLong() >> random.nextInt(64));
                case DECIMAL -> number();
                case BOOLEAN -> random.nextBoolean();
                case TIMESTAMP -> Instant.ofEpochSecond(random.nextLong(-60_000_000_000L, 250_000_000_000L), 1000L * random.nextInt(1_000_000));
                case DATE -> LocalDate.of(random.nextInt(1, 10_000), random.nextInt(1, 13), random.nextInt(1, 29));
                case JSON -> new Json(field.set() ? tags() : nested(4));
            };
        }

        private BigDecimal number() {
            byte[] digits = new byte[random.nextInt(1, 12)];
            for (int i = 0; i < digits.length; i++) {
                digits[i] = (byte) random.nextInt(256);
            }
            return Canonical.number(new BigDecimal(new BigInteger(digits), random.nextInt(-20, 40)).toString());
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(6); i > 0; i--) {
                text.append(random.nextBoolean() ? RARE[random.nextInt(RARE.length)] : Character.toString(random.nextInt(' ', 0x250)));
            }
            return text.toString();
        }

        private String tags() {
            return random.ints(random.nextInt(5), 0, 1000).distinct().mapToObj(Integer::toString).sorted().toList().toString().replace(" ", "");
        }

        private String nested(int deepest) {
            StringBuilder to = new StringBuilder();
            switch (random.nextInt(deepest > 0 ? 7 : 5)) {
                case 0 -> Canonical.value(to, deepest == 4 ? "not null" : null);
                case 1 -> Canonical.value(to, random.nextBoolean());
                case 2 -> Canonical.value(to, number());
                case 3, 4 -> Canonical.value(to, text());
                case 5 -> {
                    List<String> items = new ArrayList<>();
                    for (int i = random.nextInt(4); i > 0; i--) {
                        items.add(nested(deepest - 1));
                    }
                    to.append('[').append(String.join(",", items)).append(']');
                }
                default -> {
                    Map<String, String> members = new TreeMap<>(ValueReader::byCodePoint);
                    for (int i = random.nextInt(4); i > 0; i--) {
                        members.put(text(), nested(deepest - 1));
                    }
                    members.forEach((name, member) -> {
                        to.append(to.isEmpty() ? "{" : ",");
                        Canonical.text(to, name);
                        to.append(':').append(member);
                    });
                    to.append(to.isEmpty() ? "{}" : "}");
                }
            }
            return to.toString();
        }
    }
}

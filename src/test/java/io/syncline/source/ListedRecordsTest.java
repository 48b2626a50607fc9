package io.syncline.source;

import io.syncline.config.SourceConfig.Paging;
import io.syncline.record.Excerpt;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.SideMapping.Deletion;
import io.syncline.record.TimeFormat;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records are read twice in this product: without a parser where they have the usual form, and by one. Whatever a source sends, both must come to the same, to
 * the last byte, or fail with the same words. A failure names its seed, which replays it.
 */
class ListedRecordsTest {
    private static final int PAGES = 6_000;
    private static final RecordForm BY_PARSER = (parser, mapping) -> mapping.read(parser);
    private static final Asked ASKED = new Asked("shop", "GET /items");
    private static final Paging PAGING = new Paging(Paging.Kind.PAGE, "page", false, 1, "size", 500, null, null, List.of("total"), null,
            Paging.End.TOTAL, 100, true);
    private static final List<SideMapping> MAPPINGS = List.of(
            mapping(List.of("id"), null, text("a"), field("b", FieldType.INTEGER, "b"), field("c", FieldType.DECIMAL, "c"), field("d", FieldType.BOOLEAN, "d"),
                    field("e", FieldType.TIMESTAMP, "e"), field("f", FieldType.DATE, "f"), field("g", FieldType.JSON, "g")),
            mapping(List.of("id", "a"), new Deletion(Path.of("d"), Set.of("true", "null", "trash", "1")), text("a"), text("id"),
                    field("b", FieldType.TEXT, "b.a"), field("c", FieldType.DECIMAL, "b.b"), field("f", FieldType.INTEGER, "c.0"), text("\u00fc")),
            mapping(List.of("b.id"), new Deletion(Path.of("a"), Set.of("false", "", "12")), field("a", FieldType.JSON, "a"), field("b", FieldType.JSON, "b"),
                    field("c", FieldType.TIMESTAMP, "b.e"), new Field("d", FieldType.JSON, Path.of("d"), true, false, false, TimeFormat.ISO, null),
                    new Field("e", FieldType.TIMESTAMP, Path.of("e"), false, false, true, TimeFormat.of("epoch-millis", ZoneOffset.UTC), null),
                    new Field("f", FieldType.DATE, Path.of("f"), false, false, true, TimeFormat.of("dd.MM.yyyy", ZoneOffset.UTC), null),
                    new Field("g", FieldType.JSON, Path.of("g"), false, true, true, TimeFormat.ISO, null),
                    new Field("h", FieldType.JSON, Path.of("g"), false, false, true, TimeFormat.ISO, null, null, new Excerpt(null, List.of(Path.of("a"))))));

    private static Field text(String name) {
        return field(name, FieldType.TEXT, name);
    }

    private static Field field(String name, FieldType type, String from) {
        return new Field(name, type, Path.of(from), false, false, false, TimeFormat.ISO, null);
    }

    private static SideMapping mapping(List<String> key, Deletion deletion, Field... fields) {
        return new SideMapping(new Shape(List.of(fields)), key.stream().map(Path::of).toList(), Path.of("v"), Path.of("m"), TimeFormat.ISO, deletion);
    }

    @Test
    void whatIsReadWithoutAParserIsWhatAParserReads() {
        int fit = 0;
        int failed = 0;
        int withoutParser = 0;
        for (long seed = 0; seed < PAGES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SideMapping mapping = MAPPINGS.get(random.nextInt(MAPPINGS.size()));
            byte[] body = damaged(new Pages(random).page().getBytes(StandardCharsets.UTF_8), random);
            String read = read(body, mapping, RecordForm.PLAIN);
            assertThat(read).as("seed %d: %s", seed, new String(body, StandardCharsets.UTF_8)).isEqualTo(read(body, mapping, BY_PARSER));
            fit += read.contains("\nfit ") ? 1 : 0;
            failed += read.startsWith("failed") ? 1 : 0;
            withoutParser += Charsets.isUtf8(body) && ListedRecords.read(body, 0, List.of("data", "items"), mapping, (record, from, to) -> { }) != null ? 1 : 0;
        }
        assertThat(fit).isGreaterThan(PAGES / 8);
        assertThat(failed).isGreaterThan(PAGES / 10);
        assertThat(withoutParser).isGreaterThan(PAGES / 3);
    }

    @Test
    void aPageOfUsualRecordsIsReadWithoutAParser() {
        byte[] body = """
                {"data": {"items": [{"id": 1, "a": "caf\\u00e9 \\ud83d\\ude00", "c": 4.50, "e": "2024-02-29T23:59:59.1234567Z", "g": {"b": 1, "a": [true]}}]},
                "total": 1}
                """.getBytes(StandardCharsets.UTF_8);
        List<Observed> records = new ArrayList<>();
        byte[] around = ListedRecords.read(body, 0, List.of("data", "items"), MAPPINGS.get(0), (record, from, to) -> records.add(record));
        assertThat(new String(around, StandardCharsets.UTF_8)).isEqualTo("{\"data\": {\"items\": []},\n\"total\": 1}\n");
        assertThat(records).extracting(record -> record.document().text()).containsExactly(
                "{\"a\":\"caf\u00e9 \ud83d\ude00\",\"c\":4.5,\"e\":\"2024-02-29T23:59:59.123456Z\",\"g\":{\"a\":[true],\"b\":1}}");
    }

    /** Each part is short; what parts them is written twice in the one text that they become. */
    @Test
    void aKeyThatIsTooLongInOnePieceOnlyIsTooLong() {
        for (int length : new int[] {120, 124, 125, 126, 150, 197, 198, 199}) {
            for (String letter : List.of("|", "k", "\\\\", "\\u007c", "\u00fc")) {
                String part = '"' + letter.repeat(length) + '"';
                byte[] body = ("{\"data\":{\"items\":[{\"id\":" + part + ",\"a\":" + part + "}]}}").getBytes(StandardCharsets.UTF_8);
                assertThat(read(body, MAPPINGS.get(1), RecordForm.PLAIN)).as("%d times %s", length, letter).isEqualTo(read(body, MAPPINGS.get(1), BY_PARSER));
            }
        }
        String pipes = '"' + "|".repeat(198) + '"';
        byte[] body = ("{\"data\":{\"items\":[{\"id\":" + pipes + ",\"a\":" + pipes + "}]}}").getBytes(StandardCharsets.UTF_8);
        assertThat(read(body, MAPPINGS.get(1), RecordForm.PLAIN)).contains("key: is longer than 500 characters");
    }

    /** At the top, at the end of a long way, at a place in a list, behind a mark that says that it is UTF-8; and in an answer that goes on behind its end. */
    @Test
    void theListIsTheSameWhereverItStands() {
        for (long seed = 0; seed < PAGES / 6; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SideMapping mapping = MAPPINGS.get(random.nextInt(MAPPINGS.size()));
            String list = new Pages(random).list();
            String rest = random.nextInt(4) == 0 ? new String[] {" ", "\n\t", "1", "]", ",", "{}", "\u0000", "\ufeff"}[random.nextInt(8)] : "";
            String[] bodies = {list + rest, "[0, " + list + "]" + rest, "{\"1\": " + list + "}" + rest, "{\"0\": 1, \"1\": " + list + ", \"1\": []}",
                "{\"a\":".repeat(60) + list + "}".repeat(60) + rest, "{\"\\u0031\": " + list + "}"};
            int which = random.nextInt(bodies.length);
            List<String> way = which == 0 ? List.of() : which == 4 ? Collections.nCopies(60, "a") : List.of("1");
            byte[] body = damaged(((random.nextBoolean() ? "\ufeff" : "") + bodies[which]).getBytes(StandardCharsets.UTF_8), random);
            assertThat(read(body, way, mapping, RecordForm.PLAIN)).as("seed %d: %s", seed, new String(body, StandardCharsets.UTF_8))
                    .isEqualTo(read(body, way, mapping, BY_PARSER));
        }
    }

    /** Records with the same members in the same order, but for one here and there; what was read of one must not be taken for what the next one says. */
    @Test
    void aRecordUnlikeTheOnesBeforeItIsReadAsItIs() {
        int withoutParser = 0;
        for (long seed = 0; seed < PAGES / 3; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SideMapping mapping = MAPPINGS.get(random.nextInt(MAPPINGS.size()));
            byte[] body = ("{\"data\":{\"items\":" + new Pages(random).alike() + "}" + (random.nextBoolean() ? "}" : ",\"total\":1}"))
                    .getBytes(StandardCharsets.UTF_8);
            String read = read(body, mapping, RecordForm.PLAIN);
            assertThat(read).as("seed %d: %s", seed, new String(body, StandardCharsets.UTF_8)).isEqualTo(read(body, mapping, BY_PARSER));
            withoutParser += ListedRecords.read(body, 0, List.of("data", "items"), mapping, (record, from, to) -> { }) != null ? 1 : 0;
        }
        assertThat(withoutParser).isGreaterThan(PAGES / 6);
    }

    /** More members than are remembered, and again in the next record. */
    @Test
    void aRecordOfVeryManyMembersIsReadToItsEnd() {
        for (int members : new int[] {97, 98, 99, 100, 101, 102, 103, 104, 300}) {
            String many = LongStream.range(0, members).mapToObj(i -> "\"n" + i + "\":" + i + ",").collect(Collectors.joining());
            String list = LongStream.range(0, 3).mapToObj(i -> "{" + many + "\"id\":" + i + ",\"a\":\"x" + i + "\"}").collect(Collectors.joining(","));
            byte[] body = ("{\"data\":{\"items\":[" + list + "]},\"total\":3}").getBytes(StandardCharsets.UTF_8);
            assertThat(read(body, MAPPINGS.get(0), RecordForm.PLAIN)).as("%d members", members).contains("{\"a\":\"x2\"}")
                    .isEqualTo(read(body, MAPPINGS.get(0), BY_PARSER));
        }
    }

    /** Wanted or not, and however deep it stands. */
    @Test
    void aNameOfHalfACharacterIsNoName() {
        for (String name : List.of("\\ud83d", "a\\uDE00", "\\ud83d\\ud83d", "\\ud83da", "\\ud83d\\ude00", "\\ud7ff", "\\\\ud83d", "\\u0061")) {
            for (String member : List.of("\"%s\":\"x\"", "\"other\":{\"%s\":1}", "\"b\":{\"%s\":1}", "\"c\":[{\"%s\":1}]")) {
                byte[] body = ("{\"data\":{\"items\":[{\"id\":1," + member.formatted(name) + "}]},\"total\":1}").getBytes(StandardCharsets.UTF_8);
                for (SideMapping mapping : MAPPINGS) {
                    assertThat(read(body, mapping, RecordForm.PLAIN)).as(new String(body, StandardCharsets.UTF_8)).isEqualTo(read(body, mapping, BY_PARSER));
                }
            }
        }
    }

    /** What a thread keeps for its next record is its own. */
    @Test
    void readsAtTheSameTimeDoNotTouchEachOther() {
        List<Long> seeds = LongStream.range(0, 400).boxed().toList();
        Function<RecordForm, Function<Long, String>> read = form -> seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            return read(new Pages(random).page().getBytes(StandardCharsets.UTF_8), MAPPINGS.get(random.nextInt(MAPPINGS.size())), form);
        };
        List<String> alone = seeds.stream().map(read.apply(BY_PARSER)).toList();
        assertThat(seeds.parallelStream().map(read.apply(RecordForm.PLAIN)).toList()).isEqualTo(alone);
    }

    private static String read(byte[] body, SideMapping mapping, RecordForm form) {
        return read(body, List.of("data", "items"), mapping, form);
    }

    private static String read(byte[] body, List<String> way, SideMapping mapping, RecordForm form) {
        try {
            HttpAnswer answer = new HttpAnswer(200, Map.of(), body, Instant.EPOCH);
            JsonAnswer.Understood page = JsonAnswer.page(answer, way, PAGING, mapping, form, ASKED);
            StringBuilder read = new StringBuilder().append(page.total()).append(' ').append(page.fingerprint());
            page.records().forEach(record -> read.append('\n').append(record.isFit() ? "fit " : "unfit ").append(record.key()).append(' ')
                    .append(record.document()).append(' ').append(record.document() == null ? null : record.document().hashHex()).append(' ')
                    .append(record.version()).append(' ').append(record.modifiedAt()).append(' ').append(record.deleted()).append(' ')
                    .append(record.problems()).append(' ').append(record.raw()));
            return read.toString();
        } catch (SourceFailure failure) {
            return "failed: " + failure.getMessage();
        }
    }

    /** Mostly as it is; otherwise with a byte too many, too few or another one, or without its end. */
    private static byte[] damaged(byte[] body, SplittableRandom random) {
        int at = random.nextInt(body.length);
        byte other = (byte) " \"\\{}[]:,0-.eEtnu\u0001/\t".charAt(random.nextInt(20));
        switch (random.nextInt(16)) {
            case 0 -> {
                return Arrays.copyOf(body, at);
            }
            case 1 -> {
                byte[] less = Arrays.copyOf(body, body.length - 1);
                System.arraycopy(body, at + 1, less, at, body.length - at - 1);
                return less;
            }
            case 2 -> {
                byte[] more = Arrays.copyOf(body, body.length + 1);
                System.arraycopy(body, at, more, at + 1, body.length - at);
                more[at] = other;
                return more;
            }
            case 3 -> body[at] = other;
            default -> {
                return body;
            }
        }
        return body;
    }

    /** Pages as sources send them, and as none should. */
    private static final class Pages {
        private static final String[] NAMES = {
            "id", "a", "b", "c", "d", "e", "f", "g", "v", "m", "\u00fc", "other", "", "na\\u006de", "\\u0061", "aa", "items"};
        /** Those that are wanted, and prefixes of each other. */
        private static final String[] ALIKE = {"a", "aa", "aaaa", "aaaaa", "aaaaaaaaaaaa", "aaaaaaaaaaaaa", "b", "c", "e", "f", "g", "v", "m", "\u00fc"};
        private static final String[] NUMBERS = {
            "0", "1", "12", "-5", "-0", "-0.0", "0.0", "4.50", "4.5", "0.05", "-0.5", "100", "1e3", "1E+2", "1.5e-3", "1e400", "123456789012345678",
            "1234567890123456789", "9223372036854775807", "9223372036854775808", "9007199254740993", "0.12345678901234567", "12345678901234567.8",
            "1700000000000", "01", "-01", "1.", ".5", "-", "+1", "1e", "1.e2", "NaN", "Infinity", "0x10", "00", "1".repeat(99), "1".repeat(100),
            "1".repeat(101), "1".repeat(1_000), "1".repeat(1_001), "0." + "0".repeat(90) + "1"};
        private static final String[] TEXTS = {
            "", "x", "abc def", "true", "false", "null", "12", "007", "-5", "-0", "+5", "4.50", "1e3", " 1", "\u0663", "trash",
            "\u00fc\u20ac\ud83d\ude00", "\\u00fc", "\\u0000", "a\\u0000b", "\\ud83d\\ude00", "\\uD83D\\uDE00!", "\\ud83d", "\\ude00\\ud83d",
            "\\ud83d\\ud83d\\ude00", "\\ud83dx", "\\u001f\\u0008\\u000C", "\\/\\b\\f\\n\\r\\t\\\"\\\\",
            "\\u0022\\u005c\\u007f\\u0080\\u07ff\\u0800\\uffff", "\\x", "\\u12", "\\u12g4", "\u007f", "\u0001", "a\nb", "\\", "letters".repeat(40),
            "k".repeat(398), "k".repeat(399), "k".repeat(500), "k".repeat(501), "\u20ac".repeat(300)};
        private static final String[] TIMES = {
            "2026-01-31", "2026-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "0001-01-01", "2026-13-01", "2026-00-10",
            "2026-01-00", "2026-1-31", "31.01.2026", "2026-01-31T10:15:30Z", "2024-02-29T23:59:59.1Z", "2026-01-31T10:15:30.120Z",
            "2026-01-31T10:15:30.1234567Z", "2026-01-31T10:15:30.000000Z", "2026-01-31T10:15:30.0000009Z", "2026-01-31T10:15:30.123456789Z",
            "2026-01-31T10:15:30.1234567891Z", "2026-01-31T10:15:30.Z", "2026-01-31T24:00:00Z", "2026-01-31T23:60:00Z", "2026-12-31T23:59:60Z",
            "2026-02-29T10:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2026-01-31T10:15:30+02:00",
            "2026-01-31T10:15:30-0800", "2026-01-31T10:15:30", "2026-01-31 10:15:30Z", "2026-01-31t10:15:30z", "2026-01-31T10:15Z",
            "2026-01-31T10-15:30Z", "1970-01-01T00:00:00.5Z", "1969-12-31T23:59:59.999Z", "1582-10-10T00:00:00.1Z"};
        private final SplittableRandom random;

        Pages(SplittableRandom random) {
            this.random = random;
        }

        String list() {
            StringBuilder records = new StringBuilder();
            for (int rest = random.nextInt(4); rest >= 0; rest--) {
                records.append(blank()).append(random.nextInt(20) == 0 ? value(0) : record()).append(blank()).append(rest == 0 ? "" : ",");
            }
            return "[" + (random.nextInt(10) == 0 ? "" : records) + "]";
        }

        /** Many records of the same members, some of them with one member too few, too many, or elsewhere. */
        String alike() {
            List<String> names = new ArrayList<>(List.of("id", "d"));
            for (String name : ALIKE) {
                names.add(random.nextInt(names.size() + 1), name);
            }
            StringBuilder records = new StringBuilder();
            for (int rest = random.nextInt(30); rest >= 0; rest--) {
                List<String> own = new ArrayList<>(names);
                int at = random.nextInt(own.size());
                switch (random.nextInt(10)) {
                    case 0 -> own.remove(at);
                    case 1 -> own.subList(at, Math.min(own.size(), at + 3)).clear();
                    case 2 -> own.add(own.remove(at));
                    case 3 -> own.add(at, ALIKE[random.nextInt(ALIKE.length)]);
                    case 4 -> own.set(at, "\\u0061");
                    case 5 -> own.set(at, own.get(at) + "a");
                    case 6 -> own.set(at, own.get(at).substring(1));
                    default -> own.set(at, own.get(at));
                }
                records.append(own.stream().map(this::member).collect(Collectors.joining(",", "{", "}"))).append(rest == 0 ? "" : ",");
            }
            return "[" + records + "]";
        }

        private String member(String name) {
            String before = random.nextInt(30) == 0 ? blank() : "";
            String behind = random.nextInt(30) == 0 ? blank() : "";
            String last = random.nextBoolean() ? ",\"e\":" + likely("e") : "";
            String value = !name.equals("b") || random.nextInt(4) == 0 ? likely(name)
                    : "{\"id\":" + likely("id") + ",\"a\":" + likely("a") + ",\"b\":" + likely("c") + last + "}";
            return before + '"' + name + '"' + behind + ":" + value;
        }

        String page() {
            String list = list();
            String total = "\"total\":" + (random.nextInt(10) == 0 ? value(0) : "7");
            String items = "\"items\":" + blank() + list;
            String data = "\"data\":{" + (random.nextInt(3) == 0 ? "\"also\":" + plainValue() + "," : "") + items
                    + (random.nextInt(20) == 0 ? "," + items : "") + (random.nextInt(3) == 0 ? ",\"more\":" + value(0) : "") + "}";
            String both = random.nextBoolean() ? total + "," + data : data + "," + total;
            return blank() + (random.nextInt(40) == 0 ? data : "{" + blank() + both + "}") + blank();
        }

        private String record() {
            boolean usual = random.nextBoolean();
            String id = !usual && random.nextInt(4) == 0 ? value(0) : Integer.toString(random.nextInt(100));
            List<String> members = new ArrayList<>(List.of("\"id\":" + id, "\"d\":" + likely("d")));
            for (int i = random.nextInt(8); i > 0; i--) {
                String name = NAMES[random.nextInt(NAMES.length)];
                if (random.nextInt(20) != 0 && members.stream().anyMatch(member -> member.contains("\"" + name + "\""))) {
                    continue;
                }
                String value = usual ? likely(name) : switch (random.nextInt(6)) {
                    case 0 -> value(0);
                    case 1 -> plainValue();
                    default -> likely(name);
                };
                members.add(random.nextInt(5) == 0 ? members.size() / 2 : members.size(), blank() + '"' + name + '"' + blank() + ':' + blank() + value);
            }
            if (random.nextInt(3) == 0) {
                members.add("\"b\":{\"id\":" + likely("id") + ",\"b\":" + likely("c") + ",\"x\":" + plainValue() + ",\"a\":" + plainValue() + "}");
            }
            if (random.nextInt(4) == 0) {
                members.add("\"c\":[" + plainValue() + "," + plainValue() + "]");
            }
            return "{" + String.join(",", members) + blank() + "}";
        }

        /** A value as most fields of the name take it. */
        private String likely(String name) {
            return random.nextInt(12) == 0 ? "null" : switch (name) {
                case "id", "b", "v" -> Integer.toString(random.nextInt(2_000) - 500);
                case "c" -> NUMBERS[random.nextInt(24)];
                case "d" -> Boolean.toString(random.nextBoolean());
                case "e", "f", "m" -> '"' + time(name) + '"';
                default -> '"' + TEXTS[random.nextInt(27)] + '"';
            };
        }

        private String time(String name) {
            if (random.nextInt(4) == 0) {
                return TIMES[random.nextInt(TIMES.length)];
            }
            return name.equals("f") ? "2024-02-" + (10 + random.nextInt(20)) : Instant.ofEpochSecond(random.nextInt(), 1_000L * random.nextInt(3)).toString();
        }

        /** A value that every parser takes, and most fields. */
        private String plainValue() {
            return switch (random.nextInt(8)) {
                case 0 -> "null";
                case 1 -> random.nextBoolean() ? "true" : "false";
                case 2, 3 -> NUMBERS[random.nextInt(24)];
                default -> '"' + TEXTS[random.nextInt(27)] + '"';
            };
        }

        private String value(int depth) {
            return switch (random.nextInt(depth > 3 ? 9 : 14)) {
                case 0 -> "null";
                case 1 -> random.nextBoolean() ? "true" : "false";
                case 2 -> random.nextInt(10) == 0 ? "nul" : random.nextInt(10) == 0 ? "truex" : "false";
                case 3, 4 -> NUMBERS[random.nextInt(NUMBERS.length)];
                case 5, 6, 7, 8 -> '"' + TEXTS[random.nextInt(TEXTS.length)] + '"';
                case 9 -> random.nextInt(10) == 0 ? nested(80 + random.nextInt(30)) : "[]";
                case 10, 11 -> "[" + value(depth + 1) + blank() + "," + blank() + value(depth + 1) + (random.nextInt(20) == 0 ? "," : "") + "]";
                default -> "{\"a\":" + value(depth + 1) + "," + blank() + "\"" + NAMES[random.nextInt(NAMES.length)] + "\":" + value(depth + 1)
                        + (random.nextInt(20) == 0 ? "," : "") + "}";
            };
        }

        private String nested(int levels) {
            boolean lists = random.nextBoolean();
            return (lists ? "[" : "{\"a\":").repeat(levels) + "1" + (lists ? "]" : "}").repeat(levels);
        }

        private String blank() {
            return random.nextInt(4) == 0 ? " \n\r\t".substring(random.nextInt(4)) : "";
        }
    }
}

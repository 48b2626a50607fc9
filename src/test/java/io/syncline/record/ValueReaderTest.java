package io.syncline.record;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

import static io.syncline.record.Records.dated;
import static io.syncline.record.Records.field;
import static io.syncline.record.Records.one;
import static io.syncline.record.Records.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class ValueReaderTest {
    private static final Field TEXT = field("v", FieldType.TEXT);
    private static final Field INTEGER = field("v", FieldType.INTEGER);
    private static final Field DECIMAL = field("v", FieldType.DECIMAL);
    private static final Field BOOLEAN = field("v", FieldType.BOOLEAN);
    private static final Field TIMESTAMP = field("v", FieldType.TIMESTAMP);
    private static final Field DATE = field("v", FieldType.DATE);
    private static final Field NESTED = field("v", FieldType.JSON);

    @ParameterizedTest
    @CsvSource({
        "4.50, 4.5", "4.5, 4.5", "45e-1, 4.5", "0.45E+1, 4.5", "-0, 0", "-0.0, 0", "0e999999999, 0", "0e-999999999, 0", "1e2, 100", "1.00, 1", "100, 100",
        "1200E-2, 12", "0.1, 0.1", "1e-7, 0.0000001", "9007199254740993, 9007199254740993", "9007199254740992, 9007199254740992",
        "0.1000000000000000055511151231257827, 0.1000000000000000055511151231257827", "123456789012345678901234567890.12, 123456789012345678901234567890.12"})
    void equalNumbersAreWrittenAlikeAndDifferentOnesAreNot(String literal, String canonical) {
        assertThat(one(DECIMAL, literal)).isEqualTo(canonical);
        assertThat(one(DECIMAL, '"' + literal + '"')).as("as text").isEqualTo(canonical);
        assertThat(one(NESTED, "[" + literal + "]")).as("nested").isEqualTo("[" + canonical + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e-999999999", "1e2147483648", "1e-2147483648", "1e101", "1e-101", "1e99999999999999999999"})
    void aHugeExponentIsRefusedAtOnce(String literal) {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (Field field : new Field[] {DECIMAL, INTEGER, TEXT, NESTED}) {
                assertThat(one(field, literal)).contains("number");
            }
        });
    }

    @Test
    void aNumberOfAMillionDigitsInATextIsRefusedAtOnce() {
        String digits = '"' + "9".repeat(3_000_000) + '"';
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(one(DECIMAL, digits)).endsWith("is a number with too many digits").hasSizeLessThan(150);
            assertThat(one(INTEGER, digits)).endsWith("is a number with too many digits");
        });
    }

    @Test
    void aHundredDigitsOnEitherSideArePossibleAndNoMore() {
        String hundred = "9".repeat(100);
        assertThat(one(DECIMAL, hundred + "." + hundred)).isEqualTo(hundred + "." + hundred);
        assertThat(one(DECIMAL, "9" + hundred)).endsWith("too many digits");
        assertThat(one(DECIMAL, "0.0" + hundred)).endsWith("too many digits");
        assertThat(one(DECIMAL, "0." + hundred + "000")).as("needless digits do not count").isEqualTo("0." + hundred);
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740993, 9007199254740993", "9223372036854775807, 9223372036854775807", "-9223372036854775808, -9223372036854775808", "3.0, 3", "1e3, 1000",
        "-0, 0", "'\"42\"', 42", "'\"3.00\"', 3"})
    void aWholeNumberIsExact(String json, String canonical) {
        assertThat(one(INTEGER, json)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "3.5, 'v: \"3.5\" is not a whole number'",
        "9223372036854775808, 'v: \"9223372036854775808\" is a whole number beyond 64 bits: declare the field as decimal or text'",
        "-9223372036854775809, 'v: \"-9223372036854775809\" is a whole number beyond 64 bits: declare the field as decimal or text'",
        "'\"\"', 'v: \"\" is not a decimal number'",
        "'\" 1\"', 'v: \" 1\" is not a decimal number'",
        "'\"1_000\"', 'v: \"1_000\" is not a decimal number'",
        "'\"0x1F\"', 'v: \"0x1F\" is not a decimal number'",
        "'\"NaN\"', 'v: \"NaN\" is not a decimal number'",
        "'\"٣\"', 'v: \"٣\" is not a decimal number'",
        "true, 'v: \"true\" is true, not a whole number'",
        "[1], 'v: is a list, not a whole number'",
        "'{\"a\":1}', 'v: is an object, not a whole number'"})
    void whatIsNoWholeNumberIsRefusedWithItsReason(String json, String problem) {
        assertThat(one(INTEGER, json)).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"a\"', '\"a\"'", "'\"\"', '\"\"'", "4.50, '\"4.5\"'", "9007199254740993, '\"9007199254740993\"'", "'\"4.50\"', '\"4.50\"'", "'\"007\"', '\"007\"'",
        "'\"a\\/b\"', '\"a/b\"'", "'\"\\u00e9\"', '\"é\"'", "'\"\\ud83d\\ude00\"', '\"😀\"'", "'\"\\u001f\\n\\t\\\\\\\"\"', '\"\\u001f\\n\\t\\\\\\\"\"'",
        "'\" a \"', '\" a \"'"})
    void textIsTakenAsItIsAndEscapedInOneWay(String json, String canonical) {
        assertThat(one(TEXT, json)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\\ud83d\"", "\"\\ude00a\"", "\"\\ud83d\\ud83d\\ude00\"", "\"\\ude00\\ud83d\""})
    void halfOfASurrogatePairIsRefused(String json) {
        assertThat(one(TEXT, json)).endsWith("contains half of a surrogate pair, which is not a character");
        assertThat(one(NESTED, "{\"a\":" + json + "}")).endsWith("contains half of a surrogate pair, which is not a character");
        assertThat(one(NESTED, "{" + json + ":1}")).endsWith("contains half of a surrogate pair, which is not a character");
    }

    @Test
    void theCharacterThatPostgresCannotStoreIsRefused() {
        assertThat(one(TEXT, "\"a\\u0000b\"")).endsWith("contains the character U+0000, which PostgreSQL cannot store");
        assertThat(one(NESTED, "[[\"\\u0000\"]]")).endsWith("contains the character U+0000, which PostgreSQL cannot store");
        assertThat(one(NESTED, "{\"\\u0000\":1}")).endsWith("contains the character U+0000, which PostgreSQL cannot store");
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false", "'\"true\"', true", "1, 'v: \"1\" is a number, not true or false'",
            "'\"yes\"', 'v: \"yes\" is not true or false'",
        "'\"\"', 'v: \"\" is not true or false'", "[], 'v: is a list, not true or false'"})
    void truthIsTrueOrFalseAndNothingElse(String json, String expected) {
        assertThat(one(BOOLEAN, json)).isEqualTo(expected);
    }

    @Test
    void instantsAreNormalisedToUtc() {
        assertThat(one(TIMESTAMP, "\"2026-01-31T02:15:30-0800\"")).isEqualTo(one(TIMESTAMP, "\"2026-01-31T02:15:30-08:00\""))
                .isEqualTo("\"2026-01-31T10:15:30Z\"");
        assertThat(one(TIMESTAMP, "\"2026-01-31T10:15:30.1234567Z\"")).isEqualTo("\"2026-01-31T10:15:30.123456Z\"");
        assertThat(one(TIMESTAMP, "\"2026-01-31T10:15:30.000Z\"")).isEqualTo("\"2026-01-31T10:15:30Z\"");
        assertThat(one(dated("v", FieldType.TIMESTAMP, "epoch-millis"), "1704067200000")).isEqualTo("\"2024-01-01T00:00:00Z\"");
        assertThat(one(dated("v", FieldType.TIMESTAMP, "epoch-seconds"), "\"1704067200\"")).isEqualTo("\"2024-01-01T00:00:00Z\"");
        assertThat(one(TIMESTAMP, "\"yesterday\"")).isEqualTo("v: \"yesterday\" is not an instant in the format iso");
        assertThat(one(TIMESTAMP, "1704067200")).isEqualTo("v: \"1704067200\" is not an instant in the format iso");
    }

    @Test
    void aDateIsADayOfTheCalendarInItsDeclaredFormat() {
        assertThat(one(DATE, "\"2024-02-29\"")).isEqualTo("\"2024-02-29\"");
        assertThat(one(dated("v", FieldType.DATE, "dd.MM.yyyy"), "\"29.02.2024\"")).isEqualTo("\"2024-02-29\"");
        assertThat(one(dated("v", FieldType.DATE, "epoch-millis"), "1709164800000")).isEqualTo("\"2024-02-29\"");
        assertThat(one(DATE, "\"2023-02-29\"")).isEqualTo("v: \"2023-02-29\" is not a date like 2026-01-31");
        assertThat(one(DATE, "20240229")).isEqualTo("v: \"20240229\" is not a date like 2026-01-31");
        assertThat(one(dated("v", FieldType.DATE, "dd.MM.yyyy"), "\"2024-02-29\"")).isEqualTo("v: \"2024-02-29\" is not a date in the format dd.MM.yyyy");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"b\":1,\"a\":2}', '{\"a\":2,\"b\":1}'",
        "'{\"b\":{\"d\":4.50,\"c\":[1.0,{\"z\":null,\"y\":true}]}}', '{\"b\":{\"c\":[1,{\"y\":true,\"z\":null}],\"d\":4.5}}'",
        "'{}', '{}'", "[], []", "'\"a\"', '\"a\"'", "1.50, 1.5", "true, true", "null, null",
        "'{\"B\":1,\"a\":2,\"_\":3}', '{\"B\":1,\"_\":3,\"a\":2}'",
        "'{\"aa\":1,\"a\":2,\"\":3}', '{\"\":3,\"a\":2,\"aa\":1}'"})
    void nestedValuesHaveOneOrder(String json, String canonical) {
        assertThat(one(NESTED, json)).isEqualTo(canonical);
    }

    @Test
    void nestedMembersStandInTheOrderOfTheirUtf8Bytes() {
        assertThat(one(NESTED, "{\"😀\":1,\"\uffee\":2,\"é\":3,\"z\":4}")).isEqualTo("{\"z\":4,\"é\":3,\"\uffee\":2,\"😀\":1}");
    }

    @Test
    void aSetHasNoOrderAndNoDuplicatesButWhatIsInsideItDoes() {
        assertThat(one(set("v"), "[3,1.0,\"b\",1,[2,1],{\"b\":1,\"a\":2}]")).isEqualTo(one(set("v"), "[{\"a\":2,\"b\":1},\"b\",1,3.00,[2,1]]"));
        assertThat(one(set("v"), "[2,1,2]")).isEqualTo("[1,2]");
        assertThat(one(set("v"), "[[2,1]]")).isEqualTo("[[2,1]]");
        assertThat(one(NESTED, "[2,1,2]")).isEqualTo("[2,1,2]");
    }

    @Test
    void aNestedMemberThatStandsTwiceIsRefused() {
        assertThat(one(NESTED, "{\"a\":1,\"a\":1}")).isEqualTo("v: holds the member \"a\" twice");
        assertThat(one(NESTED, "[{\"x\":{\"a\":1,\"\\u0061\":2}}]")).isEqualTo("v: holds the member \"a\" twice");
    }

    @Test
    void aLongValueIsNotRepeatedInItsProblem() {
        assertThat(one(BOOLEAN, '"' + "x".repeat(10_000) + '"')).hasSizeLessThan(100).contains("…");
        assertThat(one(NESTED, "{\"" + "x".repeat(10_000) + "\":1,\"" + "x".repeat(10_000) + "\":1}")).hasSizeLessThan(120);
    }
}

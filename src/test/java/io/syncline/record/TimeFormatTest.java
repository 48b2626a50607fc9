package io.syncline.record;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TimeFormatTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T10:15:30Z,               2026-01-31T10:15:30Z",
        "2026-01-31T10:15Z,                  2026-01-31T10:15:00Z",
        "2026-01-31 10:15:30,                2026-01-31T10:15:30Z",
        "2026-01-31T10:15:30.5Z,             2026-01-31T10:15:30.5Z",
        "2026-01-31T02:15:30-0800,           2026-01-31T10:15:30Z",
        "2026-01-31T02:15:30-08:00,          2026-01-31T10:15:30Z",
        "2026-01-31T02:15:30-08,             2026-01-31T10:15:30Z",
        "2026-01-31T15:45:30+05:30,          2026-01-31T10:15:30Z",
        "2026-01-31T10:15:30+00:00,          2026-01-31T10:15:30Z",
        "2026-01-31T10:15:30-00:00,          2026-01-31T10:15:30Z",
        "2024-02-29T00:00:00Z,               2024-02-29T00:00:00Z",
        "0001-01-01T00:00:00Z,               0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z,        9999-12-31T23:59:59.999999Z"})
    void isoIsReadInAllItsForms(String text, Instant expected) {
        assertThat(TimeFormat.ISO.read(text)).isEqualTo(expected);
    }

    /** The usual form is read by a way of its own. */
    @Test
    void theUsualFormIsReadAsEveryOther() {
        SplittableRandom random = new SplittableRandom(20261122);
        for (int i = 0; i < 20_000; i++) {
            Instant instant = Instant.ofEpochSecond(random.nextLong(-62_135_596_800L, 253_402_300_800L), random.nextInt(1_000_000) * 1_000);
            assertThat(TimeFormat.ISO.read(instant.toString())).isEqualTo(instant);
            String text = instant.toString().substring(0, 19);
            char[] changed = text.toCharArray();
            changed[random.nextInt(changed.length)] = "0123456789-:T.Z".charAt(random.nextInt(15));
            assertThat(read(new String(changed) + "Z")).as(new String(changed)).isEqualTo(read(new String(changed) + "+00:00"));
        }
    }

    private static Instant read(String text) {
        try {
            return TimeFormat.ISO.read(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T10:15:30.1234567Z,       2026-01-31T10:15:30.123456Z",
        "2026-01-31T10:15:30.9999999Z,       2026-01-31T10:15:30.999999Z",
        "2026-01-31T10:15:30.123456789Z,     2026-01-31T10:15:30.123456Z",
        "2026-01-31T10:15:30.12345678901234Z,2026-01-31T10:15:30.123456Z",
        "1969-12-31T23:59:59.9999999Z,       1969-12-31T23:59:59.999999Z",
        "9999-12-31T23:59:59.9999999Z,       9999-12-31T23:59:59.999999Z"})
    void finerDigitsThanMicrosecondsAreCutAndNotRounded(String text, Instant expected) {
        assertThat(TimeFormat.ISO.read(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026", "2026-01-31", "2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T10:60Z", "2026-01-31T10:15:60Z", "2026-01-31T10:15:30.Z", "2026-01-31T10:15:30Zx",
        "2026-01-31T10:15:30+2", "2026-01-31T10:15:30+02:", "2026-01-31T10:15:30+02:60", "2026-01-31T10:15:30+19:00", "2026-01-31T  10:15Z", "2026-01-3110:15Z",
        "2026-1-31T10:15Z", " 2026-01-31T10:15Z", "2026-01-31T10:15:30,5Z", "٢٠٢٦-01-31T10:15Z", "0000-01-01T00:00:00Z", "-001-01-01T00:00:00Z",
        "+12026-01-31T10:15:30Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "now", "null", "1700000000"})
    void whatIsNoInstantIsRefusedAndNeverMovedToTheNextBestOne(String text) {
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> TimeFormat.ISO.read(text));
    }

    @Test
    void aLocalTimeIsTakenInTheDeclaredZone() {
        TimeFormat berlin = TimeFormat.of("iso", BERLIN);
        assertThat(berlin.read("2026-01-31T10:15:30")).isEqualTo("2026-01-31T09:15:30Z");
        assertThat(berlin.read("2026-07-31T10:15:30")).isEqualTo("2026-07-31T08:15:30Z");
        assertThat(berlin.read("2026-07-31T10:15:30Z")).as("a zone of its own comes first").isEqualTo("2026-07-31T10:15:30Z");
    }

    @Test
    void aSkippedLocalTimeCountsFromBeforeTheChangeAndADoubledOneIsTheFirst() {
        TimeFormat berlin = TimeFormat.of("iso", BERLIN);
        assertThat(berlin.read("2026-03-29T01:59:59")).isEqualTo("2026-03-29T00:59:59Z");
        assertThat(berlin.read("2026-03-29T02:30:00")).isEqualTo("2026-03-29T01:30:00Z");
        assertThat(berlin.read("2026-03-29T03:00:00")).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(berlin.read("2026-10-25T02:30:00")).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(berlin.read("2026-10-25T03:00:00")).isEqualTo("2026-10-25T02:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "epoch-seconds, 1704067200,          2024-01-01T00:00:00Z",
        "epoch-seconds, -1,                  1969-12-31T23:59:59Z",
        "epoch-seconds, 1704067200.1234567,  2024-01-01T00:00:00.123456Z",
        "epoch-seconds, -0.0000001,          1969-12-31T23:59:59.999999Z",
        "epoch-seconds, 1.7040672E9,         2024-01-01T00:00:00Z",
        "epoch-millis,  1704067200123,       2024-01-01T00:00:00.123Z",
        "epoch-millis,  -1,                  1969-12-31T23:59:59.999Z",
        "epoch-millis,  0,                   1970-01-01T00:00:00Z"})
    void epochsAreReadExactly(String format, String text, Instant expected) {
        assertThat(TimeFormat.of(format, ZoneOffset.UTC).read(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "9223372036854775807", "9223372036854775808", "1e99", "1e999999999", "-62135596801", "253402300800",
            "2024-01-01T00:00:00Z"})
    void whatIsNoEpochIsRefused(String text) {
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> TimeFormat.of("epoch-seconds", ZoneOffset.UTC).read(text));
    }

    @ParameterizedTest
    @CsvSource({
        "dd.MM.yyyy HH:mm,                31.01.2026 10:15,                 2026-01-31T09:15:00Z",
        "yyyy-MM-dd HH:mm:ss XX,          2026-01-31 10:15:30 -0800,        2026-01-31T18:15:30Z",
        "uuuu-MM-dd'T'HH:mm:ssVV,         2026-01-31T10:15:30America/Lima,  2026-01-31T15:15:30Z",
        "'EEE, dd MMM yyyy HH:mm:ss zzz', 'Sat, 31 Jan 2026 10:15:30 GMT',  2026-01-31T10:15:30Z",
        "MM/dd/yyyy hh:mm:ss a,           01/31/2026 10:15:30 pm,           2026-01-31T21:15:30Z",
        "yyyyMMdd,                        20260131,                         2026-01-30T23:00:00Z",
        "yyMMddHHmm,                      2601311015,                       2026-01-31T09:15:00Z"})
    void aPatternIsReadInItsOwnZoneOrTheDeclaredOne(String pattern, String text, Instant expected) {
        assertThat(TimeFormat.of(pattern, BERLIN).read(text)).isEqualTo(expected);
    }

    @Test
    void aPatternRefusesDaysThatNoCalendarHas() {
        TimeFormat german = TimeFormat.of("dd.MM.yyyy", BERLIN);
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> german.read("30.02.2026"));
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> german.readDate("31.04.2026"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HH:mm", "yyyy-MM", "not a pattern {", "", "iso8601x"})
    void aPatternThatCannotTellADayIsRefusedAtStartAndNotPerRecord(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> TimeFormat.of(pattern, BERLIN));
    }

    @ParameterizedTest
    @CsvSource({
        "iso,                       2026-01-31, 2026-01-31",
        "dd.MM.yyyy,                31.01.2026, 2026-01-31",
        "epoch-millis,              1769814000000, 2026-01-31",
        "yyyy-MM-dd'T'HH:mm:ss,     2026-01-31T23:59:59, 2026-01-31"})
    void aDateIsReadInItsFormat(String format, String text, LocalDate expected) {
        assertThat(TimeFormat.of(format, BERLIN).readDate(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-30", "2026-1-1", "0000-01-01", "2026-01-31T00:00:00Z", "20260131", "", "12026-01-01"})
    void whatIsNoIsoDateIsRefused(String text) {
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> TimeFormat.ISO.readDate(text));
    }

    @Test
    void whatIsSentInARequestIsWrittenAsTheSourceWritesIt() {
        Instant instant = Instant.parse("2026-01-31T09:15:30.123456Z");
        assertThat(TimeFormat.ISO.write(instant)).isEqualTo("2026-01-31T09:15:30.123456Z");
        assertThat(TimeFormat.of("epoch-seconds", BERLIN).write(instant)).isEqualTo("1769850930");
        assertThat(TimeFormat.of("epoch-millis", BERLIN).write(instant)).isEqualTo("1769850930123");
        assertThat(TimeFormat.of("yyyy-MM-dd HH:mm:ss", BERLIN).write(instant)).isEqualTo("2026-01-31 10:15:30");
        assertThat(TimeFormat.of("yyyy-MM-dd'T'HH:mm:ssXXX", BERLIN).write(instant)).isEqualTo("2026-01-31T10:15:30+01:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iso", "epoch-millis", "yyyy-MM-dd HH:mm:ss.SSS", "yyyy-MM-dd'T'HH:mm:ss.SSSXX"})
    void whatIsWrittenIsReadBackAsItWas(String format) {
        TimeFormat time = TimeFormat.of(format, ZoneId.of("Asia/Kolkata"));
        for (long millis = -900_000_000_000L; millis < 5_000_000_000_000L; millis += 98_765_432_109L) {
            assertThat(time.read(time.write(Instant.ofEpochMilli(millis)))).isEqualTo(Instant.ofEpochMilli(millis));
        }
    }
}

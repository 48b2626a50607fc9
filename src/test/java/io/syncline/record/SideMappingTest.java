package io.syncline.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

import static io.syncline.record.Records.JSON;
import static io.syncline.record.Records.deletedWhen;
import static io.syncline.record.Records.field;
import static io.syncline.record.Records.from;
import static io.syncline.record.Records.mapping;
import static io.syncline.record.Records.nullWhenMissing;
import static io.syncline.record.Records.read;
import static io.syncline.record.Records.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SideMappingTest {
    private static final Field NAME = field("name", FieldType.TEXT);
    private static final Field PRICE = field("price", FieldType.DECIMAL);

    @Test
    void aRecordIsItsDeclaredFieldsItsKeyAndItsMarks() {
        Observed observed = read(mapping(PRICE, NAME), """
                {"id": 7, "price": 4.50, "name": "Pump", "undeclared": {"deep": [1, 2]}, \
                "version": 9007199254740993, "modified": "2026-01-31T02:15:30-0800"}""");
        assertThat(observed.isFit()).isTrue();
        assertThat(observed.key()).isEqualTo("7");
        assertThat(observed.document().text()).isEqualTo("{\"name\":\"Pump\",\"price\":4.5}");
        assertThat(observed.version()).isEqualTo(9007199254740993L);
        assertThat(observed.modifiedAt()).isEqualTo(Instant.parse("2026-01-31T10:15:30Z"));
        assertThat(observed.deleted()).isFalse();
    }

    @Test
    void missingAndNullAreTwoThingsUnlessTheFieldSaysOtherwise() {
        assertThat(read(mapping(NAME), "{\"id\":1}").document().text()).isEqualTo("{}");
        assertThat(read(mapping(NAME), "{\"id\":1,\"name\":null}").document().text()).isEqualTo("{\"name\":null}");
        assertThat(read(mapping(NAME), "{\"id\":1,\"name\":\"\"}").document().text()).isEqualTo("{\"name\":\"\"}");
        assertThat(read(mapping(nullWhenMissing("name", FieldType.TEXT)), "{\"id\":1}").document().text()).isEqualTo("{\"name\":null}");
    }

    @Test
    void aRequiredFieldIsMissedWithItsReason() {
        SideMapping mapping = mapping(required("name", FieldType.TEXT), required("price", FieldType.DECIMAL));
        assertThat(read(mapping, "{\"id\":1,\"name\":null}").problems()).containsExactly("name: is required, but name is null",
                "price: is required, but price is missing");
                assertThat(read(mapping, "{\"id\":1,\"name\":\"\",\"price\":\"abc\"}").problems()).as("told once")
                .containsExactly("price: \"abc\" is not a decimal number");
        Field strict = new Field("name", FieldType.TEXT, Path.of("a.b"), true, false, true, TimeFormat.ISO, null);
        assertThat(read(mapping(strict), "{\"id\":1}").problems()).containsExactly("name: is required, but a.b is missing");
    }

    @Test
    void everyProblemOfARecordIsNamedAtOnce() {
        Observed observed = read(mapping(PRICE, field("count", FieldType.INTEGER)), "{\"price\":\"x\",\"count\":1.5,\"version\":\"v\",\"modified\":\"m\"}");
        assertThat(observed.problems()).containsExactly("price: \"x\" is not a decimal number", "count: \"1.5\" is not a whole number",
                "version: \"v\" is not a decimal number", "modified time: \"m\" is not an instant in the format iso", "key: id is missing");
        assertThat(observed.key()).isNull();
        assertThat(observed.document()).isNull();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "`{}`, key: id is missing", "`{\"id\":null}`, key: id is null", "`{\"id\":\"\"}`, key: id is empty",
                "`{\"id\":true}`, `key: \"true\" is true, not text`",
        "`{\"id\":[1]}`, `key: is a list, not text`", "`{\"id\":{\"a\":1}}`, `key: is an object, not text`",
        "`{\"id\":1,\"id\":1}`, `key: stands twice in the record`",
        "`{\"id\":1,\"id\":null}`, `key: stands twice in the record`",
        "`{\"id\":\"a\\u0000\"}`, `key: \"a\uFFFD\" contains the character U+0000, which PostgreSQL cannot store`"})
    void aRecordWithoutAReadableKeySaysWhy(String json, String problem) {
        Observed observed = read(mapping(NAME), json);
        assertThat(observed.problems()).containsExactly(problem);
        assertThat(observed.key()).isNull();
    }

    @Test
    void aKeyThatNoIndexCanHoldIsRefusedHereAndNotInThePublish() {
        assertThat(read(mapping(), "{\"id\":\"" + "k".repeat(500) + "\"}").isFit()).isTrue();
        assertThat(read(mapping(), "{\"id\":\"" + "k".repeat(501) + "\"}").problems()).containsExactly("key: is longer than 500 characters");
    }

    @Test
    void aKeyIsTheSameWhetherSentAsNumberOrAsText() {
        assertThat(read(mapping(), "{\"id\":9007199254740993}").key()).isEqualTo(read(mapping(), "{\"id\":\"9007199254740993\"}").key());
        assertThat(read(mapping(), "{\"id\":1.0}").key()).isEqualTo("1");
        assertThat(read(mapping(), "{\"id\":\"007\"}").key()).isEqualTo("007");
    }

    @Test
    void aCompoundKeyIsJoinedUnambiguously() {
        SideMapping mapping = new SideMapping(new Shape(List.of()), List.of(Path.of("a"), Path.of("b.c")), null, null, TimeFormat.ISO, null);
        assertThat(read(mapping, "{\"a\":\"a\",\"b\":{\"c\":\"bc\"}}").key()).isEqualTo("a|bc");
        assertThat(read(mapping, "{\"a\":\"a|b\",\"b\":{\"c\":\"c\"}}").key()).isEqualTo("a\\|b|c");
        assertThat(read(mapping, "{\"a\":\"a\"}").problems()).containsExactly("key: b.c is missing");
        assertThat(read(mapping, "{\"a\":\"a\",\"b\":null}").problems()).containsExactly("key: b.c is null");
    }

    @Test
    void aPathLeadsThroughObjectsAndArrays() {
        SideMapping mapping = mapping(from("partner", FieldType.INTEGER, "partner_id.0"), from("label", FieldType.TEXT, "partner_id.1"),
                from("city", FieldType.TEXT, "customer.address.city"), from("second", FieldType.TEXT, "lines.1.sku"));
        assertThat(read(mapping, """
                {"id":1,"partner_id":[42,"Acme"],"customer":{"address":{"zip":"x","city":"Lima"},"more":1},"lines":[{"sku":"a"},{"sku":"b"},{"sku":"c"}]}""")
                .document().text()).isEqualTo("{\"city\":\"Lima\",\"label\":\"Acme\",\"partner\":42,\"second\":\"b\"}");
    }

    @Test
    void nullHasNullBelowItAndAnythingElseWithoutTheMemberHasItMissing() {
        SideMapping mapping = mapping(from("city", FieldType.TEXT, "address.city"), from("zip", FieldType.TEXT, "address.zip"));
        assertThat(read(mapping, "{\"id\":1,\"address\":null}").document().text()).isEqualTo("{\"city\":null,\"zip\":null}");
        for (String nothing : new String[] {"[]", "{}", "[\"city\"]", "false", "\"Lima\"", "7", "[[]]", "{\"City\":1}"}) {
            assertThat(read(mapping, "{\"id\":1,\"address\":" + nothing + "}").document().text()).as(nothing).isEqualTo("{}");
        }
        assertThat(read(mapping, "{\"id\":1,\"address\":null,\"address\":{\"city\":\"Lima\"}}").problems()).containsExactly("city: stands twice in the record");
    }

    @Test
    void oneMemberMayBeAskedForInSeveralWaysAndStaysExact() {
        SideMapping mapping = mapping(from("whole", FieldType.JSON, "money"), from("amount", FieldType.DECIMAL, "money.amount"),
                from("digits", FieldType.TEXT, "money.amount"), from("id", FieldType.INTEGER, "id"));
        assertThat(read(mapping, "{\"money\":{\"unit\":\"EUR\",\"amount\":9007199254740993.10},\"id\":9007199254740993}").document().text()).isEqualTo(
                "{\"amount\":9007199254740993.1,\"digits\":\"9007199254740993.1\",\"id\":9007199254740993,"
                        + "\"whole\":{\"amount\":9007199254740993.1,\"unit\":\"EUR\"}}");
        assertThat(read(mapping, "{\"id\":1,\"money\":null}").document().text()).isEqualTo("{\"amount\":null,\"digits\":null,\"id\":1,\"whole\":null}");
        assertThat(read(mapping, "{\"id\":1,\"money\":5}").document().text()).isEqualTo("{\"id\":1,\"whole\":5}");
    }

    @Test
    void aMemberThatStandsTwiceIsNeverGuessedAt() {
        assertThat(read(mapping(NAME), "{\"id\":1,\"name\":\"a\",\"name\":\"a\"}").problems()).containsExactly("name: stands twice in the record");
        assertThat(read(mapping(NAME), "{\"id\":1,\"name\":null,\"n\\u0061me\":\"a\"}").problems()).containsExactly("name: stands twice in the record");
        assertThat(read(mapping(field("name", FieldType.JSON)), "{\"id\":1,\"name\":[1],\"name\":[{\"x\":[]}],\"z\":0}").problems())
                .containsExactly("name: stands twice in the record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,{\"id\":1}]", "1", "\"text\"", "null", "true", "[]"})
    void aRecordThatIsNoObjectIsUnfitAndItsNeighboursCanBeRead(String json) throws IOException {
        try (JsonParser parser = JSON.createParser("[" + json + ",{\"id\":2,\"name\":\"fine\"}]")) {
            parser.nextToken();
            parser.nextToken();
            assertThat(mapping(NAME).read(parser).problems()).startsWith("the record is not an object");
            parser.nextToken();
            assertThat(mapping(NAME).read(parser).document().text()).isEqualTo("{\"name\":\"fine\"}");
        }
    }

    @Test
    void anUnfitRecordLeavesTheParserAtItsEndSoThatItsNeighboursCanBeRead() throws IOException {
        SideMapping mapping = mapping(PRICE, from("nested", FieldType.JSON, "a.b"), from("deep", FieldType.TEXT, "a.b.c"));
        String unfit = "{\"price\":{\"x\":[1,{}]},\"a\":{\"b\":{\"c\":[\"\\u0000\"],\"c\":2},\"b\":[[1]]},\"id\":[[]]}";
        try (JsonParser parser = JSON.createParser("[" + unfit + ",{\"id\":2}]")) {
            parser.nextToken();
            parser.nextToken();
            assertThat(mapping.read(parser).isFit()).isFalse();
            parser.nextToken();
            assertThat(mapping.read(parser).key()).isEqualTo("2");
            assertThat(parser.nextToken().asString()).isEqualTo("]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":1,\"name\":\"a", "{\"id\":1,\"name\":", "{\"id\":1,\"x\":[1,2", "{\"id\":1,\"name\":{\"a\":[", "{\"id\":1", "{\"id\":01}",
            "{id:1}", "{\"id\":NaN}"})
    void aBodyCutInHalfIsAnExceptionAndNoRecord(String broken) {
        for (FieldType type : new FieldType[] {FieldType.TEXT, FieldType.JSON}) {
            SideMapping mapping = mapping(field("name", type), from("below", FieldType.TEXT, "name.a"));
            assertThatExceptionOfType(JsonProcessingException.class).isThrownBy(() -> {
                try (JsonParser parser = JSON.createParser(broken)) {
                    parser.nextToken();
                    mapping.read(parser);
                }
            });
        }
    }

    @Test
    void aDeletionMarkerIsComparedInCanonicalForm() {
        assertThat(read(mapping(deletedWhen("active", "false"), NAME), "{\"id\":1,\"name\":\"a\",\"active\":false}").deleted()).isTrue();
        assertThat(read(mapping(deletedWhen("active", "false"), NAME), "{\"id\":1,\"name\":\"a\",\"active\":true}").deleted()).isFalse();
        assertThat(read(mapping(deletedWhen("active", "false"), NAME), "{\"id\":1,\"name\":\"a\"}").deleted()).isFalse();
        assertThat(read(mapping(deletedWhen("status", "trash", "gone"), NAME), "{\"id\":1,\"name\":\"a\",\"status\":\"trash\"}").deleted()).isTrue();
        assertThat(read(mapping(deletedWhen("state.code", "4"), NAME), "{\"id\":1,\"name\":\"a\",\"state\":{\"code\":4.0}}").deleted()).isTrue();
        assertThat(read(mapping(deletedWhen("owner", "null"), NAME), "{\"id\":1,\"name\":\"a\",\"owner\":null}").deleted()).isTrue();
        assertThat(read(mapping(deletedWhen("owner", "null"), NAME), "{\"id\":1,\"name\":\"a\"}").deleted()).as("missing is not null").isFalse();
    }

    @Test
    void aMarkerMayBeADeclaredFieldToo() {
        Observed observed = read(mapping(deletedWhen("active", "false"), field("active", FieldType.BOOLEAN)), "{\"id\":1,\"active\":false}");
        assertThat(observed.deleted()).isTrue();
        assertThat(observed.document().text()).isEqualTo("{\"active\":false}");
    }

    @Test
    void aDeletionToldWithOnlyTheKeyIsADeletionWithoutContent() {
        SideMapping mapping = mapping(deletedWhen("active", "false"), required("name", FieldType.TEXT), nullWhenMissing("price", FieldType.DECIMAL));
        Observed bare = read(mapping, "{\"id\":1,\"active\":false,\"version\":3}");
        assertThat(bare.isFit()).isTrue();
        assertThat(bare.deleted()).isTrue();
        assertThat(bare.version()).isEqualTo(3);
        assertThat(bare.document()).isNull();
        Observed optional = read(mapping(deletedWhen("active", "false"), NAME, PRICE), "{\"id\":1,\"active\":false,\"name\":\"a\"}");
        assertThat(optional.deleted()).isTrue();
        assertThat(optional.document()).as("half a record is no content").isNull();
    }

    @Test
    void aDeletionNeedsItsKeyItsMarksAndItsMarkerInOrder() {
        SideMapping mapping = mapping(deletedWhen("active", "false", "null"), NAME);
        assertThat(read(mapping, "{\"active\":false}").problems()).containsExactly("key: id is missing");
        assertThat(read(mapping, "{\"id\":1,\"id\":2,\"active\":false}").problems()).containsExactly("key: stands twice in the record");
        assertThat(read(mapping, "{\"id\":1,\"active\":false,\"modified\":\"then\"}").problems()).as("an old one could not be told from a new one").hasSize(1);
        assertThat(read(mapping, "{\"id\":1,\"active\":true,\"active\":false}").problems()).containsExactly("deletion marker: stands twice in the record");
        Observed unreadable = read(mapping, "{\"id\":1,\"active\":\"\\ud800\"}");
        assertThat(unreadable.deleted()).as("what cannot be read is not taken for null").isFalse();
        assertThat(unreadable.problems()).hasSize(1);
    }

    @Test
    void aProblemCanBeStoredAndShownWhateverTheSourceSent() {
        String problem = read(mapping(PRICE), "{\"id\":1,\"price\":\"\\u0000\\u001b[31m\\ud800" + "😀".repeat(70) + "\"}").problems().get(0);
        assertThat(problem).startsWith("price: \"\uFFFD\uFFFD[31m\uFFFD😀").contains("…\"");
        assertThat(problem.chars().filter(Character::isISOControl)).isEmpty();
        assertThat(Canonical.storable(problem)).isEqualTo(problem);
    }

    @Test
    void emptyMarksAreNoMarks() {
        Observed observed = read(mapping(NAME), "{\"id\":1,\"version\":null,\"modified\":null}");
        assertThat(observed.version()).isNull();
        assertThat(observed.modifiedAt()).isNull();
    }
}

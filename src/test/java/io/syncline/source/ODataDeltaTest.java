package io.syncline.source;

import io.syncline.config.SourceConfig.Auth;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.config.SourceConfig.OData;
import io.syncline.config.SourceConfig.ODataResource;
import io.syncline.config.SourceConfig.ODataTime;
import io.syncline.config.SourceConfig.ODataType;
import io.syncline.config.SourceConfig.Since;
import io.syncline.config.SystemConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static io.syncline.source.FaultyServer.answer;
import static io.syncline.source.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Delta links of OData 4: how they are asked for and followed, and what a delta says. */
class ODataDeltaTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Map<String, ODataType> ID = Map.of("Id", ODataType.STRING);

    private final FaultyServer server = new FaultyServer();
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        server.close();
    }

    private ODataResource cases(Map<String, ODataType> key, boolean select) {
        return new ODataResource("cases", "Cases", key, new Since("ChangedAt", false, TimeFormat.ISO, Duration.ofMinutes(5), null, Set.of(410)),
                new ODataTime(ODataType.DATETIMEOFFSET, ZoneOffset.UTC), List.of(), select, true, List.of(), true);
    }

    private Read read(ODataResource resource, Instant since, String cursor) {
        OData service = new OData(4, server.url() + "/srv", true, new Auth.None(), Map.of(), Map.of("sap-client", "100"), 2, 50,
                new Limits(Duration.ofSeconds(5), 1 << 20, 2, Duration.ofMillis(1), Duration.ofMillis(1)), Map.of("cases", resource));
        SideMapping mapping = new SideMapping(new Shape(List.of(new Field("note", FieldType.TEXT, Path.of("Note"), false, false, false, TimeFormat.ISO, null))),
                resource.key().keySet().stream().map(Path::of).toList(), null, Path.of("ChangedAt"), TimeFormat.ISO, null);
        return new Read(SourceFixture.connection("default"), new SystemConfig("sap", "SAP", "", service), resource, mapping, since, cursor);
    }

    private Read following(String cursor) {
        return read(cases(ID, false), NOON, cursor);
    }

    /** Reads everything, which ends with this link. */
    private String given(String link) {
        server.script(json("{\"@odata.count\":0,\"value\":[],\"@odata.deltaLink\":\"" + link + "\"}"));
        List<Page> pages = fixture.pages(read(cases(ID, false), null, null));
        server.received().clear();
        return pages.get(0).cursor();
    }

    private List<Observed> delta(String records) {
        String cursor = given("Cases?$deltatoken=abc");
        server.script(json("{\"value\":[" + records + "],\"@odata.deltaLink\":\"Cases?$deltatoken=def\"}"));
        return fixture.pages(following(cursor)).get(0).records();
    }

    private SourceFailure failure(Read read) {
        SourceFailure failure = catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read));
        assertThat(failure).as("the read fails").isNotNull();
        return failure;
    }

    @Test
    void aWholeReadAsksForALinkOnceAndKeepsTheOneOfItsLastPage() {
        server.script(json("{\"@odata.count\":2,\"@odata.nextLink\":\"Cases?$skiptoken=1\",\"value\":[{\"Id\":\"1\"}]}"),
                json("{\"value\":[{\"Id\":\"2\"}],\"@odata.deltaLink\":\"Cases?$deltatoken=abc\"}"));
        List<Page> pages = fixture.pages(read(cases(ID, false), null, null));

        assertThat(pages.get(0).cursor()).isNull();
        assertThat(pages.get(1).cursor()).contains("Cases?$deltatoken=abc");
        assertThat(server.received()).extracting(request -> request.headers().get("prefer"))
                .containsExactly("odata.track-changes, odata.maxpagesize=2", "odata.maxpagesize=2");
    }

    @Test
    void neitherChangesSinceAMomentNorOneRecordAskForALink() {
        server.script(json("{\"@odata.count\":0,\"value\":[],\"@odata.deltaLink\":\"Cases?$deltatoken=abc\"}"));
        assertThat(fixture.pages(read(cases(ID, false), NOON, null)).get(0).cursor()).as("it would be about those changes only").isNull();
        server.script(json("{\"Id\":\"1\"}"));
        fixture.sources.byId(read(cases(ID, false), null, null), "1");
        assertThat(server.received()).extracting(request -> request.headers().get("prefer")).containsOnly("odata.maxpagesize=2");
    }

    @Test
    void theLinkIsFollowedPageByPageToTheNextOne() {
        String cursor = given(server.url() + "/srv/Cases?$deltatoken=a%2Bc");
        server.script(json("{\"@odata.nextLink\":\"Cases?$deltatoken=x&$skiptoken=1\",\"value\":[{\"Id\":\"1\",\"Note\":\"n\",\"ChangedAt\":null}]}"),
                json("{\"@odata.count\":77,\"value\":[{\"Id\":\"2\",\"Note\":null,\"ChangedAt\":null}],\"@odata.deltaLink\":\"Cases?$deltatoken=def\"}"));
        List<Page> pages = fixture.pages(following(cursor));

        assertThat(SourceFixture.keys(pages)).containsExactly("1", "2");
        assertThat(pages.get(1).incomplete()).isNull();
        assertThat(pages.get(1).cursor()).contains("$deltatoken=def");
        assertThat(server.lines()).containsExactly("GET /srv/Cases?$deltatoken=a%2Bc", "GET /srv/Cases?$deltatoken=x&$skiptoken=1");
    }

    @Test
    void aDeltaThatWasInterruptedGoesOnAtItsPageAndIsWhole() {
        String cursor = given("Cases?$deltatoken=abc");
        server.script(json("{\"@odata.nextLink\":\"Cases?$skiptoken=1\",\"value\":[{\"Id\":\"1\",\"Note\":\"n\",\"ChangedAt\":null}]}"),
                json("{\"value\":[],\"@odata.deltaLink\":\"Cases?$deltatoken=def\"}"));
        String resume = fixture.pages(following(cursor)).get(0).resume();
        server.received().clear();
        List<Page> rest = fixture.pages(following(cursor), resume);

        assertThat(rest.get(0).incomplete()).isNull();
        assertThat(rest.get(0).cursor()).contains("$deltatoken=def");
        assertThat(server.lines()).containsExactly("GET /srv/Cases?$skiptoken=1");
        server.script(answer(410, "{}"));
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(following(cursor), resume))).isInstanceOf(PositionLost.class);
    }

    @Test
    void whatIsDeletedIsToldInTheWaysOfBothMinorVersions() {
        List<Observed> records = delta("""
                {"@removed":{"reason":"deleted"},"Id":"1"},
                {"@odata.removed":{"at":[{"reason":"changed"}],"reason":"deleted"},"@odata.id":"Cases('O''Brien%2F7')"},
                {"@odata.context":"$metadata#Cases/$deletedEntity","id":"https://h/srv/Cases('3')","reason":"deleted"},
                {"Id":"4","Note":"here","ChangedAt":"2026-01-31T12:00:00Z"}""");

        assertThat(records).extracting(Observed::key).containsExactly("1", "O'Brien/7", "3", "4");
        assertThat(records).extracting(Observed::deleted).containsExactly(true, true, true, false);
        assertThat(records).allMatch(Observed::isFit);
        assertThat(records.get(3).document().text()).isEqualTo("{\"note\":\"here\"}");
        assertThat(server.lines()).containsExactly("GET /srv/Cases?$deltatoken=abc");
    }

    @Test
    void aKeyOfTwoPartsStandsInAnAddressInAnyOrder() {
        Map<String, ODataType> key = new LinkedHashMap<>();
        key.put("CaseId", ODataType.STRING);
        key.put("ItemNo", ODataType.INT);
        server.script(json("{\"@odata.count\":0,\"value\":[],\"@odata.deltaLink\":\"Cases?$deltatoken=abc\"}"));
        String cursor = fixture.pages(read(cases(key, false), null, null)).get(0).cursor();
        server.script(json("""
                {"value":[{"@removed":{"reason":"deleted"},"@id":"Cases(ItemNo=2,CaseId='a,b=(c)')"},
                 {"@removed":{"reason":"deleted"},"@id":"Cases(CaseId='a')"},
                 {"@removed":{"reason":"deleted"}}],"@odata.deltaLink":"Cases?$deltatoken=def"}"""));
        Page page = fixture.pages(read(cases(key, false), NOON, cursor)).get(0);

        assertThat(page.records()).extracting(Observed::key).containsExactly("a,b=(c)|2", null, null);
        assertThat(page.incomplete()).as("two deletions are nobody's").contains("2 records came without a readable key");
    }

    /** Promise 6, and a missing field is not an unchanged one. */
    @Test
    void whatADeltaTellsInPartIsAskedForByItsKey() {
        String cursor = given("Cases?$deltatoken=abc");
        server.always(request -> request.target().contains("deltatoken") ? json("""
                {"value":[{"Id":"1","Note":"part"},{"@removed":{"reason":"changed"},"Id":"2"},{"@removed":{},"Id":"3"},
                 {"@removed":{"reason":"changed"},"Id":"4"},{"Id":"5","Note":"whole","ChangedAt":null}],"@odata.deltaLink":"Cases?$deltatoken=def"}""")
                : request.target().contains("'1'") ? json("{\"Id\":\"1\",\"Note\":\"all\",\"ChangedAt\":\"2026-01-31T12:00:00Z\"}")
                : request.target().contains("'2'") ? json("{\"Id\":\"2\",\"Note\":\"still\",\"ChangedAt\":null}")
                : request.target().contains("'3'") ? answer(404, "{\"error\":{\"message\":\"none\"}}") : answer(403, "{}"));
        List<Observed> records = fixture.pages(following(cursor)).get(0).records();

        assertThat(records).extracting(Observed::key).containsExactly("1", "2", "3", "4", "5");
        assertThat(records.get(0).document().text()).isEqualTo("{\"note\":\"all\"}");
        assertThat(records.get(0).modifiedAt()).isEqualTo("2026-01-31T12:00:00Z");
        assertThat(records.get(1).document().text()).isEqualTo("{\"note\":\"still\"}");
        assertThat(records).extracting(Observed::deleted).containsExactly(false, false, true, false, false);
        assertThat(records.get(3).problems()).containsExactly("the source says that it is no longer in the set, and does not say that it is deleted");
        assertThat(server.lines()).containsExactly("GET /srv/Cases?$deltatoken=abc", "GET /srv/Cases('1')?sap-client=100", "GET /srv/Cases('2')?sap-client=100",
                "GET /srv/Cases('3')?sap-client=100", "GET /srv/Cases('4')?sap-client=100");
    }

    @Test
    void aLinkThatLeadsElsewhereIsAFailureAndIsNotKept() {
        for (String link : List.of("https://elsewhere.example/srv/Cases?$deltatoken=abcdefg", "/other/Cases?$deltatoken=abcdefg", "../x?$deltatoken=abcdefg")) {
            server.script(json("{\"@odata.count\":0,\"value\":[],\"@odata.deltaLink\":\"" + link + "\"}"));
            SourceFailure failure = failure(read(cases(ID, false), null, null));
            assertThat(failure.kind()).as(link).isEqualTo(SourceFailure.Kind.FORBIDDEN_ADDRESS);
            assertThat(failure).hasMessageStartingWith("sap: GET Cases, its delta link: ").message().doesNotContain("abcdefg");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 410})
    void aLinkThatTheServiceNoLongerKnowsMeansToReadEverything(int status) {
        String cursor = given("Cases?$deltatoken=abcdefg");
        server.script(answer(status, "{\"error\":{\"message\":\"abcdefg has expired\"}}"));
        SourceFailure failure = failure(following(cursor));
        assertThat(failure).isInstanceOf(MarkLost.class).hasMessageContaining("answered " + status + " to the delta link").message().doesNotContain("abcdefg");
    }

    @Test
    void theWebPageOfAProxyIsNotTheServicesWord() {
        String cursor = given("Cases?$deltatoken=abc");
        server.script(answer(404, "<html><body>Service cannot be reached</body></html>", "Content-Type", "text/html"));
        assertThat(failure(following(cursor)).kind()).isEqualTo(SourceFailure.Kind.DENIED);
    }

    /** Promise 28. */
    @Test
    void whatAServiceSaysIsNotToldWhereItRepeatsTheLink() {
        String cursor = given("Cases?$deltatoken=s%2Bcret77");
        for (String said : List.of("no right to s%2Bcret77", "no right to s+cret77")) {
            server.script(answer(403, "{\"error\":{\"message\":\"" + said + "\"}}"));
            assertThat(failure(following(cursor))).hasMessageContaining("answered 403, we are not let in").message().doesNotContain("cret77");
        }
        server.script(answer(403, "{\"error\":{\"message\":\"no right\"}}"));
        assertThat(failure(following(cursor))).hasMessageContaining("answered 403 (\"no right\")");
        assertThat(following(cursor).toString()).doesNotContain("cret77");
    }

    /** Promise 5: an empty answer of somebody in between looks just so. */
    @Test
    void aDeltaThatEndsWithoutALinkIsNotTheEnd() {
        String cursor = given("Cases?$deltatoken=abc");
        for (String end : List.of("{\"value\":[]}", "{\"value\":[],\"@odata.deltaLink\":null}", "{\"value\":[],\"@odata.deltaLink\":\"\"}",
                "{\"value\":[],\"@odata.deltaLink\":7}")) {
            server.script(json(end));
            assertThat(failure(following(cursor)).kind()).as(end).isEqualTo(SourceFailure.Kind.NONSENSE);
        }
    }

    @Test
    void aLinkForSomethingElseThanIsDeclaredNowIsNotFollowed() {
        String cursor = given("Cases?$deltatoken=abc");
        for (String useless : List.of(cursor, "nothing", "{}", "")) {
            assertThat(failure(read(cases(ID, true), NOON, useless))).as(useless).isInstanceOf(MarkLost.class);
        }
        assertThat(server.received()).isEmpty();
    }
}

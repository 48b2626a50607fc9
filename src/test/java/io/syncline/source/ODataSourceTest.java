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

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static io.syncline.source.FaultyServer.answer;
import static io.syncline.source.FaultyServer.json;
import static io.syncline.source.FaultyServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** {@code kind: odata}: what is asked, and how the two versions are understood. */
class ODataSourceTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123456Z");
    private static final ODataTime OFFSET = new ODataTime(ODataType.DATETIMEOFFSET, ZoneOffset.UTC);

    private final FaultyServer server = new FaultyServer();
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        server.close();
    }

    private static Field field(String name, FieldType type, String from) {
        return new Field(name, type, Path.of(from), false, false, false, TimeFormat.ISO, null);
    }

    private static SideMapping mapping(String... key) {
        return new SideMapping(new Shape(List.of(field("note", FieldType.TEXT, "Note"), field("amount", FieldType.DECIMAL, "Amount"),
                field("number", FieldType.INTEGER, "Number"), field("at", FieldType.TIMESTAMP, "At"), field("due", FieldType.DATE, "Due"),
                field("call", FieldType.TEXT, "Call"), field("city", FieldType.TEXT, "Address.City"), field("items", FieldType.JSON, "Items"))),
                List.of(key).stream().map(Path::of).toList(), null, Path.of("ChangedAt"), TimeFormat.ISO, null);
    }

    private OData service(int version, ODataResource resource) {
        return new OData(version, server.url() + "/srv", true, new Auth.Basic("me", "${PASSWORD}"), Map.of(), Map.of(), null, 50,
                new Limits(Duration.ofSeconds(5), 1 << 20, 2, Duration.ofMillis(1), Duration.ofMillis(1)), Map.of(resource.name(), resource));
    }

    private static ODataResource cases(ODataTime changed, Map<String, ODataType> key, boolean select) {
        return new ODataResource("cases", "Cases", key, new Since("ChangedAt", false, TimeFormat.ISO, Duration.ofMinutes(5), null, Set.of(410)), changed,
                List.of("Items"), select, true, List.of("Call"), false);
    }

    private Read read(int version, Instant since) {
        return read(version, OFFSET, since);
    }

    private Read read(int version, ODataTime changed, Instant since) {
        ODataResource resource = cases(changed, Map.of("Id", ODataType.STRING), false);
        return new Read(SourceFixture.connection("default", "PASSWORD", "SECRET"), new SystemConfig("sap", "SAP", "", service(version, resource)), resource,
                mapping("Id"), since);
    }

    private Observed only(int version, String record) {
        server.script(json(version == 4 ? "{\"@odata.count\":1,\"value\":[" + record + "]}" : "{\"d\":{\"__count\":\"1\",\"results\":[" + record + "]}}"));
        List<Page> pages = fixture.pages(read(version, null));
        return pages.get(0).records().get(0);
    }

    private SourceFailure failure(Read read) {
        SourceFailure failure = catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read));
        assertThat(failure).as("the read fails").isNotNull();
        assertThat(failure.getMessage()).startsWith("sap: GET Cases").doesNotContain("SECRET").endsWith(".");
        return failure;
    }

    @Test
    void theFilterIsWrittenAsTheVersionAndTheTypeWantIt() {
        server.script(json("{\"@odata.count\":0,\"value\":[]}"));
        fixture.pages(read(4, NOON));
        fixture.pages(read(4, new ODataTime(ODataType.DATE, ZoneOffset.UTC), NOON));
        server.script(json("{\"d\":{\"__count\":\"0\",\"results\":[]}}"));
        fixture.pages(read(2, NOON));
        fixture.pages(read(2, new ODataTime(ODataType.DATETIME, ZoneId.of("Europe/Berlin")), NOON));

        assertThat(server.lines()).containsExactly(
                "GET /srv/Cases?$filter=ChangedAt%20ge%202026-01-31T11:55:00Z&$expand=Items&$count=true",
                "GET /srv/Cases?$filter=ChangedAt%20ge%202026-01-31&$expand=Items&$count=true",
                "GET /srv/Cases?$filter=ChangedAt%20ge%20datetimeoffset'2026-01-31T11:55:00Z'&$expand=Items&$inlinecount=allpages",
                "GET /srv/Cases?$filter=ChangedAt%20ge%20datetime'2026-01-31T12:55:00'&$expand=Items&$inlinecount=allpages");
        assertThat(server.received()).allMatch(request -> request.headers().get("accept").equals("application/json"));
        assertThat(server.received().get(0).headers()).containsEntry("odata-maxversion", "4.0");
        assertThat(server.received().get(2).headers()).containsEntry("maxdataserviceversion", "2.0");
    }

    @Test
    void whenClocksGoBackTheRepeatedHourIsAskedFromItsBeginning() {
        ODataTime berlin = new ODataTime(ODataType.DATETIME, ZoneId.of("Europe/Berlin"));
        assertThat(ODataLiteral.of(Instant.parse("2026-10-25T00:40:00Z"), berlin, 2)).isEqualTo("datetime'2026-10-25T02:00:00'");
        assertThat(ODataLiteral.of(Instant.parse("2026-10-25T01:40:00Z"), berlin, 2)).isEqualTo("datetime'2026-10-25T02:40:00'");
        assertThat(ODataLiteral.of(Instant.parse("2026-10-24T23:40:00Z"), berlin, 2)).isEqualTo("datetime'2026-10-25T01:40:00'");
    }

    @Test
    void onlyWhatIsMappedIsSelected() {
        ODataResource resource = cases(OFFSET, Map.of("Id", ODataType.STRING), true);
        for (int version : new int[] {4, 2}) {
            Read read = new Read(SourceFixture.connection("default", "PASSWORD", "x"), new SystemConfig("sap", "SAP", "", service(version, resource)), resource,
                    mapping("Id"), null);
            assertThat(Rehearsal.from(read, null).request().line()).isEqualTo(version == 4
                    ? "GET /srv/Cases?$select=Address,Amount,At,Call,ChangedAt,Due,Id,Note,Number&$expand=Items&$count=true"
                    : "GET /srv/Cases?$select=Address,Amount,At,Call,ChangedAt,Due,Id,Items,Note,Number&$expand=Items&$inlinecount=allpages");
        }
    }

    @Test
    void versionFourIsFollowedAlongLinksThatAreRelativeAndStandBeforeTheRecords() {
        server.script(json("{\"@odata.count\":3,\"@odata.nextLink\":\"Cases?$skiptoken=a b|'c'\",\"value\":[{\"Id\":\"1\"},{\"Id\":\"2\"}]}"),
                json("{\"@odata.nextLink\":\"" + server.url() + "/srv/Cases?$skiptoken=x%2By\",\"value\":[]}"), json("{\"value\":[{\"Id\":\"3\"}]}"));
        List<Page> pages = fixture.pages(read(4, null));

        assertThat(SourceFixture.keys(pages)).containsExactly("1", "2", "3");
        assertThat(pages.get(2).incomplete()).isNull();
        assertThat(server.lines()).containsExactly("GET /srv/Cases?$expand=Items&$count=true", "GET /srv/Cases?$skiptoken=a%20b%7C'c'",
                "GET /srv/Cases?$skiptoken=x%2By");
    }

    @Test
    void versionTwoIsFollowedAlongAbsoluteLinks() {
        server.script(json("{\"d\":{\"results\":[{\"Id\":\"1\"}],\"__count\":\"2\",\"__next\":\"" + server.url() + "/srv/Cases?$skiptoken=7\"}}"),
                json("{\"d\":{\"results\":[{\"Id\":\"2\"}]}}"));
        assertThat(SourceFixture.keys(fixture.pages(read(2, null)))).containsExactly("1", "2");
        assertThat(server.lines()).last().isEqualTo("GET /srv/Cases?$skiptoken=7");
    }

    @Test
    void aLinkThatLeadsElsewhereIsAFailureAndIsNotFollowed() {
        try (FaultyServer elsewhere = new FaultyServer()) {
            String port = Integer.toString(server.port());
            for (String link : List.of(elsewhere.url() + "/srv/Cases?$skiptoken=1", "//evil.example.com/srv/Cases", "https://127.0.0.1:" + port + "/srv/Cases",
                    "/other/Cases", "../other/Cases", "/srv/../other/Cases", server.url().replace("127.0.0.1", "me@127.0.0.1") + "/srv/Cases",
                    "file:///etc/passwd", "/srv%2F..%2Fother\\\\x")) {
                server.script(json("{\"@odata.count\":9,\"@odata.nextLink\":\"" + link + "\",\"value\":[{\"Id\":\"1\"}]}"));
                int before = server.received().size();
                assertThat(failure(read(4, null)).kind()).as(link).isEqualTo(SourceFailure.Kind.FORBIDDEN_ADDRESS);
                assertThat(server.received()).as(link).hasSize(before + 1);
            }
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void aLinkThatComesAgainIsALoop() {
        server.script(json("{\"@odata.count\":9,\"@odata.nextLink\":\"Cases?$skiptoken=1\",\"value\":[{\"Id\":\"1\"}]}"),
                json("{\"@odata.nextLink\":\"Cases?$skiptoken=1\",\"value\":[{\"Id\":\"2\"}]}"));
        assertThat(failure(read(4, null))).hasMessageContaining("one that was read already");
    }

    @Test
    void versionTwoIsReadExactly() {
        Observed record = only(2, """
                {"__metadata":{"uri":"x","etag":"y"},"Id":"1","Note":"/Date(5)/","Amount":"1234567890123456.70","Number":"9007199254740993",
                 "At":"/Date(1704067200123+0000)/","Due":"/Date(1704067200000)/","Call":"PT09H30M00S","ChangedAt":"/Date(1704067200000)/",
                 "Address":{"__metadata":{"type":"z"},"City":"Gent"},"Log":{"__deferred":{"uri":"q"}},
                 "Items":{"results":[{"__metadata":{"uri":"i"},"No":"1","On":"/Date(1704067200000)/","At":"/Date(-1000+0060)/","Parts":{"results":[]}}]}}""");

        assertThat(record.problems()).isEmpty();
        assertThat(record.document().text()).isEqualTo("{\"amount\":1234567890123456.7,\"at\":\"2024-01-01T00:00:00.123Z\",\"call\":\"09:30:00\","
                + "\"city\":\"Gent\",\"due\":\"2024-01-01\",\"items\":[{\"At\":\"1969-12-31T23:59:59Z\",\"No\":\"1\",\"On\":\"2024-01-01T00:00:00\","
                + "\"Parts\":[]}],\"note\":\"/Date(5)/\",\"number\":9007199254740993}");
        assertThat(record.modifiedAt()).isEqualTo("2024-01-01T00:00:00Z");
    }

    @Test
    void versionFourIsReadExactly() {
        Observed record = only(4, """
                {"@odata.id":"Cases('1')","@odata.etag":"y","Id":"1","Note":null,"Amount":1234567890123456.70,"Number":9007199254740993,
                 "At":"2024-01-01T01:00:00.123+01:00","Due":"2024-01-01","Call":"09:30:00","ChangedAt":"2024-01-01T00:00:00Z","Address":{"City":"Gent"},
                 "Items@odata.context":"c","Items":[{"@odata.id":"i","No":1,"Amount":0.1000000000000000055,"Parts":[]}]}""");

        assertThat(record.problems()).isEmpty();
        assertThat(record.document().text()).isEqualTo("{\"amount\":1234567890123456.7,\"at\":\"2024-01-01T00:00:00.123Z\",\"call\":\"09:30:00\","
                + "\"city\":\"Gent\",\"due\":\"2024-01-01\",\"items\":[{\"Amount\":0.1000000000000000055,\"No\":1,\"Parts\":[]}],\"note\":null,"
                + "\"number\":9007199254740993}");
    }

    @Test
    void aListOfWhichOnlyAPartCameIsNotTakenForTheWhole() {
        assertThat(only(4, "{\"Id\":\"1\",\"Items\":[{\"No\":1}],\"Items@odata.nextLink\":\"Cases('1')/Items?$skiptoken=1\"}").problems())
                .singleElement().asString().startsWith("Items: the source sent only a part of this list");
        Observed record = only(2, "{\"Id\":\"1\",\"Items\":{\"results\":[{\"No\":1}],\"__next\":\"http://h/x\"}}");
        assertThat(record.key()).isEqualTo("1");
        assertThat(record.problems()).singleElement().asString().startsWith("Items: the source sent only a part of this list");
    }

    @Test
    void oneRecordIsAskedForByItsKeyInTheFormOfItsTypes() {
        Map<String, ODataType> key = new LinkedHashMap<>();
        key.put("Id", ODataType.STRING);
        key.put("No", ODataType.INT64);
        ODataResource two = cases(OFFSET, key, false);
        Map<Integer, String> expected = Map.of(4, "GET /srv/Cases(Id='O''Brien%2F%20%C3%BC%26x',No=7)?$expand=Items", 2,
                "GET /srv/Cases(Id='O''Brien%2F%20%C3%BC%26x',No=7L)?$expand=Items");
        expected.forEach((version, line) -> {
            Read read = new Read(SourceFixture.connection("default", "PASSWORD", "x"), new SystemConfig("sap", "SAP", "", service(version, two)), two,
                    mapping("No", "Id"), null);
            assertThat(Rehearsal.requestById(read, "7|O'Brien/ ü&x").line()).isEqualTo(line);
            assertThat(catchThrowableOfType(SourceFailure.class, () -> Rehearsal.requestById(read, "seven|x")))
                    .hasMessageContaining("no key of the type int64");
        });
        assertThat(Rehearsal.requestById(read(4, null), "a|b").line()).isEqualTo("GET /srv/Cases('a%7Cb')?$expand=Items");
    }

    @Test
    void literalsOfKeysFollowTheVersion() {
        String guid = "0050569a-0000-1ede-0000-00000000abcd";
        assertThat(ODataLiteral.of(guid, ODataType.GUID, 2)).isEqualTo("guid'" + guid + "'");
        assertThat(ODataLiteral.of(guid, ODataType.GUID, 4)).isEqualTo(guid);
        assertThat(ODataLiteral.of("1.50", ODataType.DECIMAL, 2)).isEqualTo("1.50M");
        assertThat(ODataLiteral.of("1.50", ODataType.DECIMAL, 4)).isEqualTo("1.50");
        assertThat(ODataLiteral.of("2024-01-01T00:00:00", ODataType.DATETIME, 2)).isEqualTo("datetime'2024-01-01T00:00:00'");
        assertThat(ODataLiteral.of("2024-01-01T00:00:00Z", ODataType.DATETIMEOFFSET, 4)).startsWith("2024-01-01T00:00").endsWith("Z");
        assertThat(ODataLiteral.of("2024-01-01", ODataType.DATE, 4)).isEqualTo("2024-01-01");
        assertThat(ODataLiteral.of("1) or (1 eq 1", ODataType.INT, 4)).isNull();
        assertThat(ODataLiteral.of("today", ODataType.DATE, 4)).isNull();
        assertThat(ODataLiteral.of("yes", ODataType.BOOLEAN, 4)).isNull();
    }

    @Test
    void aRecordIsGoneWhenTheServiceSaysSoAndNotWhenAProxyDoes() {
        server.script(answer(404, "{\"error\":{\"code\":\"SY/530\",\"message\":\"Resource not found\"}}"));
        assertThat(fixture.sources.byId(read(4, null), "1")).isEmpty();
        server.script(answer(404, "<html><body>Service cannot be reached</body></html>", "Content-Type", "text/html"));
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.sources.byId(read(4, null), "1")).kind()).isEqualTo(SourceFailure.Kind.DENIED);
        server.script(json("{\"d\":{\"Id\":\"1\",\"Amount\":\"4.50\"}}"));
        assertThat(fixture.sources.byId(read(2, null), "1").orElseThrow().document().text()).isEqualTo("{\"amount\":4.5}");
        server.script(json("{\"Id\":\"2\"}"));
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.sources.byId(read(4, null), "1"))).hasMessageContaining("another record came");
    }

    @Test
    void absencesAreNeverProvenByPagesAlone() {
        assertThat(fixture.sources.drifts(read(4, null))).isTrue();
        assertThat(fixture.sources.drifts(read(2, null))).isTrue();
        assertThat(fixture.sources.readsById(read(2, null))).isTrue();
    }

    @Test
    void aRefusalIsToldInTheSystemsOwnWords() {
        server.script(answer(400, "{\"error\":{\"code\":\"x\",\"message\":\"Invalid literal\\nin filter\"}}"));
        assertThat(failure(read(4, null))).hasMessageContaining("answered 400 (\"Invalid literal?in filter\")");
        server.script(answer(403, "{\"error\":{\"code\":\"x\",\"message\":{\"lang\":\"en\",\"value\":\"No authorization for Cases\"}}}"));
        assertThat(failure(read(2, null))).hasMessageContaining("answered 403 (\"No authorization for Cases\")");
        server.script(answer(401, "Logon failed", "Content-Type", "text/plain"));
        assertThat(failure(read(2, null))).hasMessageContaining("answered 401 (\"Logon failed\"), we are not let in");
        server.script(answer(401, "<!DOCTYPE html><html>Log on, please</html>", "Content-Type", "text/html"));
        assertThat(failure(read(2, null))).hasMessageContaining("answered 401, we are not let in");
        server.script(answer(401, "no user me with SECRET", "Content-Type", "text/plain"));
        assertThat(failure(read(2, null))).hasMessageContaining("answered 401, we are not let in");
        server.script(answer(400, "x".repeat(5000), "Content-Type", "text/plain"));
        assertThat(failure(read(2, null)).getMessage()).hasSizeLessThan(400);
    }

    @Test
    void aProblemOfItsOwnIsToldInTheSystemsOwnWordsWithoutSecrets() {
        String said = "{\"error\":{\"code\":\"x\",\"message\":{\"lang\":\"en\",\"value\":\"RFC destination ERP_PRD is down\"}}}";
        server.script(answer(500, said), answer(503, said));
        assertThat(failure(read(2, null))).hasMessage("sap: GET Cases: answered 503 (\"RFC destination ERP_PRD is down\") 2 times."
                + " The system has a problem of its own; try again later or tell its operator.");
        server.script(answer(502, "<html>Bad gateway</html>"), answer(502, "<html>Bad gateway</html>"));
        assertThat(failure(read(2, null))).hasMessageContaining("answered 502 2 times");
        server.script(answer(500, "no SECRET works"), answer(500, "no SECRET works"));
        assertThat(failure(read(4, null))).hasMessageContaining("answered 500 2 times");
        server.script(answer(500, "x".repeat(5000)), answer(500, "x".repeat(5000)));
        assertThat(failure(read(4, null)).getMessage()).hasSizeLessThan(500);
        server.script(answer(500, said), answer(500, said));
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.sources.byId(read(2, null), "1"))).hasMessageContaining("ERP_PRD is down");
    }

    @Test
    void aServiceThatDoesNotCountIsToldWhereToSaySo() {
        server.script(json("{\"value\":[{\"Id\":\"1\"}]}"));
        assertThat(failure(read(4, null))).hasMessage("sap: GET Cases: the answer has no @odata.count, though $count=true asked for it."
                + " Where the service cannot count, write count: false for cases in config/systems/sap.yaml.");
        server.script(json("{\"d\":{\"results\":[]}}"));
        assertThat(failure(read(2, null))).hasMessageContaining("has no __count, though $inlinecount=allpages asked for it");
    }

    @Test
    void emptyPagesWithEverNewLinksComeToAnEndLongBeforeTheMostThatAreRead() {
        ODataResource resource = cases(OFFSET, Map.of("Id", ODataType.STRING), false);
        OData service = new OData(4, server.url() + "/srv", true, new Auth.None(), Map.of(), Map.of(), null, 100_000, Limits.DEFAULT,
                Map.of("cases", resource));
        Read read = new Read(SourceFixture.connection("default"), new SystemConfig("sap", "SAP", "", service), resource, mapping("Id"), null);
        List<FaultyServer.Answer> pages = new ArrayList<>();
        for (int page = 0; page < 200; page++) {
            String records = page == 60 ? "{\"Id\":\"1\"}" : "";
            pages.add(json("{\"@odata.count\":1,\"@odata.nextLink\":\"Cases?$skiptoken=" + page + "\",\"value\":[" + records + "]}"));
        }
        server.script(pages.toArray(FaultyServer.Answer[]::new));
        assertThat(failure(read)).hasMessage("sap: GET Cases, page 161: 100 pages in a row were empty, and each says that there is another."
                + " The source never comes to an end; report it to the system's operator.");
    }

    @Test
    void whatIsNoPageIsNeverTheEnd() {
        for (String nonsense : List.of("", "{}", "{\"value\":null,\"@odata.count\":1}", "{\"@odata.count\":1,\"value\":[{\"Id\":\"1\"}", "{\"value\":[]}",
                "{\"@odata.count\":null,\"value\":[]}", "{\"value\":{\"results\":[]}}", "{\"error\":{\"message\":\"x\"}}", "<html></html>")) {
            server.script(json(nonsense));
            assertThat(failure(read(4, null)).kind()).as(nonsense).isEqualTo(SourceFailure.Kind.NONSENSE);
        }
        for (String nonsense : List.of("{\"value\":[]}", "{\"d\":null}", "{\"d\":{\"results\":null,\"__count\":\"1\"}}", "{\"d\":{\"results\":[]}}")) {
            server.script(json(nonsense));
            assertThat(failure(read(2, null)).kind()).as(nonsense).isEqualTo(SourceFailure.Kind.NONSENSE);
        }
        String half = "{\"@odata.count\":1,\"value\":[{\"Id\":\"1\"}]}";
        server.script(raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + half.length() + "\r\nConnection: close\r\n\r\n"
                + half.substring(0, 20)));
        assertThat(failure(read(4, null)).kind()).isEqualTo(SourceFailure.Kind.UNREACHABLE);
    }

    @Test
    void fewerRecordsThanWereCountedProveNothing() {
        server.script(json("{\"@odata.count\":3,\"value\":[{\"Id\":\"1\"},{\"Id\":\"2\"}]}"));
        assertThat(fixture.pages(read(4, null)).get(0).incomplete()).contains("3 records, but 2 different ones came");
    }

    @Test
    void aTokenThatHasExpiredBeginsTheReadAnewAndAnExpiredMomentWidensIt() {
        server.script(json("{\"@odata.count\":2,\"@odata.nextLink\":\"Cases?$skiptoken=1\",\"value\":[{\"Id\":\"1\"}]}"), json("{\"value\":[{\"Id\":\"2\"}]}"));
        String resume = fixture.pages(read(4, null)).get(0).resume();
        server.script(answer(400, "{\"error\":{\"message\":\"skip token expired\"}}"));
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read(4, null), resume))).isInstanceOf(PositionLost.class);
        server.script(answer(410, "{\"error\":{\"message\":\"not kept so long\"}}"));
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read(4, NOON)))).isInstanceOf(MarkLost.class);
    }

    @Test
    void aPageSizeIsAskedForAndParametersAreCarriedEverywhere() {
        ODataResource resource = cases(OFFSET, Map.of("Id", ODataType.STRING), false);
        OData service = new OData(4, server.url() + "/srv/", true, new Auth.None(), Map.of(), Map.of("sap-client", "100"), 500, 50, Limits.DEFAULT,
                Map.of("cases", resource));
        Read read = new Read(SourceFixture.connection("default"), new SystemConfig("sap", "SAP", "", service), resource, mapping("Id"), null);
        server.script(json("{\"@odata.count\":0,\"value\":[]}"));
        fixture.pages(read);
        server.script(json("{\"Id\":\"1\"}"));
        fixture.sources.byId(read, "1");

        assertThat(server.lines()).containsExactly("GET /srv/Cases?$expand=Items&sap-client=100&$count=true",
                "GET /srv/Cases('1')?$expand=Items&sap-client=100");
        assertThat(server.received().get(0).headers()).containsEntry("prefer", "odata.maxpagesize=500");
    }
}

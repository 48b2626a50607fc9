package io.syncline.source;

import io.syncline.config.SourceConfig.HttpResource;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SourceConfig.Paging.End;
import io.syncline.config.SourceConfig.Paging.Kind;
import io.syncline.record.Page;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static io.syncline.source.FaultyServer.json;
import static io.syncline.source.SourceFixture.http;
import static io.syncline.source.SourceFixture.keys;
import static io.syncline.source.SourceFixture.resource;
import static org.assertj.core.api.Assertions.assertThat;

class HttpPagingTest {
    private final FaultyServer server = new FaultyServer();
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        server.close();
    }

    static String items(int... ids) {
        return Arrays.stream(ids).mapToObj(id -> "{\"id\":" + id + ",\"name\":\"n" + id + "\"}").collect(Collectors.joining(",", "[", "]"));
    }

    static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private static Paging paging(Kind kind, String parameter, int first, int size, End end) {
        return new Paging(kind, parameter, false, first, "size", size, null, null, null, null, end, 20, false);
    }

    private List<Page> read(Paging paging) {
        return fixture.pages(SourceFixture.read(http(server.url() + "/api", resource(paging)), null));
    }

    @Test
    void oneAnswerIsTheWholeWhereNoPagingIsDeclared() {
        server.script(json("{\"data\":" + items(1, 2) + "}"));
        List<Page> pages = read(SourceFixture.NONE);
        assertThat(keys(pages)).containsExactly("1", "2");
        assertThat(pages).singleElement().satisfies(page -> {
            assertThat(page.isLast()).isTrue();
            assertThat(page.resume()).isNull();
            assertThat(page.incomplete()).isNull();
        });
        assertThat(server.lines()).containsExactly("GET /api/items");
    }

    @Test
    void pageNumbersGoOnUntilAnEmptyPage() {
        server.script(json("{\"data\":" + items(1, 2) + "}"), json("{\"data\":" + items(3) + "}"), json("{\"data\":[]}"));
        List<Page> pages = read(paging(Kind.PAGE, "page", 1, 2, End.EMPTY_PAGE));
        assertThat(keys(pages)).containsExactly("1", "2", "3");
        assertThat(server.lines()).containsExactly("GET /api/items?size=2&page=1", "GET /api/items?size=2&page=2", "GET /api/items?size=2&page=3");
    }

    @Test
    void offsetsGoOnByWhatWasDeliveredNotByWhatWasAskedFor() {
        Paging paging = new Paging(Kind.OFFSET, "skip", false, 0, "top", 500, null, null, List.of("count"), null, End.TOTAL, 20, false);
        server.script(json("{\"count\":5,\"data\":" + items(1, 2) + "}"), json("{\"data\":" + items(3, 4) + ",\"count\":5}"),
                json("{\"data\":" + items(5) + ",\"count\":\"5\"}"));
        List<Page> pages = read(paging);
        assertThat(keys(pages)).containsExactly("1", "2", "3", "4", "5");
        assertThat(server.lines()).containsExactly("GET /api/items?top=500&skip=0", "GET /api/items?top=500&skip=2", "GET /api/items?top=500&skip=4");
        assertThat(pages.get(2).incomplete()).isNull();
        assertThat(pages.get(0).total()).isEqualTo(5);
    }

    @Test
    void aShortPageEndsOnlyWhereThatIsDeclared() {
        server.script(json("{\"data\":" + items(1, 2) + "}"), json("{\"data\":" + items(3) + "}"));
        assertThat(keys(read(paging(Kind.PAGE, "page", 0, 2, End.SHORT_PAGE)))).containsExactly("1", "2", "3");
        assertThat(server.lines()).containsExactly("GET /api/items?size=2&page=0", "GET /api/items?size=2&page=1");
    }

    @Test
    void cursorsAreSentBackEncoded() {
        Paging paging = new Paging(Kind.CURSOR, "cursor", false, 0, null, 0, List.of("meta", "next"), null, null, null, End.EMPTY_PAGE, 20, false);
        server.script(json("{\"meta\":{\"next\":\"a b+c&d=e/ü\"},\"data\":" + items(1) + "}"), json("{\"data\":" + items(2) + ",\"meta\":{\"next\":null}}"));
        assertThat(keys(read(paging))).containsExactly("1", "2");
        assertThat(server.lines()).containsExactly("GET /api/items", "GET /api/items?cursor=a%20b%2Bc%26d%3De%2F%C3%BC");
    }

    @Test
    void cursorsTravelInTheBodyOfAReadByPost() {
        Paging paging = new Paging(Kind.CURSOR, "page.cursor", true, 0, "page.limit", 100, List.of("cursor"), null, null, null, End.EMPTY_PAGE, 20, false);
        HttpResource search = new HttpResource("items", "POST", "/items/search", Map.of(), "{\"types\":[\"ITEM\"],\"shop\":\"${SHOP}\"}", List.of("data"),
                paging, null,
                null, List.of());
        server.script(json("{\"cursor\":\"x\\\"y\",\"data\":" + items(1) + "}"), json("{\"data\":" + items(2) + "}"));
        assertThat(keys(fixture.pages(SourceFixture.read(http(server.url(), search), null, "SHOP", "a\"}, {")))).containsExactly("1", "2");
        assertThat(server.received()).extracting(FaultyServer.Received::body).containsExactly(
                "{\"types\":[\"ITEM\"],\"shop\":\"a\\\"}, {\",\"page\":{\"limit\":100}}",
                "{\"types\":[\"ITEM\"],\"shop\":\"a\\\"}, {\",\"page\":{\"limit\":100,\"cursor\":\"x\\\"y\"}}");
        assertThat(server.received().get(0).headers()).containsEntry("content-type", "application/json");
    }

    @Test
    void linkHeadersAreFollowed() {
        server.always(request -> request.target().contains("page=2") ?
                json("{\"data\":" + items(2) + "}", "Link", "<" + server.url() + "/api/items?page=1>; rel=\"prev\"")
                : json("{\"data\":" + items(1) + "}", "Link", "<" + server.url() + "/api/items?page=9>; rel=\"last\", <" + server.url()
                + "/api/items?page=2&x=a,b>; rel=\"next\""));
        assertThat(keys(read(SourceFixture.paging(Kind.LINK_HEADER)))).containsExactly("1", "2");
        assertThat(server.lines()).containsExactly("GET /api/items", "GET /api/items?page=2&x=a,b");
    }

    @Test
    void nextUrlsMayBeAbsoluteOrRelative() {
        Paging paging = new Paging(Kind.NEXT_URL, null, false, 0, null, 0, List.of("@odata", "nextLink"), null, List.of("@odata.count"), null, End.EMPTY_PAGE,
                20, false);
        List<String> links = List.of(server.url() + "/api/items?$skiptoken=a b", "items?$skiptoken=2", "/api/items?$skiptoken=3", "?$skiptoken=4");
        server.always(request -> {
            int page = server.received().size();
            String link = page > links.size() ? "" : "\"@odata.nextLink\":\"" + links.get(page - 1) + "\",";
            return json("{" + (page == 1 ? "\"@odata.count\":5," : "") + link + "\"data\":" + items(page) + "}");
        });
        List<Page> pages = read(paging);
        assertThat(server.lines()).containsExactly("GET /api/items", "GET /api/items?$skiptoken=a%20b", "GET /api/items?$skiptoken=2",
                "GET /api/items?$skiptoken=3", "GET /api/items?$skiptoken=4");
        assertThat(pages).hasSize(5).last().satisfies(page -> assertThat(page.incomplete()).isNull());
    }

    @Test
    void aReadGoesOnAfterAnyOfItsPages() {
        Paging paging = new Paging(Kind.PAGE, "page", false, 1, null, 0, null, List.of("hasMore"), null, null, End.EMPTY_PAGE, 20, false);
        server.always(request -> request.target().endsWith("page=3") ? json("{\"hasMore\":false,\"data\":" + items(3) + "}")
                : json("{\"hasMore\":true,\"data\":" + items(Integer.parseInt(request.target().substring(request.target().length() - 1))) + "}"));
        List<Page> pages = read(paging);
        assertThat(keys(pages)).containsExactly("1", "2", "3");
        List<Page> rest = fixture.pages(SourceFixture.read(http(server.url() + "/api", resource(paging)), null), pages.get(0).resume());
        assertThat(keys(rest)).containsExactly("2", "3");
        assertThat(rest.get(0).number()).isEqualTo(2);
    }
}

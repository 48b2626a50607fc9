package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.RouteResource;
import io.syncline.config.SourceConfig.Since;
import io.syncline.record.Page;
import io.syncline.record.TimeFormat;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class RouteSourceTest {
    private final SourceFixture fixture = new SourceFixture("docs/examples/currencies.yaml");
    private final List<Map<?, ?>> asked = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static Read read(String uri, Instant since) {
        RouteResource resource = new RouteResource("items", uri, new Since("since", false, TimeFormat.ISO, Duration.ofMinutes(5)), false);
        return SourceFixture.read(new SourceConfig.Route(Map.of("items", resource)), since);
    }

    private void route(Function<Map<?, ?>, Object> answers) {
        try {
            fixture.camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:mine").routeId("mine").errorHandler(noErrorHandler()).process(exchange -> {
                        Map<?, ?> request = exchange.getMessage().getBody(Map.class);
                        asked.add(new HashMap<>(request));
                        exchange.getMessage().setBody(answers.apply(request));
                    });
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private SourceFailure failure() {
        return catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read("direct:mine", null)));
    }

    @Test
    void theWorkedExampleIsRead() {
        List<Page> pages = fixture.pages(read("direct:currencies", null));
        assertThat(SourceFixture.keys(pages)).containsExactly("CHF", "EUR", "JPY");
        assertThat(pages.get(0).records().get(0).document().text()).isEqualTo("{\"name\":\"Swiss franc\"}");
        assertThat(SourceFixture.keys(fixture.pages(read("direct:currencies", null), pages.get(0).resume()))).containsExactly("JPY");
        assertThat(fixture.sources.drifts(read("direct:currencies", null))).isTrue();
        assertThat(fixture.sources.readsById(read("direct:currencies", null))).isFalse();
    }

    @Test
    void mapsAreAsGoodAsJson() {
        route(request -> Map.of("records", List.of(Map.of("id", 9007199254740993L, "name", "n", "price", new BigDecimal("1E+2"))), "last", true, "total", 1));
        Page page = fixture.pages(read("direct:mine", Instant.parse("2026-01-01T00:05:00Z"))).get(0);
        assertThat(page.records().get(0).key()).isEqualTo("9007199254740993");
        assertThat(page.records().get(0).document().text()).isEqualTo("{\"name\":\"n\",\"price\":100}");
        assertThat(page.incomplete()).isNull();
        Map<String, Object> expected = new HashMap<>();
        expected.put("resource", "items");
        expected.put("since", "2026-01-01T00:00:00Z");
        expected.put("resume", null);
        assertThat(asked).isEqualTo(List.of(expected));
    }

    @Test
    void anAnswerThatIsNoPageFails() {
        Map<String, String> wrong = new HashMap<>();
        wrong.put("{\"last\":true}", "no list of records at records");
        wrong.put("{\"records\":[]}", "does not say at last");
        wrong.put("{\"records\":[],\"last\":null}", "last is null");
        wrong.put("{\"records\":[{\"id\":1}],\"last\":false}", "not where");
        wrong.put("{\"records\":null,\"last\":true}", "records is null");
        List<String> answer = new ArrayList<>(List.of(""));
        route(request -> answer.get(0));
        wrong.forEach((given, reason) -> {
            answer.set(0, given);
            assertThat(failure()).as(given).hasMessageContaining(reason);
        });
        answer.set(0, "{\"records\":[{\"id\":1}],\"last\":false,\"next\":\"x\"}");
        assertThat(failure()).hasMessageContaining("came again");
    }

    @Test
    void aRouteThatFailsIsAFailure() {
        route(request -> {
            throw new IllegalStateException("CANARY");
        });
        assertThat(failure()).hasMessage("shop: ask direct:mine: the route failed. The log says why, under the run's number.");
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read("file:/etc", null))).kind())
                .isEqualTo(SourceFailure.Kind.FORBIDDEN_ADDRESS);
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read("direct:nowhere", null)))).hasMessage(
                "shop: ask direct:nowhere: there is no such route. Put a file with a route from direct:nowhere into routes/.");
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read("direct:currencies", null),
                "{\"at\":\"after USD\",\"page\":2,\"read\":2,\"total\":null}"))).hasMessageContaining("the route failed");
    }
}

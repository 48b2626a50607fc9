package io.syncline.source;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.config.Configuration;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Auth;
import io.syncline.config.SourceConfig.HttpResource;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import static io.syncline.source.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Promise 21: to a read-only system nothing but GET and HEAD can be sent, whatever is asked above. */
class ReadOnlySystemTest {
    private final FaultyServer server = new FaultyServer();
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        server.close();
    }

    private Exchange sent(String method, boolean readOnly) {
        Exchange exchange = new DefaultExchange(fixture.camel);
        exchange.setVariable("network", "PRIVATE_TOO");
        exchange.setVariable(OutboundCall.VARIABLE, new OutboundCall(1 << 20, readOnly ? Departure.readsOnly() : Departure.ANY));
        exchange.getMessage().setHeader(Exchange.HTTP_URI, server.url() + "/items");
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, method);
        return fixture.camel.createProducerTemplate().send("direct:outbound", exchange);
    }

    @Test
    void theClientItselfSendsNothingElse() {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")) {
            assertThat(sent(method, true).getException()).as(method).isInstanceOf(OnlyReads.class).hasMessageContaining(method);
        }
        assertThat(server.received()).isEmpty();

        assertThat(sent("GET", true).getException()).isNull();
        assertThat(sent("HEAD", true).getException()).isNull();
        assertThat(sent("DELETE", false).getException()).isNull();
        assertThat(server.received()).extracting(FaultyServer.Received::method).containsExactly("GET", "HEAD", "DELETE");
    }

    @Test
    void aPostThatCameByEveryCheckStopsThere() {
        HttpResource post = new HttpResource("items", "POST", "/items", Map.of(), null, List.of("data"), SourceFixture.NONE, null, null, List.of());
        SourceConfig.Http source = SourceFixture.http(server.url(), new Auth.None(), Limits.DEFAULT, post);
        server.script(json("{\"data\":[]}"));
        assertThat(fixture.pages(read(source, post, false))).hasSize(1);
        int before = server.received().size();

        SourceFailure failure = catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read(source, post, true)));

        assertThat(failure.kind()).isEqualTo(SourceFailure.Kind.REFUSED);
        assertThat(failure).hasMessageContaining("the system is read-only, and this is no GET or HEAD").hasMessageContaining("nothing was sent");
        assertThat(server.received()).hasSize(before);
    }

    @Test
    void noTokenIsFetchedByPost() {
        HttpResource items = SourceFixture.resource(SourceFixture.NONE);
        SourceConfig.Http source = SourceFixture.http(server.url(), new Auth.OAuth2(server.url() + "/token", "id", "secret", null), Limits.DEFAULT, items);

        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read(source, items, true)))).hasMessageContaining("read-only");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void nothingIsDeliveredToWhereAReadOnlySystemStands() {
        HttpResource items = SourceFixture.resource(SourceFixture.NONE);
        SourceConfig.Http source = SourceFixture.http(server.url() + "/srv", new Auth.None(), Limits.DEFAULT, items);
        SyncConfig sync = new SyncConfig("goods", "Goods", "", "shop", "sp", List.of("default"), new SyncConfig.Schedules(null, null, ZoneOffset.UTC),
                List.of());
        for (boolean readOnly : new boolean[] {true, false}) {
            Configuration configuration = new Configuration(Map.of("shop", new SystemConfig("shop", "Shop", "", source, readOnly)), Map.of("goods", sync));
            ReadOnlyPlaces places = new ReadOnlyPlaces(configuration, (organisation, system) -> SourceFixture.connection(organisation));
            try (Postbox postbox = new Postbox(new Outbound(fixture.camel, fixture.clock, new SimpleMeterRegistry()), places)) {
                SourceFailure failure = catchThrowableOfType(SourceFailure.class, () -> postbox.post("syncline.anchor.url", server.url() + "/anchors", true,
                        Map.of(), "{}", Duration.ofSeconds(5)));
                assertThat(failure == null).isNotEqualTo(readOnly);
                assertThat(server.received()).hasSize(readOnly ? 0 : 1);
            }
        }
    }

    @Test
    void aReadCannotGoRoundTheDeclaration() throws Exception {
        HttpRequest read = new HttpRequest(HttpRequest.Purpose.READ, "POST", URI.create(server.url() + "/items"), Map.of(), "{}", "application/json",
                new Asked("shop", "x"));
        Outbound outbound = new Outbound(fixture.camel, fixture.clock, new SimpleMeterRegistry());
        assertThatThrownBy(() -> outbound.send(read, Network.PRIVATE_TOO, Limits.DEFAULT)).isInstanceOf(IllegalArgumentException.class);
        assertThat(server.received()).isEmpty();
        outbound.close();
    }

    private static Read read(SourceConfig source, SourceConfig.Resource resource, boolean readOnly) {
        return new Read(SourceFixture.connection("default"), new SystemConfig("shop", "Shop", "", source, readOnly), resource, SourceFixture.ITEMS, null);
    }
}

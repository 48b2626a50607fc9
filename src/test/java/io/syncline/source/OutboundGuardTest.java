package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Auth;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.source.SourceFailure.Kind;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import static io.syncline.source.FaultyServer.json;
import static io.syncline.source.HttpPagingTest.items;
import static io.syncline.source.SourceFixture.NONE;
import static io.syncline.source.SourceFixture.http;
import static io.syncline.source.SourceFixture.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Outbound only to the configured host, at the addresses that were checked (security 5 to 7), and only to read (promise 21). */
class OutboundGuardTest {
    private final FaultyServer server = new FaultyServer();
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        server.close();
    }

    private SourceFailure failure(String url, boolean allowPrivateNetwork) {
        SourceConfig.Http http = new SourceConfig.Http(url, allowPrivateNetwork, new Auth.None(), Map.of(), NONE, Limits.DEFAULT,
                Map.of("items", resource(NONE)));
        return catchThrowableOfType(SourceFailure.class, () -> fixture.pages(SourceFixture.read(http, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:%d", "http://localhost:%d", "http://[::1]:%d", "http://[::ffff:127.0.0.1]:%d", "http://0.0.0.0:%d",
            "http://[::]:%d",
        "http://127.1:%d", "http://2130706433:%d", "http://0x7f000001:%d", "http://0177.0.0.1:%d", "http://0x7f.0.0.1:%d", "http://127.0.0.1.:%d",
        "http://10.1.2.3",
        "http://172.16.0.1", "http://192.168.1.1", "http://169.254.169.254", "http://100.64.0.1", "http://100.100.100.200", "http://224.0.0.1",
        "http://255.255.255.255",
        "http://[fe80::1]", "http://[fe80::1%%25lo]", "http://[fd00:ec2::254]", "http://[fc00::1]", "http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]",
        "http://[::7f00:1]",
        "http://user:CANARY@example.com", "http://example.com@127.0.0.1:%d", "http://127.0.0.1:%d#@example.com", "http://127.0.0.1:%d?@example.com",
        "ftp://example.com", "file:///etc/passwd", "jar:http://example.com!/", "gopher://127.0.0.1:%d", "//127.0.0.1:%d", "127.0.0.1:%d", "http://",
        "http:127.0.0.1",
        "http://exa mple.com", "http://example.com\\@127.0.0.1:%d", "http://１２７.0.0.1:%d", "http://127。0。0。1:%d"})
    void anAddressThatIsNotPublicIsRefused(String url) {
        SourceFailure failure = failure(url.formatted(server.port()), false);
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.FORBIDDEN_ADDRESS);
        assertThat(failure).hasMessageNotContaining("CANARY");
        assertThat(server.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254", "http://0.0.0.0:%d", "http://224.0.0.1", "http://[fe80::1]", "http://[fd00:ec2::254]",
            "http://100.100.100.200",
        "http://user@127.0.0.1:%d", "http://2130706433:%d", "http://[64:ff9b::a9fe:a9fe]"})
    void whatNoIntranetSystemStandsAtStaysClosedEvenWithPrivateNetworksAllowed(String url) {
        assertThat(failure(url.formatted(server.port()), true).kind()).isEqualTo(Kind.FORBIDDEN_ADDRESS);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void publicAddressesAreAllowed() throws UnknownHostException {
        for (String address : List.of("93.184.216.34", "8.8.8.8", "2606:4700::1111", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.0.66.1",
                "198.20.0.1")) {
            assertThat(Network.PUBLIC.allows(InetAddress.getByName(address))).as(address).isTrue();
        }
    }

    @Test
    void aNameThatMeansAnotherAddressWhenConnectingReachesNothing() throws UnknownHostException {
        AtomicInteger lookups = new AtomicInteger();
        InetAddress open = InetAddress.getByName("93.184.216.34");
        InetAddress inside = InetAddress.getByName("127.0.0.1");
        GuardedResolver resolver = new GuardedResolver(Network.PUBLIC, host -> new InetAddress[] {lookups.incrementAndGet() == 1 ? open : inside});
        assertThat(resolver.resolve("rebinding.example")).containsExactly(open);
        assertThatThrownBy(() -> resolver.resolve("rebinding.example")).isInstanceOf(ForbiddenAddress.class);

        fixture.names.put("rebinding.example", new InetAddress[] {open, inside});
        SourceFailure failure = failure("http://rebinding.example:" + server.port(), false);
        assertThat(failure.kind()).isEqualTo(Kind.FORBIDDEN_ADDRESS);
        assertThat(failure).hasMessageContaining("rebinding.example stands at 127.0.0.1");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void theConnectionGoesToTheCheckedAddressOnly() throws UnknownHostException {
        server.script(json("{\"data\":[]}"));
        fixture.names.put("erp.example", new InetAddress[] {InetAddress.getByName("127.0.0.1")});
        assertThat(failure("http://erp.example:" + server.port(), true)).isNull();
        assertThat(server.received().get(0).headers()).containsEntry("host", "erp.example:" + server.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example/api/items", "https://127.0.0.1:%d/api/items", "http://127.0.0.1:1/api/items", "http://127.0.0.1/api/items",
        "//evil.example/api/items", "http://127.0.0.1:%d@evil.example/api/items", "http://u:p@127.0.0.1:%d/api/items", "http://127.0.0.1:%d\\@evil.example/",
        "http://127.0.0.1:%d.evil.example/api/items", "file:///etc/passwd", "javascript:alert(1)", "/admin", "/api/../admin", "/api/%%2e%%2E/admin", "../admin",
        "/api/..;/admin", "/api/%%2e%%2e%%3bx=1/admin",
        "http://127.0.0.1:%d/api/items#x", "http://127.0.0.1:%d/apis/items", "\\\\evil.example\\x", "http://2130706433:%d/api/items"})
    void aLinkThatLeadsElsewhereIsNotFollowed(String link) {
        try (FaultyServer elsewhere = new FaultyServer()) {
            String target = link.formatted(server.port());
            Paging paging = new Paging(Paging.Kind.NEXT_URL, null, false, 0, null, 0, List.of("next"), null, null, null, Paging.End.EMPTY_PAGE, 9, false);
            server.script(json("{\"next\":\"" + target.replace("\\", "\\\\") + "\",\"data\":" + items(1) + "}"));
            SourceConfig.Http http = http(server.url() + "/api", new Auth.Bearer("CANARY"), Limits.DEFAULT, resource(paging));
            SourceFailure failure = catchThrowableOfType(SourceFailure.class, () -> fixture.pages(SourceFixture.read(http, null)));
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.FORBIDDEN_ADDRESS);
            assertThat(server.received()).hasSize(1);
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void withoutANamedNetworkNothingIsSent() {
        Exchange exchange = fixture.camel.createProducerTemplate().send("direct:outbound",
                each -> each.getMessage().setHeader("CamelHttpUri", server.url()));
        assertThat(exchange.getException()).hasMessageContaining("no connections for the network");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void nothingIsRememberedBetweenCalls() {
        server.script(json("{\"data\":[]}", "Set-Cookie", "session=CANARY; Path=/"));
        failure(server.url(), true);
        failure(server.url(), true);
        assertThat(server.received()).hasSize(2);
        assertThat(server.received().get(1).headers()).doesNotContainKey("cookie");
    }

    @Test
    void aConnectionThatIsNotSecureIsNotMadeInstead() {
        SourceFailure failure = failure("https://127.0.0.1:" + server.port(), true);
        assertThat(failure).hasMessageContaining("no secure connection can be made");
    }

    @Test
    void aTokenIsOnlyAskedForWhereThatIsAllowed() {
        Auth oauth = new Auth.OAuth2("http://169.254.169.254/token", "id", "secret", null);
        SourceConfig.Http http = http(server.url(), oauth, Limits.DEFAULT, resource(NONE));
        SourceFailure failure = catchThrowableOfType(SourceFailure.class, () -> fixture.pages(SourceFixture.read(http, null)));
        assertThat(failure.kind()).isEqualTo(Kind.FORBIDDEN_ADDRESS);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void aRequestThatCouldChangeSomethingCannotBeBuilt() {
        Asked asked = new Asked("shop", "x");
        for (String method : List.of("PUT", "PATCH", "DELETE", "get", "TRACE", "CONNECT", "HEAD")) {
            assertThatThrownBy(() -> new HttpRequest(HttpRequest.Purpose.READ, method, URI.create("http://h/"), Map.of(), null, null, asked))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String name : List.of("CamelHttpUri", "cAmElhttpuri", "org.apache.camel.x", "a b", "a\nb", "")) {
            assertThatThrownBy(() -> new HttpRequest(HttpRequest.Purpose.READ, "GET", URI.create("http://h/"), Map.of(name, "x"), null, null, asked))
                    .isInstanceOf(SourceFailure.class);
        }
    }
}

package io.syncline.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.syncline.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tokens of an identity provider whose keys stand at an address, as it is in earnest. */
class SignedTokensTest {
    private static final String ISSUER = "https://login.example";
    private static RSAKey rsa;
    private static ECKey ec;

    private final List<JWK> shown = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer provider;

    @BeforeAll
    static void keys() throws JOSEException {
        rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
    }

    @BeforeEach
    void open() {
        shown.addAll(List.of(rsa.toPublicJWK(), ec.toPublicJWK()));
        provider = TestServer.create();
        provider.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            byte[] body = new JWKSet(shown).toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        provider.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/keys");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        provider.start();
    }

    @AfterEach
    void close() {
        provider.stop(0);
    }

    @Test
    void aTokenNamesItsCallerOrganisationAndRole() {
        Tokens tokens = tokens("/keys");
        for (JWK key : List.of(rsa, ec)) {
            String token = signed(key, claims -> claims);
            assertThat(tokens.takes(token)).isTrue();
            assertThat(tokens.caller(token)).extracting("name", "organisation", "role").containsExactly("jwt:ann", "acme", Role.REVIEWER);
        }
        assertThat(tokens.caller(signed(rsa, claims -> claims.claim("syncline_role", List.of("staff", "viewer", "operator")))).role()).isEqualTo(Role.OPERATOR);
        assertThat(asked).hasValue(1);
        assertThat(tokens.takes(ApiKey.random().text())).isFalse();
    }

    @Test
    void whatIsNotForHereOrNotForNowIsRefused() {
        Tokens tokens = tokens("/keys");
        refused(tokens, signed(rsa, claims -> claims.issuer("https://evil.example")), "issuer");
        refused(tokens, signed(rsa, claims -> claims.issuer(null)), "lacks iss");
        refused(tokens, signed(rsa, claims -> claims.audience("other")), "audience");
        refused(tokens, signed(rsa, claims -> claims.audience((String) null)), "audience");
        refused(tokens, signed(rsa, claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(61)))), "expired");
        refused(tokens, signed(rsa, claims -> claims.expirationTime(null)), "lacks exp");
        refused(tokens, signed(rsa, claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(90)))), "not valid yet");
        refused(tokens, signed(rsa, claims -> claims.claim("org_id", null)), "lacks org_id");
        refused(tokens, signed(rsa, claims -> claims.claim("org_id", "A B")), "organisation");
        refused(tokens, signed(rsa, claims -> claims.claim("org_id", List.of("acme"))), "not one that");
        refused(tokens, signed(rsa, claims -> claims.claim("syncline_role", "root")), "role");
        refused(tokens, signed(rsa, claims -> claims.claim("syncline_role", "anyone")), "role");
        refused(tokens, signed(rsa, claims -> claims.subject("a\nb")), "subject");
        assertThat(tokens.caller(signed(rsa, claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(30))))).name()).isEqualTo("jwt:ann");
    }

    @Test
    void onlyTheProvidersSignatureCounts() throws JOSEException {
        Tokens tokens = tokens("/keys");
        RSAKey evil = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
        refused(tokens, signed(evil, claims -> claims), "not one that");
        JWTClaimsSet claims = claims(each -> each);
        refused(tokens, new PlainJWT(claims).serialize(), "not one that");
        // The provider's public key used as if it were a shared secret.
        refused(tokens, signed(JWSAlgorithm.HS256, "rsa-1", new MACSigner(rsa.toRSAPublicKey().getEncoded()), claims), "not one that");
        refused(tokens, signed(JWSAlgorithm.RS512, "rsa-1", new RSASSASigner(rsa), claims), "not one that");
        refused(tokens, signed(JWSAlgorithm.PS256, "rsa-1", new RSASSASigner(rsa), claims), "not one that");
        String good = signed(rsa, each -> each);
        String[] parts = good.split("\\.");
        refused(tokens, parts[0] + "." + parts[1] + ".", "not one that");
        refused(tokens, parts[0] + "." + signed(rsa, each -> each.claim("syncline_role", "admin")).split("\\.")[1] + "." + parts[2], "not one that");
        refused(tokens, "a.b.c", "not one that");
        refused(tokens, "..", "not one that");
        refused(tokens, good + "x".repeat(13_000), "longer");
        SignedJWT embedded = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("unknown").jwk(evil.toPublicJWK()).build(), claims);
        embedded.sign(new RSASSASigner(evil));
        refused(tokens, embedded.serialize(), "not one that");
        SignedJWT other = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").type(new JOSEObjectType("logout+jwt")).build(), claims);
        other.sign(new RSASSASigner(rsa));
        refused(tokens, other.serialize(), "not one that");
    }

    @Test
    void aNewKeyOfTheProviderIsFoundAndGuessesAreNotPassedOnToIt() throws JOSEException {
        Tokens tokens = tokens("/keys");
        tokens.caller(signed(rsa, claims -> claims));
        RSAKey next = new RSAKeyGenerator(2048).keyID("rsa-2").generate();
        shown.add(next.toPublicJWK());
        assertThat(tokens.caller(signed(next, claims -> claims)).name()).isEqualTo("jwt:ann");
        RSAKey evil = new RSAKeyGenerator(2048).keyID("guess").generate();
        String guess = signed(evil, claims -> claims);
        for (int times = 0; times < 50; times++) {
            assertThatThrownBy(() -> tokens.caller(guess)).isInstanceOf(NotAdmitted.class);
        }
        assertThat(asked).hasValueLessThanOrEqualTo(3);
        assertThat(tokens.caller(signed(rsa, claims -> claims)).name()).isEqualTo("jwt:ann");
    }

    @Test
    void keysMayStandInAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("keys.json"), new JWKSet(List.of(rsa.toPublicJWK())).toString());
        assertThat(of(file.toString(), Duration.ofMinutes(1)).caller(signed(rsa, claims -> claims)).name()).isEqualTo("jwt:ann");
    }

    @Test
    void withoutTheProvidersKeysNothingIsTrustedAndThatIsSaid() {
        assertThatThrownBy(() -> tokens("/nothing-here").caller(signed(rsa, claims -> claims))).isInstanceOf(ProviderUnreachable.class);
        assertThatThrownBy(() -> tokens("/moved").caller(signed(rsa, claims -> claims))).isInstanceOf(ProviderUnreachable.class);
        assertThat(asked).hasValue(0);
    }

    /** It answers only when the test is over. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aProviderThatDoesNotAnswerIsNotWaitedForForLong() {
        CountDownLatch end = new CountDownLatch(1);
        provider.createContext("/silent", exchange -> {
            try {
                end.await(5, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        try {
            assertThatThrownBy(() -> of(address("/silent"), Duration.ofSeconds(1)).caller(signed(rsa, claims -> claims)))
                    .isInstanceOf(ProviderUnreachable.class);
        } finally {
            end.countDown();
        }
    }

    private Tokens tokens(String path) {
        return of(address(path), Duration.ofMinutes(1));
    }

    private String address(String path) {
        return "http://127.0.0.1:" + provider.getAddress().getPort() + path;
    }

    private static Tokens of(String jwks, Duration timeout) {
        AccessSettings.Jwt settings = new AccessSettings.Jwt(ISSUER, "syncline", jwks, "org_id", "syncline_role", timeout);
        return new SignedTokens(settings, new ProviderKeys(jwks, settings.timeout()));
    }

    private static void refused(Tokens tokens, String token, String why) {
        assertThatThrownBy(() -> tokens.caller(token)).as(why).isInstanceOf(NotAdmitted.class).hasMessageContaining(why);
    }

    private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
        return change.apply(new JWTClaimsSet.Builder().issuer(ISSUER).audience("syncline").subject("ann").expirationTime(Date.from(Instant.now()
                .plusSeconds(300)))
                .claim("org_id", "acme").claim("syncline_role", "reviewer")).build();
    }

    private static String signed(JWK key, UnaryOperator<JWTClaimsSet.Builder> change) {
        try {
            boolean isRsa = key instanceof RSAKey;
            return signed(isRsa ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256, key.getKeyID(), isRsa ? new RSASSASigner((RSAKey) key)
                    : new ECDSASigner((ECKey) key), claims(change));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWSAlgorithm algorithm, String key, JWSSigner signer, JWTClaimsSet claims) throws JOSEException {
        SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims);
        token.sign(signer);
        return token.serialize();
    }
}

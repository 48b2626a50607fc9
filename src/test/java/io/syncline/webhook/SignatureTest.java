package io.syncline.webhook;

import io.syncline.config.WebhookConfig;
import io.syncline.config.WebhookConfig.Scheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 25, with the vector of Standard Webhooks and signatures that openssl made. */
class SignatureTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final long SENT = 1614265330;
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final String RIGHT = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final String HEX = "8a1d7bcaba616c6282a32b7bd7f79418c2b11b19fea4dc4daded4c6b2cb24ebd";

    @Test
    void theVectorOfStandardWebhooksPasses() {
        assertThat(standard(headers(RIGHT, SENT), BODY, SENT)).isTrue();
        assertThat(standard(headers("v1a,xx v1,AAAA " + RIGHT, SENT), BODY, SENT)).as("one of several").isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "300, true", "-300, true", "301, false", "-301, false", "86400, false"})
    void aMessageIsGoodForFiveMinutes(long later, boolean good) {
        assertThat(standard(headers(RIGHT, SENT), BODY, SENT + later)).isEqualTo(good);
    }

    @Test
    void nothingElseIsGood() {
        assertThat(standard(headers(RIGHT, SENT), "{\"test\":2432232314}".getBytes(StandardCharsets.UTF_8), SENT)).as("written anew").isFalse();
        assertThat(standard(headers(RIGHT, SENT + 1), BODY, SENT)).as("another time").isFalse();
        assertThat(standard(headers("v2," + RIGHT.substring(3), SENT), BODY, SENT)).as("another version").isFalse();
        assertThat(standard(headers(RIGHT.substring(3), SENT), BODY, SENT)).as("no version").isFalse();
        assertThat(standard(headers("v1,", SENT), BODY, SENT)).as("no signature").isFalse();
        assertThat(standard(headers("v1,???", SENT), BODY, SENT)).as("no base64").isFalse();
        for (String header : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
            Map<String, String> without = headers(RIGHT, SENT);
            without.remove(header);
            assertThat(standard(without, BODY, SENT)).as("no " + header).isFalse();
        }
        Map<String, String> soon = headers(RIGHT, SENT);
        soon.put("webhook-timestamp", "soon");
        assertThat(standard(soon, BODY, SENT)).isFalse();
        assertThat(new Signature(config(Scheme.STANDARD_WEBHOOKS, "webhook-signature", "", "webhook-id", "webhook-timestamp"))
                .isGood("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", headers(RIGHT, SENT), BODY, Instant.ofEpochSecond(SENT))).as("another secret").isFalse();
    }

    @Test
    void anHmacInHexadecimalOrBase64IsOverTheBodyAlone() {
        Signature hex = new Signature(config(Scheme.HMAC_SHA256_HEX, "X-Signature", "sha256=", null, null));
        assertThat(hex.isGood("It's a Secret to Everybody", named("X-Signature", "sha256=" + hello()), "Hello, World!".getBytes(), Instant.EPOCH)).isTrue();
        assertThat(hex.isGood("It's a Secret to Everybody", named("x-signature", "sha256=" + hello().toUpperCase()), "Hello, World!".getBytes(),
                Instant.EPOCH)).isTrue();
        assertThat(hex.isGood("It's a Secret to Everybody", named("X-Signature", hello()), "Hello, World!".getBytes(), Instant.EPOCH)).isFalse();
        assertThat(hex.isGood("It's a Secret to Everybody", named("X-Signature", "sha256=" + hello()), "Hello, World?".getBytes(), Instant.EPOCH)).isFalse();
        Signature base64 = new Signature(config(Scheme.HMAC_SHA256_BASE64, "X-Signature", "", null, null));
        assertThat(base64.isGood("It's a Secret to Everybody", named("X-Signature", "dXEH6g5wUJ4Clcxl+pN3XvN0clVnU/0jZg8/5DiM4Xc="), "Hello, World!".getBytes(),
                Instant.EPOCH)).isFalse();
        String right = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hello()));
        assertThat(base64.isGood("It's a Secret to Everybody", named("X-Signature", right), "Hello, World!".getBytes(), Instant.EPOCH)).isTrue();
    }

    /** {@code printf '1614265330.{"test": 2432232314}' | openssl dgst -sha256 -hmac 'correct horse battery'}. */
    @Test
    void whereThereIsATimeItIsSignedWithTheBody() {
        Signature timed = new Signature(config(Scheme.HMAC_SHA256_HEX, "X-Signature", "", null, "X-Time"));
        Map<String, String> headers = named("X-Signature", HEX);
        headers.put("X-Time", Long.toString(SENT));
        assertThat(timed.isGood("correct horse battery", headers, BODY, Instant.ofEpochSecond(SENT))).isTrue();
        assertThat(timed.isGood("correct horse battery", headers, BODY, Instant.ofEpochSecond(SENT + 301))).isFalse();
        headers.put("X-Time", Long.toString(SENT + 1));
        assertThat(timed.isGood("correct horse battery", headers, BODY, Instant.ofEpochSecond(SENT))).isFalse();
        headers.remove("X-Time");
        assertThat(timed.isGood("correct horse battery", headers, BODY, Instant.ofEpochSecond(SENT))).isFalse();
    }

    /** The example of GitHub's documentation. */
    private static String hello() {
        return "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    }

    private static boolean standard(Map<String, String> headers, byte[] body, long now) {
        return new Signature(config(Scheme.STANDARD_WEBHOOKS, "webhook-signature", "", "webhook-id", "webhook-timestamp"))
                .isGood(SECRET, headers, body, Instant.ofEpochSecond(now));
    }

    private static Map<String, String> headers(String signature, long time) {
        Map<String, String> headers = named("Webhook-Signature", signature);
        headers.put("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
        headers.put("webhook-timestamp", Long.toString(time));
        return headers;
    }

    private static Map<String, String> named(String name, String value) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put(name, value);
        return headers;
    }

    private static WebhookConfig config(Scheme scheme, String header, String prefix, String id, String time) {
        return new WebhookConfig(scheme, "", null, header, prefix, id, time, List.of("type"), null, Map.of(), List.of("id"));
    }
}

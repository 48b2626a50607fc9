package io.syncline.webhook;

import io.syncline.config.WebhookConfig;
import io.syncline.config.WebhookConfig.Scheme;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Whether a message was signed with a secret: an HMAC-SHA256 over the bytes as they came, compared in a time that tells nothing. */
final class Signature {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String VERSION = "v1,";

    private final WebhookConfig config;

    Signature(WebhookConfig config) {
        this.config = config;
    }

    /** @param headers by names in lower case */
    boolean isGood(String secret, Map<String, String> headers, byte[] body, Instant now) {
        String sent = header(headers, config.signatureHeader()).orElse(null);
        Optional<String> time = header(headers, config.timestampHeader());
        Optional<String> id = header(headers, config.idHeader());
        if (sent == null || config.timestampHeader() != null && !isNear(time.orElse(""), now)) {
            return false;
        }
        if (config.scheme() != Scheme.STANDARD_WEBHOOKS) {
            byte[] right = hmac(secret.getBytes(StandardCharsets.UTF_8), signed(null, time.orElse(null), body));
            return sent.startsWith(config.prefix()) && MessageDigest.isEqual(right, decoded(sent.substring(config.prefix().length())));
        }
        if (id.isEmpty()) {
            return false;
        }
        byte[] right = hmac(Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")), signed(id.get(), time.orElse(null), body));
        boolean good = false;
        for (String each : sent.split(" ")) {
            good |= each.startsWith(VERSION) && MessageDigest.isEqual(right, decoded(each.substring(VERSION.length())));
        }
        return good;
    }

    static Optional<String> header(Map<String, String> headers, String name) {
        return name == null ? Optional.empty() : Optional.ofNullable(headers.get(name)).filter(value -> !value.isEmpty());
    }

    /** Promise 25: ±5 minutes. */
    private static boolean isNear(String seconds, Instant now) {
        return seconds.matches("[0-9]{1,12}") && Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now).abs().compareTo(TOLERANCE) <= 0;
    }

    private static byte[] signed(String id, String time, byte[] body) {
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        for (String part : new String[] {id, time}) {
            if (part != null) {
                signed.writeBytes(part.getBytes(StandardCharsets.UTF_8));
                signed.write('.');
            }
        }
        signed.writeBytes(body);
        return signed.toByteArray();
    }

    /** What is not written as it should be is no signature. */
    private byte[] decoded(String text) {
        try {
            return config.scheme() == Scheme.HMAC_SHA256_HEX ? HexFormat.of().parseHex(text) : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] hmac(byte[] secret, byte[] signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every Java", e);
        }
    }
}

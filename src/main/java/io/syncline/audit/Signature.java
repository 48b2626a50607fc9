package io.syncline.audit;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The headers by which whoever receives a post knows that it is ours, as Standard Webhooks 1.0.0 has them. */
final class Signature {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String MARK = "whsec_";

    private Signature() {
    }

    /** @param secret {@code whsec_} and its bytes in Base64, or any text; null for no signature */
    static Map<String, String> headers(String secret, String id, Instant at, String body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(at.getEpochSecond()));
        if (secret != null) {
            headers.put("webhook-signature", "v1," + signed(secret, id + "." + at.getEpochSecond() + "." + body));
        }
        return headers;
    }

    private static String signed(String secret, String content) {
        byte[] key = secret.startsWith(MARK) ? Base64.getDecoder().decode(secret.substring(MARK.length())) : secret.getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}

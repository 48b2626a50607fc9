package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** OAuth 2 client credentials. Tokens live by the machine's time, so that moving the sandbox's clock does not end them. */
final class TokenDesk {
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Long> ends = new ConcurrentHashMap<>();
    private final String clientId;
    private final String clientSecret;
    private final Duration lifetime;

    TokenDesk(String clientId, String clientSecret, Duration lifetime) {
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.lifetime = lifetime;
    }

    /** The client may name itself in the form or by basic authentication. */
    Answer issue(Request request) {
        if (!request.method().equals("POST")) {
            return refuse(405, "invalid_request").with("Allow", "POST");
        }
        if (!request.isForm()) {
            return refuse(400, "invalid_request");
        }
        Map<String, String> form = request.form();
        if (!"client_credentials".equals(form.get("grant_type"))) {
            return refuse(400, "unsupported_grant_type");
        }
        boolean known = clientId.equals(form.get("client_id")) && clientSecret.equals(form.get("client_secret"));
        if (!known && !request.header("authorization").equals(basic())) {
            return refuse(400, "invalid_client");
        }
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        ends.values().removeIf(end -> end - System.nanoTime() <= 0);
        ends.put(token, System.nanoTime() + lifetime.toNanos());
        ObjectNode body = JsonText.object().put("access_token", token).put("expires_in", lifetime.toSeconds());
        body.put("token_type", "Bearer").put("scope", "tn.pricebook:r tn.pricebook:w");
        return Answer.json(200, body).with("Cache-Control", "no-store");
    }

    boolean knows(String authorization) {
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return false;
        }
        Long end = ends.get(authorization.substring(7).trim());
        return end != null && end - System.nanoTime() > 0;
    }

    /** Every token that was given out is worth nothing from now on. */
    void expireAll() {
        ends.clear();
    }

    private String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8));
    }

    private static Answer refuse(int status, String error) {
        return Answer.json(status, JsonText.object().put("error", error));
    }
}

package io.syncline.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/** What a request asks for, in 32 bytes: operation, path and query, the version it names, and body; not who asks, nor when. */
final class RequestDigest {
    private RequestDigest() {
    }

    static byte[] of(Call call) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, call.operation());
            add(digest, call.parameters());
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(call.headers());
            headers.remove(Idempotency.HEADER);
            add(digest, headers);
            add(digest, call.body());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, Map<String, String> named) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(named.size()).array());
        new TreeMap<>(named).forEach((name, value) -> {
            add(digest, name);
            add(digest, value);
        });
    }

    private static void add(MessageDigest digest, String text) {
        add(digest, text.getBytes(StandardCharsets.UTF_8));
    }

    /** With its length, so that no two requests run together to the same bytes. */
    private static void add(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }
}

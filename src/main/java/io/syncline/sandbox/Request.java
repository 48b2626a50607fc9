package io.syncline.sandbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a client asked.
 *
 * @param query   the raw query, empty where there is none
 * @param headers names in lower case
 */
record Request(String method, String path, String query, Map<String, String> headers, byte[] body) {
    Map<String, String> parameters() {
        return form(query);
    }

    Map<String, String> form() {
        return form(text());
    }

    boolean isForm() {
        return header("content-type").startsWith("application/x-www-form-urlencoded");
    }

    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** A plus is a blank, as everywhere in queries; who means a plus writes {@code %2B}. */
    private static Map<String, String> form(String encoded) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : encoded.split("&")) {
            if (!pair.isEmpty()) {
                int at = pair.indexOf('=');
                String name = at < 0 ? pair : pair.substring(0, at);
                String value = at < 0 ? "" : pair.substring(at + 1);
                values.put(URLDecoder.decode(name, StandardCharsets.UTF_8), URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return values;
    }
}

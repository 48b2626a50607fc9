package io.syncline.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.config.Connection;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a service says about a refusal: a text in version 4, one with a language in version 2, and plain text where it does not let us in at all. */
final class ODataError {
    private static final int MOST = 200;
    private static final int MOST_BYTES = 64 << 10;

    private ODataError() {
    }

    /** @return null where it says nothing that can be shown */
    static String said(HttpAnswer answer, Connection connection, SourceConfig.OData service) {
        if (answer.status() == 200 || answer.body().length == 0 || answer.body().length > MOST_BYTES || isWebPage(answer)) {
            return null;
        }
        String message = message(answer);
        if (message == null || message.isBlank()) {
            return null;
        }
        // Promise 28: a service may repeat what it was sent.
        boolean secret = secrets(connection, service).stream().anyMatch(each -> !each.isEmpty() && message.contains(each));
        return secret ? null : Asked.shown(message.strip().replace('"', '\''), MOST);
    }

    static boolean isWebPage(HttpAnswer answer) {
        String start = new String(answer.body(), 0, Math.min(500, answer.body().length), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        return start.contains("<html") || start.contains("<!doctype html");
    }

    private static String message(HttpAnswer answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
        if (!text.startsWith("{")) {
            return text.startsWith("<") || text.startsWith("[") ? null : text;
        }
        try {
            JsonNode answered = HttpReads.JSON.readTree(JsonAnswer.JSON.createParser(answer.body()));
            JsonNode message = answered.path("error").path("message");
            return message.isTextual() ? message.textValue() : message.path("value").textValue();
        } catch (IOException e) {
            return null;
        }
    }

    private static List<String> secrets(Connection connection, SourceConfig.OData service) {
        List<String> secrets = new ArrayList<>();
        Auth auth = service.auth();
        if (auth instanceof Auth.Basic basic) {
            secrets.add(connection.fill(basic.password()));
        } else if (auth instanceof Auth.Bearer bearer) {
            secrets.add(connection.fill(bearer.token()));
        } else if (auth instanceof Auth.Header header) {
            secrets.add(connection.fill(header.value()));
        }
        service.headers().values().stream().filter(value -> value.contains("${")).map(connection::fill).forEach(secrets::add);
        Entry.fixed(connection, auth).values().forEach(value -> secrets.add(value.replaceFirst("^(Basic|Bearer) ", "")));
        return secrets;
    }
}

package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.Keys;
import io.syncline.access.Role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Somebody with a key at the doors of the running product. */
final class Visitor {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final RunningSyncline syncline;
    private final String key;

    private Visitor(RunningSyncline syncline, String key) {
        this.syncline = syncline;
        this.key = key;
    }

    static Visitor of(RunningSyncline syncline, String name, String organisation, Role role) {
        return new Visitor(syncline, syncline.bean(Keys.class).make(name, organisation, role, "test").text());
    }

    Answered get(String path) {
        return send("GET", path, null);
    }

    Answered post(String path, String body) {
        return send("POST", path, body);
    }

    Answered send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(syncline.url() + path)).header("Authorization", "Bearer " + key)
                .timeout(Duration.ofMinutes(1))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answered(answer.statusCode(), answer.body(), answer.headers().firstValue("ETag").orElse(null),
                    answer.headers().firstValue("Location").orElse(null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * @param tag      the version's, or null
     * @param location where it is found that was made, or null
     */
    record Answered(int status, String text, String tag, String location) {
        JsonNode json() {
            return RunningSyncline.json(text);
        }

        String code() {
            return json().path("code").asText();
        }

        String detail() {
            return json().path("detail").asText();
        }
    }
}

package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** A plain client of the sandbox. */
final class Client {
    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ServiceTitanSandbox sandbox;
    private String token;

    Client(ServiceTitanSandbox sandbox) {
        this.sandbox = sandbox;
    }

    static String form(ServiceTitanSandbox sandbox) {
        return "grant_type=client_credentials&client_id=" + sandbox.options().clientId() + "&client_secret=" + sandbox.options().clientSecret();
    }

    HttpResponse<String> token(String form) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(sandbox.tokenUrl())).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)).build(), BodyHandlers.ofString());
    }

    /** A request with all that is needed to be let in. */
    HttpRequest.Builder request(String what) throws IOException, InterruptedException {
        if (token == null) {
            token = JSON.readTree(token(form(sandbox)).body()).path("access_token").asText();
        }
        return HttpRequest.newBuilder(URI.create(sandbox.url() + "/pricebook/v2/tenant/" + sandbox.options().tenant() + what))
                .header("Authorization", "Bearer " + token).header("ST-App-Key", sandbox.options().appKey());
    }

    HttpResponse<String> get(String what) throws IOException, InterruptedException {
        return http.send(request(what).build(), BodyHandlers.ofString());
    }

    /** @param headers names and values in turn */
    HttpResponse<String> write(String method, String what, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(what).method(method, BodyPublishers.ofString(body)).header("Content-Type", "application/json");
        for (int at = 0; at < headers.length; at += 2) {
            request.header(headers[at], headers[at + 1]);
        }
        return send(request.build(), BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException, InterruptedException {
        return http.send(request, handler);
    }

    JsonNode json(String what) throws IOException, InterruptedException {
        return JSON.readTree(get(what).body());
    }

    /** The ids of one page. */
    List<Long> ids(String what) throws IOException, InterruptedException {
        List<Long> ids = new ArrayList<>();
        json(what).path("data").forEach(row -> ids.add(row.path("id").asLong()));
        return ids;
    }

    HttpResponse<String> control(String method, String what, String body) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(sandbox.url() + "/_control" + what)).method(method, BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }
}

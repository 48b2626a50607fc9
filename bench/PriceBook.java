package bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two-way price book with the sandbox in the product's own process: a full sync of many items, an edit until ServiceTitan has it, one record refreshed. */
final class PriceBook {
    private static final Pattern SANDBOX = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/_control");
    private static final String MATERIALS = "/api/v1/syncs/pricebook/entities/materials/records";

    private final Product product;
    private final Times times;
    private final String sandbox;
    private final HttpClient http = HttpClient.newHttpClient();

    private PriceBook(Product product, Times times) throws IOException {
        this.times = times;
        this.product = product;
        Matcher said = SANDBOX.matcher(product.log());
        if (!said.find()) {
            throw new IOException("no sandbox:\n" + product.log());
        }
        sandbox = said.group(1);
    }

    static void measure(Path folder, int items, String heap, Times times) throws Exception {
        try (Product product = Product.start(folder.resolve("data"), folder.resolve("product.log"), null, heap, Map.of(), "demo", "--syncline.sandbox.port=0",
                "--syncline.sandbox.size=" + items, "--syncline.schedules.enabled=false", "--syncline.push.after-save=true", "--syncline.push.deliver=true")) {
            product.awaitSaid("README has more");
            new PriceBook(product, times).measure(items);
        }
    }

    private void measure(int items) throws Exception {
        JsonNode first = product.get("/api/v1/runs/1");
        int records = 0;
        for (JsonNode entity : first.path("entities")) {
            records += entity.path("counts").path("create").asInt();
        }
        Usage own = new Usage(product.pid(), false);
        double before = own.processor();
        double again = Times.seconds(() -> product.run("/api/sync/pricebook/full", null));
        double processor = own.processor() - before;
        JsonNode materials = product.get(MATERIALS + "?limit=200").path("items");
        Report.times("Price book of %,d items in the sandbox, which runs in the same process: milliseconds".formatted(items));
        times.print("one record refreshed, not changed", each -> refresh(key(materials, each)), report -> count(report, "unchanged") == 1);
        times.print("one record refreshed, changed there", each -> {
            control("PUT", "/_control/records/materials/" + key(materials, each), "{\"memberPrice\": " + (1000 + each) + ".25}");
            return refresh(key(materials, each));
        }, report -> count(report, "update") == 1);
        times.print("an edit by the API until ServiceTitan has it, sent at once (mode push)",
                each -> edited(key(materials, each), each, true), Boolean::booleanValue);
        times.fewer().print("an edit by the API until ServiceTitan has it, sent by itself (1 s of gathering)",
                each -> edited(key(materials, each), 500 + each, false), Boolean::booleanValue);
        Report.passes("Price book of %,d items: once, records a second".formatted(items));
        Report.pass("first full sync of %,d records, by its report; the process is cold".formatted(records), records,
                first.path("durationMs").asLong() / 1000.0);
        Report.pass("full sync by the API, nothing changed, %.1f s of processor time".formatted(processor), records, again);
    }

    private JsonNode refresh(String key) throws Exception {
        return product.run("/api/sync/pricebook/entity/materials/" + key, null);
    }

    /** From the edit until the record is what ServiceTitan says it is. */
    private boolean edited(String key, int number, boolean atOnce) throws Exception {
        JsonNode seen = product.get(MATERIALS + "/" + key);
        HttpResponse<String> answer = product.send("PATCH", MATERIALS + "/" + key, "{\"fields\": {\"price\": " + (2000 + number) + ".75}}", "If-Match",
                "\"" + seen.path("etag").asText().replace("\"", "") + "\"");
        if (answer.statusCode() != 200) {
            throw new IOException(answer.body());
        }
        if (atOnce) {
            product.run("/api/v1/syncs/pricebook/runs", "{\"mode\": \"push\"}");
        }
        while (!product.get(MATERIALS + "/" + key).path("status").asText().equals("synced")) {
            product.pause();
        }
        return control("GET", "/_control/records/materials/" + key, null).contains((2000 + number) + ".75");
    }

    private static int count(JsonNode report, String outcome) {
        return report.path("entities").path(0).path("counts").path(outcome).asInt();
    }

    private static String key(JsonNode materials, int each) {
        return materials.path(each % materials.size()).path("key").asText();
    }

    private String control(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher sent = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox + path)).method(method, sent).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }
}

package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A price book that was read whole, and a folder that vendors deliver their lists to. */
abstract class AtTheVendors {
    static final String ADDRESS = "/api/v1/syncs/pricebook/imports/vendor_prices";
    static final String CED = "Catalog Number,Description,Net Price,UOM,Customer Part\n";

    @TempDir
    Path folder;
    Path vendors;
    Pricebook book;

    @BeforeEach
    void open() throws IOException {
        vendors = Files.createDirectories(folder.resolve("vendors"));
        book = Pricebook.open(folder.resolve("config"), Map.of("VENDOR_PRICES_DIRECTORY", vendors.toString()));
        book.full();
    }

    @AfterEach
    void close() {
        book.close();
    }

    /** What a request for an import is answered. */
    JsonNode asked(String body, int status) {
        HttpResponse<String> answer = book.syncline.call("POST", ADDRESS, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return RunningSyncline.json(answer.body());
    }

    /** The report of an import, when it has ended. */
    JsonNode report(long id) {
        Pricebook.until(() -> book.count("syncline.import_run where id = ? and state <> 'running'", id) == 1);
        for (JsonNode report : RunningSyncline.json(book.syncline.call("GET", ADDRESS, null).body()).path("items")) {
            if (report.path("id").asLong() == id) {
                return report;
            }
        }
        throw new AssertionError("no import " + id);
    }

    JsonNode take(String body) {
        return report(asked(body, 202).path("id").asLong());
    }
}

package io.syncline.promises;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

import static io.syncline.promises.Pricebook.until;

/** Tests that share one product with a price book in it, because they leave nothing behind that stands in another's way. */
abstract class OnePricebook {
    @TempDir
    private static Path folder;
    static Pricebook book;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        book.full();
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void anHourLater() {
        book.sandbox.clock().advance(Duration.ofHours(1));
    }

    @AfterEach
    void everyRunEnds() {
        book.sandbox.clearFaults();
        until(() -> book.count("syncline.run where finished_at is null") == 0);
    }
}

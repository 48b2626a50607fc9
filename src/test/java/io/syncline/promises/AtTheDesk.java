package io.syncline.promises;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of decisions about conflicts, at one desk for all of a class; whatever was decided, the chain and the ledgers hold. */
abstract class AtTheDesk {
    @TempDir
    static Path folder;
    static Pricebook book;
    static ConflictDesk desk;

    @BeforeAll
    static void openTheBook() {
        book = Pricebook.open(folder);
        book.full();
        desk = new ConflictDesk(book);
    }

    @AfterAll
    static void closeTheBook() {
        try (Pricebook closing = book) {
            assertThat(closing.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
            assertThat(closing.sql().sql("select problem from syncline.verify_ledgers()").query(String.class).list()).isEmpty();
        }
    }
}

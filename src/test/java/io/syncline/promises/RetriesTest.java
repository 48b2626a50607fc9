package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.sandbox.Entity;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** Promise 8: what is set aside is tried again by itself, with growing waits, until it goes through, is gone, or only a person can help. */
class RetriesTest {
    private static final String UNFIT = "{\"cost\": \"a lot\"}";
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static long next = 910_000;
    private long id;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        book.full();
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    /** A record that does not fit and never did. */
    @BeforeEach
    void aRejectedRecord() {
        book.sandbox.clearFaults();
        book.sql().sql("update syncline.attention set next_attempt_at = null where state = 'open'").update();
        book.sandbox.clock().advance(Duration.ofHours(1));
        id = ++next;
        book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"R\", \"cost\": \"a lot\"}");
        book.incremental();
        assertThat(entry()).isEqualTo("open 1");
        book.sandbox.clearJournal();
    }

    private static void tick() {
        book.syncline.bean(ProducerTemplate.class).sendBody("direct:retries", null);
        until(() -> book.count("syncline.run where finished_at is null") == 0);
    }

    /** Its time has come. */
    private void due() {
        book.sql().sql("update syncline.attention set next_attempt_at = clock_timestamp() where state = 'open' and key = ?").param(Long.toString(id)).update();
    }

    private String entry() {
        return book.one("select state || ' ' || attempts from syncline.attention where key = ? order by id desc limit 1", String.class, Long.toString(id));
    }

    /** In how many seconds it is tried next, roughly; null when only a person can help. */
    private Long wait(String column) {
        return book.sql().sql("select round(extract(epoch from next_attempt_at - " + column
                + "))::bigint as seconds from syncline.attention where key = ? and state = 'open'")
                .param(Long.toString(id)).query((row, n) -> java.util.Optional.ofNullable(row.getObject("seconds", Long.class))).single().orElse(null);
    }

    private static OffsetDateTime now() {
        return book.one("select clock_timestamp()", OffsetDateTime.class);
    }

    /** Counted from when it was taken, which was between that moment and this one. */
    private void assertNextAttemptIsIn(Duration wait, OffsetDateTime since) {
        assertThat(book.one("select next_attempt_at from syncline.attention where key = ? and state = 'open'", OffsetDateTime.class, Long.toString(id)))
                .isBetween(since.plus(wait), now().plus(wait));
    }

    private int asked() {
        return book.asked("/materials/" + id).size();
    }

    @Test
    void anEntryThatIsDueIsAskedForAndGoesThroughOnceTheSourceHasMendedIt() {
        assertThat(wait("first_seen_at")).isEqualTo(60);
        tick();
        assertThat(asked()).as("not before its time").isZero();
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 2.5}");
        due();
        tick();
        assertThat(asked()).isOne();
        assertThat(entry()).isEqualTo("closed 2");
        assertThat(book.columns("materials", id, "cost")).isEqualTo("2.5");
        assertThat(book.one("select distinct trigger || ' ' || requested_by from syncline.run where record_key = ?", String.class, Long.toString(id)))
                .isEqualTo("retry retry");
    }

    @Test
    void eachWaitIsFourTimesTheOneBeforeAndAfterTheFifthAttemptAPersonIsNeededOrNews() {
        for (long minutes : List.of(4, 16, 64, 256)) {
            due();
            OffsetDateTime before = now();
            tick();
            assertNextAttemptIsIn(Duration.ofMinutes(minutes), before);
        }
        due();
        tick();
        assertThat(asked()).isEqualTo(5);
        assertThat(entry()).isEqualTo("open 6");
        assertThat(wait("last_seen_at")).isNull();
        book.full();
        assertThat(entry()).as("nothing new").isEqualTo("open 6");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": \"even more\"}");
        book.incremental();
        assertThat(entry()).as("news from the source").isEqualTo("open 1");
        assertThat(wait("last_seen_at")).isEqualTo(60);
    }

    @Test
    void aSourceThatIsDownIsNotAskedAgainAndAgain() {
        book.sandbox.fault("* -> status 503");
        due();
        OffsetDateTime before = now();
        tick();
        int once = asked();
        assertThat(once).isPositive();
        assertThat(entry()).isEqualTo("open 2");
        assertNextAttemptIsIn(Duration.ofMinutes(4), before);
        tick();
        tick();
        assertThat(asked()).isEqualTo(once);
        book.sandbox.clearFaults();
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 2.5}");
        due();
        tick();
        assertThat(entry()).isEqualTo("closed 3");
    }

    @Test
    void anEntryWhoseRecordIsGoneAtTheSourceIsClosed() {
        book.sandbox.remove(Entity.MATERIALS, id);
        JsonNode report = book.full();
        assertThat(entry()).as("it may have slipped between the pages: " + report).isEqualTo("open 1");
        tick();
        assertThat(asked()).isOne();
        assertThat(entry()).startsWith("closed");
        assertThat(book.one("select closed_how from syncline.attention where key = ?", String.class, Long.toString(id)))
                .contains("the source has it no longer");
    }

    @Test
    void anEntryThatTheSourceMarksAsDeletedIsClosed() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"active\": false}");
        book.incremental();
        assertThat(entry()).startsWith("closed");
    }

    @Test
    void anEntryOfARowThatTheSourceHasDeletedIsClosed() {
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 2.5}");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.incremental();
        book.sandbox.put(Entity.MATERIALS, id, UNFIT);
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.incremental();
        assertThat(entry()).isEqualTo("open 1");
        book.sandbox.remove(Entity.MATERIALS, id);
        due();
        tick();
        assertThat(entry()).startsWith("closed");
        assertThat(book.one("select deleted_at is not null from pricebook.materials where st_id = ?", Boolean.class, Long.toString(id))).isTrue();
    }

    @Test
    void aParkedChildThatIsRetriedComesInWhenItsParentHasCome() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 1, \"categories\": [" + id + "]}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("parked", 1);
        book.sandbox.put(Entity.CATEGORIES, id, "{\"name\": \"Late\"}");
        book.single("categories", id);
        assertThat(book.count("pricebook.materials where st_id = ?", Long.toString(id))).isZero();
        due();
        tick();
        assertThat(book.count("pricebook.materials where st_id = ?", Long.toString(id))).isOne();
        assertThat(entry()).startsWith("closed");
    }

    @Test
    void theClockLooksByItselfUnlessSchedulesAreSwitchedOff() {
        assertThat(book.syncline.bean(CamelContext.class).getRoute("retry-clock")).isNull();
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 2.5}");
        due();
        Pricebook other = book.another(Map.of("syncline.schedules.enabled", "true", "syncline.retry.look", "* * * * * ?"));
        try {
            until(() -> entry().startsWith("closed"));
            until(() -> book.count("syncline.run where finished_at is null") == 0);
        } finally {
            other.stop();
        }
    }
}

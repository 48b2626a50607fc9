package io.syncline.issues;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 2: the watermark passed over records that a truncated answer had left out, and over hours in which nothing was read. */
class WatermarkTest {
    private static final long ON_THE_SECOND_PAGE = 8_700;

    private ServiceTitanSandbox sandbox;
    private RunningSyncline syncline;

    @BeforeEach
    void start() {
        sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT);
        sandbox.clock().set(Instant.parse("2026-03-01T08:00:00Z"));
        syncline = RunningSyncline.with(sandbox);
        assertThat(syncline.full("pricebook").path("state").asText()).isEqualTo("published");
        sandbox.put(Entity.MATERIALS, ON_THE_SECOND_PAGE, "{\"price\": 77.77, \"active\": true}");
    }

    @AfterEach
    void stop() {
        syncline.close();
        sandbox.close();
    }

    private Instant mark() {
        return syncline.sql().sql("select mark from syncline.watermark where entity = 'materials'").query(OffsetDateTime.class).single().toInstant();
    }

    private BigDecimal price() {
        return syncline.sql().sql("select price from pricebook.materials where st_id = ?").param(Long.toString(ON_THE_SECOND_PAGE)).query(BigDecimal.class)
                .single();
    }

    private JsonNode fullTwoHoursLaterWith(String fault) {
        sandbox.clock().advance(Duration.ofHours(2));
        sandbox.fault(fault);
        JsonNode report = syncline.full("pricebook");
        sandbox.clearFaults();
        sandbox.clock().advance(Duration.ofHours(2));
        return report;
    }

    @Test
    void aChangeOnAPageThatDidNotComeIsReadByTheNextIncrementalRun() {
        Instant before = mark();
        JsonNode report = fullTwoHoursLaterWith("/materials page=2 -> empty-page");
        assertThat(report.toString()).contains("Nothing was taken for deleted, and the watermark stays where it was: the total moved from 1500 to 0");
        assertThat(mark()).isEqualTo(before);
        syncline.incremental("pricebook");
        assertThat(price()).isEqualByComparingTo("77.77");
        assertThat(mark()).isAfter(before);
    }

    @Test
    void anEmptyAnswerDoesNotMoveTheMark() {
        Instant before = mark();
        fullTwoHoursLaterWith("/materials -> empty-page");
        assertThat(mark()).isEqualTo(before);
        syncline.incremental("pricebook");
        assertThat(price()).isEqualByComparingTo("77.77");
    }

    @Test
    void aClockOfTheSourceThatOnceRanAheadHidesNothingOnceItIsSetRight() {
        sandbox.clock().advance(Duration.ofDays(30));
        syncline.full("pricebook");
        sandbox.clock().advance(Duration.ofDays(-30));
        syncline.full("pricebook");
        sandbox.put(Entity.MATERIALS, ON_THE_SECOND_PAGE, "{\"price\": 88.88}");
        syncline.incremental("pricebook");
        assertThat(price()).isEqualByComparingTo("88.88");
    }
}

package io.syncline.api;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** No door is there yet, or nobody stands before it any more. */
class NobodyToAnswerTest {
    private static Doors doors;

    @BeforeAll
    static void open() {
        doors = Doors.open();
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    /** A 404 would tell a client that its run or its record is not there. */
    @Test
    void aDoorWhoseRouteDoesNotStandYetAsksForPatience() {
        String key = doors.key("early", "acme", Role.VIEWER);
        CamelContext camel = doors.application.getBean(CamelContext.class);
        camel.suspend();
        Answered early;
        try {
            early = doors.get("/api/v1/me", key);
        } finally {
            camel.resume();
        }
        assertThat(early.status()).isEqualTo(503);
        assertThat(early.code()).isEqualTo("not-ready");
        assertThat(early.header("Retry-After")).isEqualTo("5");
        assertThat(doors.get("/api/v1/me", key).status()).isEqualTo(200);
    }

    @Test
    void whoLeavesInTheMiddleOfAnAnswerIsNoFailureOfOurs() throws IOException {
        String key = doors.key("hasty", "many", Role.VIEWER);
        doors.sql.sql("""
                insert into syncline.run (organisation, sync, mode, state, trigger, requested_by, finished_at, failure)
                select 'many', 'pricebook', 'full', 'failed', 'api', 'ann', clock_timestamp(), repeat('x', 20000) from generate_series(1, 1000)""").update();
        Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> kept = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                lines.add(line);
            }
        };
        Logger log = (Logger) LoggerFactory.getLogger("io.syncline.api");
        kept.start();
        log.addAppender(kept);
        try {
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(4096);
                socket.setSoLinger(true, 0);
                socket.connect(new InetSocketAddress("127.0.0.1", doors.port()));
                socket.getOutputStream().write(("GET /api/v1/runs?limit=1000 HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer " + key + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> lines.stream().anyMatch(line -> line.getFormattedMessage().startsWith("GET /api/v1/runs ")));
        } finally {
            log.detachAppender(kept);
        }
        assertThat(lines).filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN)).isEmpty();
    }
}

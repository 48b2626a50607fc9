package io.syncline.api;

import io.syncline.access.NewKey;
import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import static org.assertj.core.api.Assertions.assertThat;

/** The clock stands still unless a test moves it, however quick or slow the machine. */
class TooManyRequestsTest {
    private static final int BURST = 20;
    private static final int SECONDS = 3;

    private final AtomicLong clock = new AtomicLong(1_000_000_000L);

    @Test
    void whoeverAsksTenTimesAsOftenWaitsAndNobodyElseDoes() {
        try (Doors doors = Doors.by(clock::get, "--syncline.access.rate.per-second=1", "--syncline.access.rate.burst=" + BURST)) {
            String busy = doors.key("busy", "acme", Role.VIEWER);
            String calm = doors.key("calm", "acme", Role.VIEWER);
            String bearer = NewKey.make();
            assertLimited(200, () -> doors.get("/api/v1/me", busy));
            assertThat(doors.get("/api/v1/me", calm).status()).isEqualTo(200);
            assertLimited(401, () -> doors.get("/api/v1/me", bearer));
            assertThat(doors.post("/api/v1/session", null, "{\"key\": \"" + calm + "\"}").status()).as("one address for all who show nothing").isEqualTo(429);
            assertThat(doors.get("/api/v1/me", calm).status()).isEqualTo(200);
            assertThat(doors.get("/docs", null).status()).isEqualTo(200);
        }
    }

    /** docs/operate.md says how: all of them come from the proxy's address otherwise. */
    @Test
    void behindAProxyTheAddressIsTheOneThatItTells() {
        try (Doors doors = Doors.by(clock::get, "--syncline.access.rate.per-second=1", "--syncline.access.rate.burst=" + BURST,
                "--server.forward-headers-strategy=native")) {
            assertLimited(401, () -> doors.get("/api/v1/me", NewKey.make(), "X-Forwarded-For", "203.0.113.7"));
            assertThat(doors.get("/api/v1/me", NewKey.make(), "X-Forwarded-For", "203.0.113.8").status()).isEqualTo(401);
        }
        try (Doors doors = Doors.by(clock::get, "--syncline.access.rate.per-second=1", "--syncline.access.rate.burst=" + BURST)) {
            assertLimited(401, () -> doors.get("/api/v1/me", NewKey.make(), "X-Forwarded-For", "203.0.113.7"));
            assertThat(doors.get("/api/v1/me", NewKey.make(), "X-Forwarded-For", "203.0.113.8").status()).as("anybody can write a header").isEqualTo(429);
        }
    }

    private void assertLimited(int otherwise, Supplier<Answered> ask) {
        assertTaken(BURST, otherwise, ask);
        clock.addAndGet(Duration.ofSeconds(SECONDS).toNanos());
        assertTaken(SECONDS, otherwise, ask);
    }

    private static void assertTaken(int most, int otherwise, Supplier<Answered> ask) {
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int times = 0; times < BURST * 10; times++) {
            Answered answer = ask.get();
            statuses.merge(answer.status(), 1, Integer::sum);
            if (answer.status() == 429) {
                assertThat(answer.code()).isEqualTo("too-many-requests");
                assertThat(answer.header("Retry-After")).isEqualTo("1");
                assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            }
        }
        assertThat(statuses).isEqualTo(Map.of(otherwise, most, 429, BURST * 10 - most));
    }
}

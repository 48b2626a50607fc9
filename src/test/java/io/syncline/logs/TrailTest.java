package io.syncline.logs;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** What work is about goes with it over threads, and is gone when the thread does other work. */
class TrailTest {
    @AfterEach
    void clear() {
        Trail.clear();
    }

    @Test
    void aPoolOfCamelsKnowsWhichRunItWorksForAndForgetsItAfterwards() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            new CarryingThreads().beforeApplicationStart(camel);
            ExecutorService pool = camel.getExecutorServiceManager().newFixedThreadPool(this, "test", 1);
            Trail.run(42, "pricebook", "acme");
            assertThat(pool.submit(() -> MDC.get("run") + MDC.get("sync") + MDC.get("organisation")).get(60, TimeUnit.SECONDS)).isEqualTo("42pricebookacme");
            Trail.clear();
            assertThat(pool.submit(() -> MDC.get("run")).get(60, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void whatWasCarriedTakesNothingFromWhoeverCarriesIt() throws Exception {
        Trail.run(1, "one", "acme");
        var work = Trail.carried(() -> MDC.get("run"));
        Trail.request("r-2");
        assertThat(work.call()).isEqualTo("1");
        assertThat(MDC.get("request")).isEqualTo("r-2");
        assertThat(MDC.get("run")).isNull();
    }
}

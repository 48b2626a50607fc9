package io.syncline.source;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promise 12: whether something left is known for good, whoever is the quicker of the one that sends it and the one that waits no longer. */
class OutboundCallTest {
    @Test
    void whatWasBrokenOffBeforeItLeftNeverLeaves() {
        OutboundCall call = new OutboundCall(1, Departure.ANY);
        call.breakOff();
        assertThat(call.hasLeft()).isFalse();
        assertThatThrownBy(call::leaves).isInstanceOf(IOException.class).hasMessageContaining("broken off");
        assertThat(call.hasLeft()).isFalse();
    }

    @Test
    void whatHasLeftStaysSoWhenItIsBrokenOff() throws IOException {
        OutboundCall call = new OutboundCall(1, Departure.ANY);
        call.leaves();
        call.breakOff();
        assertThat(call.hasLeft()).isTrue();
    }

    @Test
    void whoeverIsQuickerBothAgreeOnIt() throws Exception {
        ExecutorService sender = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 1000; i++) {
                OutboundCall call = new OutboundCall(1, Departure.ANY);
                CountDownLatch begin = new CountDownLatch(1);
                Future<Boolean> sent = sender.submit(() -> {
                    begin.await();
                    try {
                        call.leaves();
                        return true;
                    } catch (IOException e) {
                        return false;
                    }
                });
                begin.countDown();
                call.breakOff();
                boolean told = call.hasLeft();
                assertThat(sent.get()).isEqualTo(told);
            }
        } finally {
            sender.shutdownNow();
        }
    }
}

package io.syncline.run;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
class GatheredRecordsTest extends StockLedger {
    /** Promise 22: nobody waits for a clock, and what meets in the line goes together. */
    @Test
    void requestsForRecordsGatherInTheRunThatWaitsToBegin() {
        Ticket first = ledger.accept(record("1"));
        assertThat(ledger.accept(record("2"))).isEqualTo(new Ticket(first.run(), true, true));
        assertThat(another().accept(record("1"))).isEqualTo(new Ticket(first.run(), true, true));
        assertThat(ledger.accept(new RunRequest("stock", "default", Mode.SINGLE, true, null, "items", "3", "test", "test")).joined()).as("a dry run").isFalse();
        assertThat(ledger.begin(first.run()).keys()).containsExactly("1", "2");
        assertThat(ledger.accept(record("4")).joined()).as("the first has begun").isFalse();
    }

    @Test
    void notMoreThanFiftyRecordsGather() {
        Ticket first = ledger.accept(record("0"));
        for (int key = 1; key < 50; key++) {
            assertThat(ledger.accept(record(Integer.toString(key))).run()).isEqualTo(first.run());
        }
        assertThat(ledger.accept(record("50")).joined()).isFalse();
        assertThat(ledger.begin(first.run()).keys()).hasSize(50);
    }

    @Test
    void noRecordIsLostBetweenThoseWhoJoinAndTheRunThatBegins() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(5);
        Map<Long, Run> begun = new ConcurrentHashMap<>();
        try {
            List<Future<Ticket>> asked = new ArrayList<>();
            for (int key = 0; key < 200; key++) {
                String name = Integer.toString(key);
                asked.add(pool.submit(() -> {
                    Ticket ticket = ledger.accept(record(name));
                    if (!ticket.joined()) {
                        begun.put(ticket.run(), ledger.begin(ticket.run()));
                    }
                    return ticket;
                }));
            }
            for (Future<Ticket> each : asked) {
                each.get(60, TimeUnit.SECONDS);
            }
            for (int key = 0; key < 200; key++) {
                long run = asked.get(key).get().run();
                assertThat(begun.get(run).keys()).contains(Integer.toString(key));
            }
        } finally {
            pool.shutdownNow();
        }
    }
}

package io.syncline.run;

import io.syncline.change.Stored;
import io.syncline.logs.Trail;
import io.syncline.record.Page;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What was asked for ahead is answered once, to its page, wherever it was looked up. */
class LookUpsTest {
    private static final Map<String, Stored> FOUND = Map.of("7", new Stored(7, 1, null, false, null, false, null, null));

    private final ThreadPoolExecutor lanes = lanes(new LinkedBlockingQueue<>());
    private final BlockingQueue<String> lookedUp = new LinkedBlockingQueue<>();
    private final LookUps ahead = new LookUps(lanes, page -> {
        lookedUp.add(page.number() + " by " + Thread.currentThread().getName() + " of run " + MDC.get("run"));
        return FOUND;
    });

    private static ThreadPoolExecutor lanes(BlockingQueue<Runnable> queue) {
        return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, queue, work -> new Thread(work, "lane"), new ThreadPoolExecutor.DiscardPolicy());
    }

    @AfterEach
    void stop() {
        lanes.shutdownNow();
        Trail.clear();
    }

    private static Page page(int number) {
        return new Page(number, List.of(), false, null, null, Instant.EPOCH, null);
    }

    @Test
    void aPageIsLookedUpBeforeItIsTakenAndOnlyOnce() throws InterruptedException {
        Trail.run(41, "pricebook", "default");
        Page page = page(1);
        ahead.read(page);
        assertThat(lookedUp.poll(1, TimeUnit.MINUTES)).isEqualTo("1 by lane of run 41");
        assertThat(ahead.of(page)).isSameAs(FOUND);
        assertThat(lookedUp).isEmpty();
    }

    @Test
    void aPageThatNobodyCameToYetIsLookedUpByWhoeverTakesIt() {
        CountDownLatch busy = new CountDownLatch(1);
        lanes.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Page page = page(1);
        ahead.read(page);
        assertThat(ahead.of(page)).isSameAs(FOUND);
        assertThat(lookedUp).singleElement().asString().startsWith("1 by " + Thread.currentThread().getName());
        busy.countDown();
        assertThat(ahead.of(page(2))).as("one that was never announced").isSameAs(FOUND);
        assertThat(lookedUp).hasSize(2);
    }

    @Test
    void afterTheEndOfTheProcessItIsLookedUpByWhoeverTakesIt() {
        lanes.shutdown();
        Page page = page(1);
        ahead.read(page);
        assertThat(ahead.of(page)).isSameAs(FOUND);
        assertThat(lookedUp).hasSize(1);
    }

    /** The same failure in the same words: what it means for the run is judged by what it is. */
    @Test
    void whatFailsFailsWhenThePageIsTaken() {
        for (Throwable failure : List.of(new IllegalStateException("no such table"), new OutOfMemoryError("simulated"))) {
            LookUps failing = new LookUps(lanes, thrown(failure));
            Page page = page(1);
            failing.read(page);
            assertThatThrownBy(() -> failing.of(page)).satisfiesAnyOf(thrown -> assertThat(thrown).isSameAs(failure),
                    thrown -> assertThat(thrown).isInstanceOf(IllegalStateException.class).hasCause(failure));
        }
    }

    private static Function<Page, Map<String, Stored>> thrown(Throwable failure) {
        return page -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        };
    }

    @Test
    void whatAnotherReadWasAnsweredIsNeverUsed() throws InterruptedException {
        Page first = page(1);
        ahead.read(first);
        assertThat(lookedUp.poll(1, TimeUnit.MINUTES)).isNotNull();
        Page same = page(1);
        assertThat(same).isEqualTo(first);
        ahead.of(same);
        assertThat(lookedUp).as("equal is not the same").hasSize(1);
    }

    @Test
    void afterTheReadNothingIsBegunOrKept() throws InterruptedException {
        BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
        ThreadPoolExecutor busy = lanes(waiting);
        CountDownLatch free = new CountDownLatch(1);
        SynchronousQueue<String> begun = new SynchronousQueue<>();
        LookUps read = new LookUps(busy, page -> {
            try {
                begun.put("page " + page.number());
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return FOUND;
        });
        try {
            read.read(page(1));
            assertThat(begun.poll(1, TimeUnit.MINUTES)).isEqualTo("page 1");
            read.read(page(2));
            assertThat(waiting).hasSize(1);
            read.over();
            assertThat(waiting).isEmpty();
            read.read(page(3));
            assertThat(waiting).as("one that was being read at that moment").isEmpty();
        } finally {
            free.countDown();
            busy.shutdown();
        }
        assertThat(busy.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(busy.getCompletedTaskCount()).isEqualTo(1);
    }
}

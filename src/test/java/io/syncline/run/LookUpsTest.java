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
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What was asked for ahead is answered once, to its page, wherever it was looked up. */
class LookUpsTest {
    private static final Map<String, Stored> FOUND = Map.of("7", new Stored(7, 1, null, false, null, false, null, null));

    private final ThreadPoolExecutor lanes = LookAhead.lanes(1);
    private final BlockingQueue<String> lookedUp = new LinkedBlockingQueue<>();
    private final LookUps ahead = new LookUps(lanes, page -> {
        lookedUp.add(page.number() + " by " + Thread.currentThread().getName() + " of run " + MDC.get("run"));
        return FOUND;
    });

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
        assertThat(lookedUp.poll(1, TimeUnit.MINUTES)).isEqualTo("1 by look-up of run 41");
        assertThat(ahead.of(page)).isSameAs(FOUND);
        assertThat(lookedUp).isEmpty();
    }

    @Test
    void aPageThatNobodyCameToYetIsLookedUpByWhoeverTakesIt() {
        CountDownLatch busy = new CountDownLatch(1);
        lanes.execute(() -> await(busy));
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
        Page first = page(1);
        ahead.read(first);
        assertThat(lookedUp.poll(1, TimeUnit.MINUTES)).isNotNull();
        ahead.over();
        ahead.read(page(2));
        lanes.shutdown();
        assertThat(lanes.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(lookedUp).as("one that was being read at that moment").isEmpty();
        ahead.of(first);
        assertThat(lookedUp).as("nothing is kept").hasSize(1);
    }

    /** Promise 8: many at once have a bound, and what holds one up holds up no other. */
    @Test
    void neverMoreAtOnceThanThereAreLanes() throws InterruptedException {
        ThreadPoolExecutor two = LookAhead.lanes(2);
        CountDownLatch free = new CountDownLatch(1);
        LookUps held = new LookUps(two, page -> {
            lookedUp.add("page " + page.number());
            await(free);
            return FOUND;
        });
        List<Page> pages = List.of(page(1), page(2), page(3));
        pages.forEach(held::read);
        assertThat(List.of(lookedUp.take(), lookedUp.take())).containsExactlyInAnyOrder("page 1", "page 2");
        LookUps another = new LookUps(two, page -> FOUND);
        Page other = page(7);
        another.read(other);
        assertThat(another.of(other)).isSameAs(FOUND);
        assertThat(lookedUp).isEmpty();
        free.countDown();
        pages.forEach(page -> assertThat(held.of(page)).isSameAs(FOUND));
        assertThat(lookedUp).containsExactly("page 3");
        two.shutdown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

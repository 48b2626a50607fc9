package io.syncline.api;

import io.syncline.logs.Recurring;
import io.syncline.run.Acceptance;
import io.syncline.run.LiveRuns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Does once what is asked for more than once with the same {@code Idempotency-Key}, and gives the first answer again. An operation that is answered while its
 * effect goes on (it declares 202) is known by its run; every other one is a single transaction, which keeps the answer, too.
 */
final class Idempotency implements DisposableBean {
    static final String HEADER = "Idempotency-Key";
    static final String UNDER_WAY = "request-under-way";

    private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");
    private static final int ATTEMPTS = 3;

    private final Contract contract;
    private final IdempotencyEntries entries;
    private final Claims claims;
    private final LiveRuns runs;
    private final TransactionTemplate transaction;
    private final ScheduledExecutorService broom = Recurring.named("syncline-idempotency");

    /** @param sweep how often what is older than it is kept is thrown away */
    Idempotency(Contract contract, IdempotencyEntries entries, Claims claims, LiveRuns runs, TransactionTemplate transaction, Duration sweep) {
        this.runs = runs;
        this.contract = contract;
        this.entries = entries;
        this.claims = claims;
        this.transaction = transaction;
        broom.scheduleWithFixedDelay(this::sweep, sweep.toMillis(), sweep.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * @param door makes the answer, on this thread
     * @throws Refused when the key is none, was sent with another request, or its request is under way
     */
    Answer answer(Call call, Supplier<Answer> door) {
        Optional<String> key = call.header(HEADER);
        if (key.isEmpty()) {
            return door.get();
        }
        if (!KEY.matcher(key.get()).matches()) {
            throw new Refused(HttpStatus.BAD_REQUEST, "invalid-idempotency-key",
                    "An " + HEADER + " is 1 to 255 visible ASCII characters, such as a random UUID."
                            + " Send one of those, and a new one for each thing that you want done.");
        }
        byte[] request = RequestDigest.of(call);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Entry entry = entries.take(call, key.get(), request);
            if (entry == null) {
                continue;
            }
            if (!Arrays.equals(entry.request(), request)) {
                throw new Refused(HttpStatus.UNPROCESSABLE_ENTITY, "idempotency-key-reused",
                        "This " + HEADER + " was sent with another request before. Send a new key with what is another request, or the first request again.");
            }
            Optional<Answer> answer = entry.isAnswered() ? Optional.of(entry.answer()) : claimed(call, entry, door);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw underWay();
    }

    /** Empty when the entry has gone meanwhile: the first request failed, and this one is as good as it. */
    private Optional<Answer> claimed(Call call, Entry entry, Supplier<Answer> door) {
        if (!claims.take(entry.id())) {
            throw underWay();
        }
        try {
            // Who had the claim until now may have answered.
            return entries.read(entry.id()).map(now -> now.isAnswered() ? now.answer() : decided(call, now, door));
        } finally {
            claims.release(entry.id());
        }
    }

    private static Refused underWay() {
        return new Refused(HttpStatus.CONFLICT, UNDER_WAY,
                "The first request with this " + HEADER + " has not been answered yet. Send the same request again in a moment to get its answer.");
    }

    private Answer decided(Call call, Entry entry, Supplier<Answer> door) {
        try {
            if (entry.ticket() != null) {
                // Its process died, or failed, after the run had been accepted: that is what the request did.
                Answer answer = RunDoor.underWay(entry.ticket(), runs.look(call.caller().organisation(), entry.ticket().run()).orElseThrow().state());
                settle(entry, answer);
                return answer;
            }
            if (contract.operation(call.operation()).goesOn()) {
                Answer answer = Acceptance.witnessed(ticket -> entries.bind(entry.id(), ticket), door);
                settle(entry, answer);
                return answer;
            }
            Answer answer = transaction.execute(status -> {
                Answer made = door.get();
                if (isRefusal(made)) {
                    status.setRollbackOnly();
                } else {
                    entries.keep(entry.id(), made);
                }
                return made;
            });
            if (isRefusal(answer)) {
                settle(entry, answer);
            }
            return answer;
        } catch (RuntimeException failure) {
            forget(entry);
            throw failure;
        }
    }

    private static boolean isRefusal(Answer answer) {
        return answer.status() >= HttpStatus.BAD_REQUEST.value();
    }

    /** What is decided already is answered even where it cannot be kept just now: a run is found again, and a refusal has changed nothing. */
    private void settle(Entry entry, Answer answer) {
        try {
            if (isFinal(answer)) {
                entries.keep(entry.id(), answer);
            } else {
                entries.forget(entry.id());
            }
        } catch (DataAccessException e) {
            LOG.warn("An answer could not be kept for its Idempotency-Key: {}", e.getMessage());
        }
    }

    /** Failures of ours, and refusals that a moment later might be none, are not what the key stands for. */
    private static boolean isFinal(Answer answer) {
        return answer.status() < HttpStatus.INTERNAL_SERVER_ERROR.value() && answer.status() != HttpStatus.CONFLICT.value()
                && answer.status() != HttpStatus.TOO_MANY_REQUESTS.value();
    }

    private void forget(Entry entry) {
        try {
            entries.forget(entry.id());
        } catch (DataAccessException e) {
            LOG.warn("An Idempotency-Key without an answer stays until it is sent again: {}", e.getMessage());
        }
    }

    private void sweep() {
        try {
            entries.sweep();
        } catch (DataAccessException e) {
            LOG.warn("Old Idempotency-Keys could not be thrown away; that is tried again later: {}", e.getMessage());
        }
    }

    @Override
    public void destroy() {
        broom.shutdownNow();
    }
}

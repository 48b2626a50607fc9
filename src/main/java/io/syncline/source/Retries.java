package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.config.SystemConfig;
import io.syncline.source.SourceFailure.Kind;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/**
 * Sends a request until it is answered, at most {@link Limits#attempts()} times. Repeated are network errors, 5xx, 408 and 429; nothing else ever.
 * Waits {@link Limits#firstWait()}, doubled each time, less up to a half by chance; or as long as Retry-After says, should it name any time at all. No wait
 * is longer than {@link Limits#longestWait()}.
 */
final class Retries {
    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

    private final Outbound outbound;
    private final Waiting waiting;

    Retries(Outbound outbound, Waiting waiting) {
        this.outbound = outbound;
        this.waiting = waiting;
    }

    /** @return the answer, whatever it says, if it is none that is worth asking again */
    HttpAnswer send(HttpRequest request, SystemConfig system) {
        return send(request, system, answer -> null);
    }

    /** @param said what the system itself says in an answer that is worth asking again, fit to be shown; or null */
    HttpAnswer send(HttpRequest request, SystemConfig system, Function<HttpAnswer, String> said) {
        Limits limits = ((SourceConfig.Web) system.source()).limits();
        for (int attempt = 1; ; attempt++) {
            SourceFailure failure;
            Duration wait = backoff(attempt, limits);
            try {
                HttpAnswer answer = outbound.send(request, system);
                if (!isWorthAnother(answer.status())) {
                    return answer;
                }
                failure = request.asked().failure(Kind.UNREACHABLE, Statuses.answered(answer, said.apply(answer)) + " " + times(attempt),
                        answer.status() == 429 ? "The system limits how often it may be asked; try again later or ask less often"
                                : "The system has a problem of its own; try again later or tell its operator");
                wait = SourceClock.retryAfter(answer.headers(), waiting.now()).orElse(wait);
            } catch (ForbiddenAddress e) {
                throw request.asked().failure(Kind.FORBIDDEN_ADDRESS, e.getMessage() + ", an address that is not allowed",
                        "If it is meant, write allowPrivateNetwork: true in the system's file; link-local and metadata addresses stay closed");
            } catch (TooLarge e) {
                throw request.asked().failure(Kind.NONSENSE, "the answer is larger than " + limits.maxBytes() + " bytes unpacked",
                        "Ask for smaller pages, or raise limits.maxBytes in the system's file");
            } catch (InterruptedIOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw stopped(request);
                }
                failure = unreachable(request, attempt, e);
            } catch (SSLException e) {
                throw request.asked().failure(Kind.UNREACHABLE, "no secure connection can be made", "Check the system's certificate and address", e);
            } catch (IOException e) {
                failure = unreachable(request, attempt, e);
            }
            if (attempt >= limits.attempts()) {
                throw failure;
            }
            pause(shorter(wait, limits.longestWait()), request, attempt, limits);
        }
    }

    private void pause(Duration wait, HttpRequest request, int attempt, Limits limits) {
        LOG.info("{}: {} is asked again in {} s, attempt {} of {}", request.asked().system(), request.asked().request(), wait.toMillis() / 1000.0, attempt + 1,
                limits.attempts());
        try {
            waiting.pause(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped(request);
        }
    }

    private Duration backoff(int attempt, Limits limits) {
        double full = limits.firstWait().toMillis() * Math.pow(2, attempt - 1);
        return Duration.ofMillis((long) Math.min(full * (1 - waiting.chance() / 2), limits.longestWait().toMillis()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    static boolean isWorthAnother(int status) {
        return status >= 500 || status == 429 || status == 408;
    }

    private static SourceFailure unreachable(HttpRequest request, int attempt, IOException e) {
        String what = e instanceof UnknownHostException ? "the host name is not known"
                : e instanceof ConnectException ? "nobody answers there"
                : e instanceof SocketTimeoutException ? "no whole answer in time"
                : "the answer broke off or never came";
        return request.asked().failure(Kind.UNREACHABLE, what + ", " + times(attempt), "Check that the system is up and its address right, then try again", e);
    }

    private static SourceFailure stopped(HttpRequest request) {
        return request.asked().failure(Kind.UNREACHABLE, "stopped before the answer came", "Nothing is wrong with the source; run again");
    }

    private static String times(int attempts) {
        return attempts == 1 ? "once" : attempts + " times";
    }
}

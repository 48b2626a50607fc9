package io.syncline.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often one may ask: every caller, and every address that shows nothing valid, has a bucket that fills steadily. One that is empty is nobody else's
 * matter. Only so many buckets are remembered, those used last; a forgotten one is full again.
 */
public final class Rates {
    private static final int REMEMBERED = 10_000;

    private final double perNano;
    private final double burst;
    private final LongSupplier clock;
    private final Map<String, Bucket> callers = buckets();
    private final Map<String, Bucket> addresses = buckets();

    Rates(AccessSettings.Rate settings, LongSupplier clock) {
        this.perNano = settings.perSecond() / 1e9;
        this.burst = Math.max(1, settings.burst());
        this.clock = clock;
    }

    /** How long the caller has to wait; zero when it may go on. */
    public Duration take(Caller caller) {
        return take(callers, caller.organisation() + '\n' + caller.proof().kind() + '\n' + caller.name());
    }

    /** How long whoever asks from an address has to wait; zero when it may go on. */
    public Duration take(String address) {
        return take(addresses, address);
    }

    private Duration take(Map<String, Bucket> buckets, String who) {
        if (perNano <= 0) {
            return Duration.ZERO;
        }
        long now = clock.getAsLong();
        synchronized (buckets) {
            Bucket bucket = buckets.computeIfAbsent(who, name -> new Bucket(burst, now));
            bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filledAt) * perNano);
            bucket.filledAt = now;
            if (bucket.tokens < 1) {
                return Duration.ofNanos((long) Math.ceil((1 - bucket.tokens) / perNano));
            }
            bucket.tokens--;
            return Duration.ZERO;
        }
    }

    /** How many buckets are held just now. */
    int remembered() {
        synchronized (callers) {
            synchronized (addresses) {
                return callers.size() + addresses.size();
            }
        }
    }

    private static Map<String, Bucket> buckets() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    private static final class Bucket {
        private double tokens;
        private long filledAt;

        private Bucket(double tokens, long filledAt) {
            this.tokens = tokens;
            this.filledAt = filledAt;
        }
    }
}

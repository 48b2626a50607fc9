package io.syncline.logs;

import org.slf4j.MDC;

import java.util.Map;
import java.util.concurrent.Callable;

/** What the work of this thread is about; every line that it logs says so. Whoever sets it clears it, because threads are used again. */
public final class Trail {
    static final String REQUEST = "request";
    static final String RUN = "run";
    static final String SYNC = "sync";
    static final String ORGANISATION = "organisation";

    private Trail() {
    }

    /** A request has come in. */
    public static void request(String id) {
        clear();
        MDC.put(REQUEST, id);
    }

    /** It is known whose request it is. */
    public static void organisation(String name) {
        MDC.put(ORGANISATION, name);
    }

    /** A run is being made. */
    public static void run(long number, String sync, String organisation) {
        clear();
        MDC.put(RUN, Long.toString(number));
        MDC.put(SYNC, sync);
        MDC.put(ORGANISATION, organisation);
    }

    public static void clear() {
        MDC.clear();
    }

    /** The same work, about what this thread's work is about, wherever it is done. */
    public static <T> Callable<T> carried(Callable<T> work) {
        Map<String, String> here = MDC.getCopyOfContextMap();
        return () -> {
            Map<String, String> before = MDC.getCopyOfContextMap();
            take(here);
            try {
                return work.call();
            } finally {
                take(before);
            }
        };
    }

    static Runnable carried(Runnable work) {
        Map<String, String> here = MDC.getCopyOfContextMap();
        return () -> {
            Map<String, String> before = MDC.getCopyOfContextMap();
            take(here);
            try {
                work.run();
            } finally {
                take(before);
            }
        };
    }

    private static void take(Map<String, String> trail) {
        if (trail == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(trail);
        }
    }
}

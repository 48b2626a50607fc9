package io.syncline.run;

import io.syncline.record.WhenRead;
import io.syncline.store.StoredStates;
import org.springframework.stereotype.Component;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks up what is stored of a page while the page before it is worked on. Few do that at once, and nobody waits for a place: whoever comes to a page whose
 * look-up has not begun does it himself.
 */
@Component("lookAhead")
public class LookAhead implements AutoCloseable {
    /** Each holds a connection to PostgreSQL for as long as its query takes; those who work on pages need some, too. */
    private static final int LANES = 4;

    private final StoredStates states;
    private final ThreadPoolExecutor lanes = new ThreadPoolExecutor(LANES, LANES, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), LookAhead::named,
            new ThreadPoolExecutor.DiscardPolicy());

    LookAhead(StoredStates states) {
        this.states = states;
        lanes.allowCoreThreadTimeOut(true);
    }

    /** For one read of the pass. A comparison asks for other things, page by page. */
    public WhenRead over(EntityPass pass) {
        return pass.run().isComparing() ? WhenRead.NOTHING
                : new LookUps(lanes, page -> states.ofRecords(pass.sync(), pass.entity(), pass.organisation(), page.records()));
    }

    /** What comes later is left to whoever comes to the page. */
    @Override
    public void close() {
        lanes.shutdown();
    }

    private static Thread named(Runnable work) {
        Thread thread = new Thread(work, "look-up");
        thread.setDaemon(true);
        return thread;
    }
}

package io.syncline.run;

import io.syncline.store.StoredStates;
import org.springframework.stereotype.Component;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks up what is stored of a page while the page before it is worked on. Few do that at once, and nobody waits for a place: what finds none is looked up by
 * whoever comes to the page.
 */
@Component("lookAhead")
public class LookAhead implements AutoCloseable {
    /** Each holds a connection to PostgreSQL for as long as its query takes; those who work on pages need some, too. */
    private static final int LANES = 4;

    private final StoredStates states;
    private final ThreadPoolExecutor lanes = lanes(LANES);

    LookAhead(StoredStates states) {
        this.states = states;
    }

    /**
     * For one read of the pass. A comparison asks for other things, page by page; and a repair asks what is wrong with the rows besides, which belongs to the
     * same moment.
     */
    public LookUps over(EntityPass pass) {
        LookUps ahead = new LookUps(lanes, page -> states.ofRecords(pass.sync(), pass.entity(), pass.organisation(), page.records()));
        if (pass.run().isComparing() || pass.run().repair()) {
            ahead.over();
        }
        return ahead;
    }

    /** Of those that are free, the one that was busy last is taken: so a read goes on with the connection that knows its query. */
    static ThreadPoolExecutor lanes(int most) {
        return new ThreadPoolExecutor(0, most, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), LookAhead::named, new ThreadPoolExecutor.DiscardPolicy());
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

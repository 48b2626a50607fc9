package io.syncline.source;

import io.syncline.logs.Trail;
import io.syncline.record.Page;
import io.syncline.record.WhenRead;
import io.syncline.source.SourceFailure.Kind;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fetches page n+1 while page n is worked on; never more than one ahead. */
final class Ahead implements PageReader {
    private final PageReader pages;
    private final WhenRead whenRead;
    private final ExecutorService lane = Executors.newSingleThreadExecutor(Ahead::named);
    private Future<Page> coming;
    private boolean over;

    Ahead(PageReader pages, WhenRead whenRead) {
        this.pages = pages;
        this.whenRead = whenRead;
    }

    @Override
    public Page next() {
        if (over) {
            throw new IllegalStateException("there is no further page, or the last one failed");
        }
        Future<Page> awaited = coming == null ? lane.submit(Trail.carried(this::read)) : coming;
        over = true;
        Page page = await(awaited);
        if (!page.isLast()) {
            coming = lane.submit(Trail.carried(this::read));
            over = false;
        }
        return page;
    }

    /** Breaks off what is under way; what the pages hold open is let go on the thread that uses it. */
    @Override
    public void close() {
        over = true;
        if (coming != null) {
            coming.cancel(true);
        }
        lane.submit(pages::close);
        lane.shutdown();
        whenRead.over();
    }

    private Page read() {
        Page page = pages.next();
        whenRead.read(page);
        return page;
    }

    private static Page await(Future<Page> awaited) {
        try {
            return awaited.get();
        } catch (InterruptedException e) {
            awaited.cancel(true);
            Thread.currentThread().interrupt();
            throw new SourceFailure(Kind.UNREACHABLE, "stopped while waiting for a page. Nothing is wrong with the source; run again.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Thread named(Runnable work) {
        Thread thread = new Thread(work, "pages-ahead");
        thread.setDaemon(true);
        return thread;
    }
}

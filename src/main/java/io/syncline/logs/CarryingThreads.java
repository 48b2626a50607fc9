package io.syncline.logs;

import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.DefaultThreadPoolFactory;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Where a route hands work to threads of a pool, as where it reads entities side by side, what the work is about goes along. */
@Component
class CarryingThreads implements CamelContextConfiguration {
    @Override
    public void beforeApplicationStart(CamelContext camel) {
        camel.getExecutorServiceManager().setThreadPoolFactory(new Factory());
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // Nothing is left to do.
    }

    private static final class Factory extends DefaultThreadPoolFactory {
        @Override
        public ExecutorService newCachedThreadPool(ThreadFactory threads) {
            return new Carrying(super.newCachedThreadPool(threads));
        }

        @Override
        public ExecutorService newThreadPool(int core, int most, long keepAlive, TimeUnit unit, int queue, boolean coreMayEnd, RejectedExecutionHandler refused,
                                             ThreadFactory threads) {
            return new Carrying(super.newThreadPool(core, most, keepAlive, unit, queue, coreMayEnd, refused, threads));
        }
    }

    private static final class Carrying extends AbstractExecutorService {
        private final ExecutorService pool;

        Carrying(ExecutorService pool) {
            this.pool = pool;
        }

        @Override
        public void execute(Runnable work) {
            pool.execute(Trail.carried(work));
        }

        @Override
        public void shutdown() {
            pool.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return pool.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return pool.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return pool.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return pool.awaitTermination(timeout, unit);
        }
    }
}

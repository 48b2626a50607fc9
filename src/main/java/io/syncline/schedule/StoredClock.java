package io.syncline.schedule;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzConstants;
import org.quartz.CronTrigger;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.simpl.SimpleThreadPool;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Quartz with its times in PostgreSQL (schema {@code quartz}): of all processes on one database one fires, and what passed while none ran is known at the
 * next start. It runs only while the routes stand, because a time that finds no route would be lost.
 */
@Component
class StoredClock implements ApplicationListener<ApplicationEvent>, DisposableBean {
    /** The name that all processes on one database share, and the group of the triggers. */
    static final String NAME = "syncline";
    /** Not the product's pool: a clock that waited for runs to give back a connection would be taken for dead. */
    private static final int CONNECTIONS = 3;

    private final HikariDataSource product;
    private Scheduler scheduler;

    StoredClock(HikariDataSource product) {
        this.product = product;
    }

    /** Made when it is first asked for; it stands still until the application is ready. */
    synchronized Scheduler scheduler() {
        if (scheduler == null) {
            scheduler = make();
        }
        return scheduler;
    }

    private Scheduler make() {
        HikariConfig settings = new HikariConfig();
        product.copyStateTo(settings);
        settings.setPoolName("syncline-clock");
        settings.setMinimumIdle(0);
        settings.setMaximumPoolSize(CONNECTIONS);
        // Quartz knows both its schedulers and its connections by a name for the whole JVM.
        String source = NAME + "-" + UUID.randomUUID();
        DBConnectionManager.getInstance().addConnectionProvider(source, new Pool(new HikariDataSource(settings)));
        Properties properties = new Properties();
        properties.putAll(Map.of(
                StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, NAME,
                StdSchedulerFactory.PROP_SCHED_INSTANCE_ID, UUID.randomUUID().toString(),
                StdSchedulerFactory.PROP_SCHED_MAKE_SCHEDULER_THREAD_DAEMON, "true",
                StdSchedulerFactory.PROP_THREAD_POOL_CLASS, SimpleThreadPool.class.getName(),
                "org.quartz.threadPool.threadCount", "2",
                "org.quartz.threadPool.makeThreadsDaemons", "true"));
        properties.putAll(Map.of(
                StdSchedulerFactory.PROP_JOB_STORE_CLASS, JobStoreTX.class.getName(),
                "org.quartz.jobStore.driverDelegateClass", PostgreSQLDelegate.class.getName(),
                "org.quartz.jobStore.dataSource", source,
                "org.quartz.jobStore.tablePrefix", "quartz.qrtz_",
                "org.quartz.jobStore.useProperties", "true",
                "org.quartz.jobStore.isClustered", "true"));
        SchedulerRepository all = SchedulerRepository.getInstance();
        synchronized (StoredClock.class) {
            try {
                all.remove(NAME);
                return new StdSchedulerFactory(properties).getScheduler();
            } catch (SchedulerException e) {
                throw new IllegalStateException("the clock of the schedules cannot be made", e);
            } finally {
                all.remove(NAME);
            }
        }
    }

    /**
     * Takes out of the store what is no longer in the files, or is there otherwise: camel-quartz itself notices only another cron expression, not another
     * zone. What is as before stays with its next time.
     */
    void keepOnly(List<Schedule> schedules, CamelContext context) throws SchedulerException {
        Map<String, Schedule> wanted = schedules.stream().collect(Collectors.toMap(Schedule::name, Function.identity()));
        for (TriggerKey key : scheduler().getTriggerKeys(GroupMatcher.triggerGroupEquals(NAME))) {
            if (!isAsStored(wanted.get(key.getName()), scheduler().getTrigger(key))) {
                scheduler().unscheduleJob(key);
            }
        }
        // Whichever process stored a job, it is for the context of this name in the process that fires.
        scheduler().getContext().put(QuartzConstants.QUARTZ_CAMEL_CONTEXT + "-" + context.getName(), context);
    }

    /**
     * The same of times that are no run's: those in a group of their own, whose missed times Quartz makes up for as it thinks best.
     *
     * @param wanted cron expression and zone by name
     */
    void keepOnly(String group, Map<String, List<String>> wanted) throws SchedulerException {
        for (TriggerKey key : scheduler().getTriggerKeys(GroupMatcher.triggerGroupEquals(group))) {
            if (!(scheduler().getTrigger(key) instanceof CronTrigger cron)
                    || !List.of(cron.getCronExpression(), cron.getTimeZone().getID()).equals(wanted.get(key.getName()))) {
                scheduler().unscheduleJob(key);
            }
        }
    }

    private static boolean isAsStored(Schedule schedule, Trigger stored) {
        return schedule != null && stored instanceof CronTrigger cron && cron.getCronExpression().equals(schedule.cron())
                && cron.getTimeZone().getID().equals(schedule.zone()) && cron.getMisfireInstruction() == schedule.misfireInstruction();
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof ApplicationReadyEvent) {
            made().ifPresent(clock -> carryOut(clock::start));
        }
        // Before the routes stop.
        if (event instanceof ContextClosedEvent) {
            made().ifPresent(clock -> carryOut(clock::standby));
        }
    }

    private interface Step {
        void carryOut() throws SchedulerException;
    }

    private static void carryOut(Step step) {
        try {
            step.carryOut();
        } catch (SchedulerException e) {
            throw new IllegalStateException("the clock of the schedules neither starts nor stops", e);
        }
    }

    private synchronized Optional<Scheduler> made() {
        return Optional.ofNullable(scheduler);
    }

    @Override
    public void destroy() {
        made().ifPresent(clock -> carryOut(() -> clock.shutdown(true)));
    }

    private record Pool(HikariDataSource connections) implements ConnectionProvider {
        @Override
        public Connection getConnection() throws SQLException {
            return connections.getConnection();
        }

        @Override
        public void initialize() {
        }

        @Override
        public void shutdown() {
            connections.close();
        }
    }
}

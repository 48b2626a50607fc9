package io.syncline.schedule;

import org.apache.camel.component.quartz.QuartzComponent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.Map;
import java.util.UUID;

/**
 * Two clocks for routes: {@code quartz:} is for schedules and shared by all processes on one database, {@code clock:} is this process's own, for
 * what each looks after by itself.
 */
@Configuration(proxyBeanMethods = false)
class Clocks {
    @Bean("quartz")
    QuartzComponent stored(StoredClock clock) {
        QuartzComponent stored = new QuartzComponent() {
            @Override
            protected void doInit() throws Exception {
                setScheduler(clock.scheduler());
                super.doInit();
            }
        };
        stored.setAutoStartScheduler(false);
        return stored;
    }

    @Bean("clock")
    QuartzComponent own() {
        QuartzComponent own = new QuartzComponent();
        own.setProperties(Map.of(
                "org.quartz.scheduler.instanceName", "clock-" + UUID.randomUUID(),
                "org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool",
                "org.quartz.threadPool.threadCount", "2",
                "org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore"));
        own.setEnableJmx(false);
        own.setAutowiredEnabled(false);
        return own;
    }
}

package io.syncline.run;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.time.ZoneId;

/** Turns the cron lines of sync files into routes made from the template in {@code routes/triggers.yaml}. */
@Component("schedules")
public class Schedules implements CamelContextConfiguration {
    private final Configuration configuration;
    private final boolean enabled;

    /** @param enabled {@code syncline.schedules.enabled}, true unless set */
    Schedules(Configuration configuration, @Value("${syncline.schedules.enabled:true}") boolean enabled) {
        this.configuration = configuration;
        this.enabled = enabled;
    }

    @Override
    public void beforeApplicationStart(CamelContext context) {
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        if (enabled) {
            configuration.syncs().values().forEach(sync -> sync.organisations().forEach(organisation -> schedule(context, sync, organisation)));
        }
    }

    private static void schedule(CamelContext context, SyncConfig sync, String organisation) {
        SyncConfig.Schedules times = sync.schedules();
        add(context, sync, organisation, Mode.FULL, times.full(), times.zone());
        add(context, sync, organisation, Mode.INCREMENTAL, times.incremental(), times.zone());
    }

    private static void add(CamelContext context, SyncConfig sync, String organisation, Mode mode, String cron, ZoneId zone) {
        if (cron == null) {
            return;
        }
        String name = sync.name() + "-" + organisation + "-" + mode.word();
        TemplatedRouteBuilder.builder(context, "schedule").routeId("schedule-" + name)
                .parameter("name", name).parameter("cron", cron).parameter("zone", zone.getId())
                .parameter("sync", sync.name()).parameter("organisation", organisation).parameter("mode", mode.name())
                .add();
    }

    /** The request that a schedule hands in. */
    public RunRequest request(String sync, String organisation, String mode, String name) {
        return new RunRequest(sync, organisation, Mode.valueOf(mode), false, null, null, null, "schedule", name);
    }
}

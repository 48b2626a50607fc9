package io.syncline.schedule;

import io.syncline.config.Configuration;
import io.syncline.config.ImportConfig;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.quartz.SchedulerException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.stream.Collectors;

/** Turns the schedules of imports into routes made from the template in {@code routes/imports.yaml}, one for each organisation. */
@Component
class ImportTimes implements CamelContextConfiguration {
    static final String GROUP = "syncline-imports";

    private final boolean enabled;
    private final StoredClock clock;
    private final List<Time> all;

    private record Time(String sync, String organisation, ImportConfig filling) {
        String name() {
            return ImportTimes.name(sync, organisation, filling.name());
        }
    }

    static String name(String sync, String organisation, String name) {
        return sync + "-" + organisation + "-" + name;
    }

    /** @param enabled {@code syncline.schedules.enabled}, true unless set */
    ImportTimes(Configuration configuration, StoredClock clock, @Value("${syncline.schedules.enabled:true}") boolean enabled) {
        this.enabled = enabled;
        this.clock = clock;
        this.all = configuration.syncs().values().stream().flatMap(sync -> sync.organisations().stream().flatMap(organisation -> sync.imports().stream()
                .filter(filling -> filling.schedule() != null).map(filling -> new Time(sync.name(), organisation, filling)))).toList();
    }

    @Override
    public void beforeApplicationStart(CamelContext context) {
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        if (!enabled) {
            return;
        }
        try {
            clock.keepOnly(GROUP, all.stream().collect(Collectors.toMap(Time::name,
                    time -> List.of(time.filling().schedule(), time.filling().zone().getId()))));
        } catch (SchedulerException e) {
            throw new IllegalStateException("the schedules of imports cannot be stored", e);
        }
        all.forEach(time -> TemplatedRouteBuilder.builder(context, "import-schedule").routeId("import-schedule-" + time.name())
                .parameter("name", time.name()).parameter("sync", time.sync()).parameter("organisation", time.organisation())
                .parameter("import", time.filling().name()).parameter("cron", time.filling().schedule())
                .parameter("zone", time.filling().zone().getId()).add());
    }
}

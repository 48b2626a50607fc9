package io.syncline.monitor;

import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.schedule.Timetable;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells how syncs stand. */
@Component
public class Monitor {
    private final Configuration configuration;
    private final Timetable timetable;
    private final Ledger ledger;
    private final Counts counts;

    Monitor(Configuration configuration, Timetable timetable, Ledger ledger, Counts counts) {
        this.configuration = configuration;
        this.timetable = timetable;
        this.ledger = ledger;
        this.counts = counts;
    }

    /** Those that run for an organisation, in the order of their names. */
    public List<SyncState> all(String organisation) {
        List<Timetable.Entry> schedules = timetable.of(organisation);
        return configuration.syncs().values().stream().filter(sync -> sync.organisations().contains(organisation))
                .sorted(Comparator.comparing(SyncConfig::name)).map(sync -> state(sync, organisation, schedules)).toList();
    }

    /** Empty when the organisation has no such sync. */
    public Optional<SyncState> of(String organisation, String name) {
        return Optional.ofNullable(configuration.syncs().get(name)).filter(sync -> sync.organisations().contains(organisation))
                .map(sync -> state(sync, organisation, timetable.of(organisation)));
    }

    private SyncState state(SyncConfig sync, String organisation, List<Timetable.Entry> all) {
        Instant now = Instant.now();
        List<Timetable.Entry> schedules = all.stream().filter(schedule -> schedule.sync().equals(sync.name())).toList();
        SyncState.Lasts full = ledger.last(sync.name(), organisation, "full");
        SyncState.Lasts incremental = ledger.last(sync.name(), organisation, "incremental");
        Optional<Ledger.Active> active = ledger.active(sync.name(), organisation);
        Ledger.Waits waits = ledger.waits(sync.name(), organisation);
        Instant any = Stream.of(full.success(), incremental.success()).filter(Objects::nonNull).max(Comparator.naturalOrder()).orElse(null);
        String mark = counts.mark(sync, organisation);
        List<SyncState.Entity> entities = sync.entities().stream().map(entity -> entity(entity, counts.of(sync, entity, organisation, mark), waits)).toList();
        Ledger.Outgoing outgoing = ledger.outgoing(sync.name(), organisation);
        Health.Pushes pushes = new Health.Pushes(entities.stream().mapToLong(SyncState.Entity::pending).sum(), outgoing.refused(), outgoing.unknown(),
                outgoing.barred(), outgoing.locked());
        Health.Webhooks webhooks = ledger.webhooks(sync.name(), organisation, full.success());
        Health health = Health.of(new Health.Facts(now, Stream.of(ended("full", full), ended("incremental", incremental)).flatMap(Optional::stream)
                .sorted(Comparator.comparing(Health.Ended::at).reversed()).toList(), new Health.Successes(full.success(), any),
                active.map(run -> new Health.Active(run.activity().run(), run.activity().mode(), run.silent())).orElse(null),
                schedules.stream().map(Monitor::times).toList(), waits.sum(), pushes, webhooks));
        return new SyncState(sync.name(), sync.title(), configuration.systemOf(sync).title(), health, full, incremental, any,
                schedules.stream().map(Timetable.Entry::next).filter(Objects::nonNull).min(Comparator.naturalOrder()).orElse(null), schedules,
                active.map(Ledger.Active::activity).orElse(null),
                entities, pushes, webhooks, ledger.troubles(sync.name(), organisation, full.success()), now);
    }

    private static Optional<Health.Ended> ended(String mode, SyncState.Lasts runs) {
        return Optional.ofNullable(runs.ended()).map(run -> new Health.Ended(run.run(), mode, run.state(), run.finishedAt(), run.failure()));
    }

    private static Health.Times times(Timetable.Entry schedule) {
        return new Health.Times(schedule.name(), schedule.mode(), schedule.cron(), schedule.zone(), schedule.jitter(), schedule.since(), schedule.pausedBy());
    }

    private static SyncState.Entity entity(EntityConfig entity, Counts.Counted counted, Ledger.Waits waits) {
        String name = entity.name();
        return new SyncState.Entity(name, counted.rows().total(), counted.rows().synced(), counted.rows().pending(), waits.of(name, "conflict"),
                waits.of(name, "rejected") + waits.of(name, "parked"), waits.of(name, "held"), counted.rows().deleted(), waits.marks().get(name), counted.at());
    }
}

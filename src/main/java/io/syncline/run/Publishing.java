package io.syncline.run;

import io.syncline.change.Outcome;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SourceConfig;
import io.syncline.store.PublishOrder;
import io.syncline.store.Published;
import io.syncline.store.Publisher;
import io.syncline.store.SetAside;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Publishes a run's plan; watermarks, report and final state become true in the same transaction (promise 1). */
@Component("publishing")
public class Publishing {
    private final Publisher publisher;
    private final RunLedger ledger;
    private final Reports reports;
    private final RunRecords records;
    private final JdbcClient sql;
    private final SetAside setAside;
    private final Configuration configuration;
    private final Applying applying;
    private final Passes passes;
    private final Cursors cursors;

    Publishing(Publisher publisher, RunLedger ledger, Reports reports, RunRecords records, JdbcClient sql, SetAside setAside, Configuration configuration,
            Applying applying, Passes passes, Cursors cursors) {
        this.cursors = cursors;
        this.applying = applying;
        this.passes = passes;
        this.records = records;
        this.setAside = setAside;
        this.configuration = configuration;
        this.publisher = publisher;
        this.ledger = ledger;
        this.reports = reports;
        this.sql = sql;
    }

    public void publish(Run run, List<EntityPass> passes) {
        ledger.state(run, "publishing");
        Map<EntityConfig, EntityPass> byEntity = passes.stream().collect(Collectors.toMap(EntityPass::entity, Function.identity()));
        publisher.publish(new PublishOrder(run.id(), run.sync(), run.organisation(), passes.stream().map(EntityPass::entity).toList(),
                entity -> byEntity.get(entity).classifier(), entity -> byEntity.get(entity).facts(), !run.isSingle() && !run.isPushing(),
                () -> ledger.guardPublish(run), published -> complete(run, passes, published)));
    }

    private void complete(Run run, List<EntityPass> passes, Published published) {
        if (run.isSingle()) {
            passes.stream().filter(pass -> counts(published, pass).containsKey(Outcome.STALE)).forEach(this::tellStale);
        }
        passes.stream().filter(this::isNotGivenCursor).forEach(this::tellNoCursor);
        passes.forEach(pass -> sql.sql("update syncline.run_entity set state = 'published' where run_id = ? and entity = ?")
                .params(run.id(), pass.entity().name()).update());
        passes.forEach(this::closeWhatIsGone);
        for (EntityPass pass : passes) {
            if (pass.movesMark() && !published.undecided().contains(pass.entity().name())) {
                moveMark(run, pass);
            } else if (resource(pass).remembers()) {
                cursors.drop(pass);
            }
        }
        passes.stream().filter(pass -> !counts(published, pass).isEmpty()).forEach(records::settle);
        boolean whole = run.isApplying() || passes.size() == run.entities().size() && passes.stream().noneMatch(EntityPass::isShort);
        ledger.end(run, whole ? "published" : "partial", published.snapshot() == null ? null : published.snapshot().id(), null);
        reports.announce(run, reports.write(run.id(), published.counts(), published.snapshot(), run.isApplying() ? applying.setAside(run, passes) : Map.of()));
    }

    private static Map<Outcome, Long> counts(Published published, EntityPass pass) {
        return published.counts().getOrDefault(pass.entity().name(), Map.of());
    }

    private void tellStale(EntityPass pass) {
        records.tellStale(pass);
        passes.note(pass);
    }

    private boolean isNotGivenCursor(EntityPass pass) {
        return pass.isComplete() && pass.movesMark() && pass.given() == null && resource(pass).tracks();
    }

    private void tellNoCursor(EntityPass pass) {
        pass.tell("The source gave no delta link, though the system's file says that it offers them. "
                + (resource(pass).since() == null ? "The next run reads everything again." : "The next incremental run asks for changes by their time."));
        passes.note(pass);
    }

    private SourceConfig.Resource resource(EntityPass pass) {
        return configuration.systemOf(pass.sync()).source().resources().get(pass.entity().resource());
    }

    private void closeWhatIsGone(EntityPass pass) {
        Run run = pass.run();
        if (!pass.unknown().isEmpty()) {
            setAside.close(run.id(), run.sync(), pass.entity(), run.organisation(), pass.unknown());
        }
        boolean asksForOne = resource(pass).asksForOne();
        // Promise 6: a read that was interrupted is no proof.
        if (pass.isComplete() && (asksForOne || !pass.isResumed())) {
            setAside.notShown(run.id(), run.sync(), pass.entity(), run.organisation(), asksForOne);
        }
    }

    private void moveMark(Run run, EntityPass pass) {
        sql.sql("""
                insert into syncline.watermark (sync, organisation, entity, side, mark, run_id) values (?, ?, ?, ?, ?, ?)
                on conflict (sync, organisation, entity, side) do update
                set mark = excluded.mark, run_id = excluded.run_id""")
                .params(run.sync().name(), run.organisation(), pass.entity().name(), run.sync().side(), pass.mark().atOffset(ZoneOffset.UTC), run.id())
                .update();
        cursors.move(pass);
    }
}

package io.syncline.deliver;

import io.syncline.config.Configuration;
import io.syncline.config.SourceConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;
import io.syncline.source.WriteOrder;
import io.syncline.store.EntityTable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * What may be sent at the same time: records that do not lead to each other, and of one system as many as its file says. Entries of one record never meet,
 * because it has one open entry at most.
 */
@Component("sideBySide")
public class SideBySide {
    private final Configuration configuration;
    private final Map<String, Semaphore> seats = new ConcurrentHashMap<>();

    SideBySide(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Parts of a batch, in its order: what stands in one may be sent side by side, what stands in the next waits for it. */
    public List<List<Claim>> parts(List<Claim> batch) {
        List<List<Claim>> parts = new ArrayList<>();
        Claim before = null;
        for (Claim claim : batch) {
            if (before == null || !beside(before.order(), claim.order())) {
                parts.add(new ArrayList<>());
            }
            parts.get(parts.size() - 1).add(claim);
            before = claim;
        }
        return parts;
    }

    /** Of a tree, each record may be another one's parent. */
    private static boolean beside(WriteOrder one, WriteOrder next) {
        boolean deletions = one.action() == WriteOrder.Action.DELETE;
        return one.entity().name().equals(next.entity().name()) && deletions == (next.action() == WriteOrder.Action.DELETE)
                && new EntityTable(one.sync(), one.entity()).ownReferences().isEmpty();
    }

    /** Does it when one of the system's seats is free. */
    <T> T seated(SyncConfig sync, Supplier<T> work) {
        SystemConfig system = configuration.systemOf(sync);
        Semaphore free = seats.computeIfAbsent(system.name(), name -> new Semaphore(system.source() instanceof SourceConfig.Web web
                ? web.limits().writesAtOnce() : 1, true));
        free.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            free.release();
        }
    }
}

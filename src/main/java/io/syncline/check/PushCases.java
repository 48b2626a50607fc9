package io.syncline.check;

import io.syncline.config.CaseConnection;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.PushCase;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;
import io.syncline.record.Document;
import io.syncline.record.Missing;
import io.syncline.record.Observed;
import io.syncline.source.Read;
import io.syncline.source.Rehearsal;
import io.syncline.source.SourceFailure;
import io.syncline.source.WriteOrder;

import java.util.Arrays;
import java.util.UUID;

/** Runs the cases that say what is sent for what people did: through the very requests that the product makes. */
final class PushCases {
    private static final UUID ANY = new UUID(0, 0);

    private final SyncConfig sync;
    private final EntityConfig entity;
    private final SystemConfig system;
    private final RowFields row;

    PushCases(Configuration configuration, PushCase given) {
        sync = configuration.syncs().get(given.sync());
        entity = sync.entity(given.entity());
        system = configuration.systemOf(sync);
        row = new RowFields(entity.shape());
    }

    /** @throws CaseFailure when something else would be sent */
    void run(PushCase given) throws CaseFailure {
        Rehearsal.Request sent;
        try {
            sent = Rehearsal.requestOf(new Read(new CaseConnection(system), system, system.source().resources().get(entity.resource()), entity.mapping(), null),
                    order(given));
        } catch (SourceFailure e) {
            throw new CaseFailure("expected " + given.method() + " " + given.path() + ", but it cannot be sent: " + e.getMessage());
        }
        String expected = given.method() + " " + given.path();
        if (sent == null || !sent.line().equals(expected)) {
            throw new CaseFailure("expected " + expected + ", but " + (sent == null ? "nothing is sent" : "it is " + sent.line()));
        }
        boolean same = given.body() == null || sent.body() == null ? given.body() == null && sent.body() == null
                : Records.tree(given.body()).equals(Records.tree(sent.body()));
        if (!same) {
            throw new CaseFailure("expected the body " + given.body() + ", but it is " + (sent.body() == null ? "none" : sent.body()));
        }
    }

    private WriteOrder order(PushCase given) throws CaseFailure {
        if (given.deed() == PushCase.Deed.CREATED) {
            Object[] nothing = new Object[entity.shape().fields().size()];
            Arrays.fill(nothing, Missing.MISSING);
            return order(WriteOrder.Action.CREATE, null, null, entity.shape().document(row.with(nothing, Records.tree(given.local()))));
        }
        Observed agreed = Records.read(entity.mapping(), new Samples(entity.mapping()).complete(Records.tree(given.stored())));
        if (!agreed.isFit()) {
            throw new CaseFailure("stored could never have been stored: " + String.join("; ", agreed.problems()));
        }
        Document now = given.local() == null ? agreed.document()
                : entity.shape().document(row.with(entity.shape().values(agreed.document()), Records.tree(given.local())));
        return order(switch (given.deed()) {
            case DELETED -> WriteOrder.Action.DELETE;
            case BROUGHT_BACK -> WriteOrder.Action.RESTORE;
            default -> WriteOrder.Action.UPDATE;
        }, agreed.key(), agreed.document(), now);
    }

    private WriteOrder order(WriteOrder.Action action, String key, Document agreed, Document document) {
        return new WriteOrder(ANY, sync, entity, "default", action, key, agreed, document, agreed == null ? null : agreed.hash(), null);
    }
}

package io.syncline.conflict;

import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.inspect.History;
import io.syncline.inspect.Place;
import io.syncline.inspect.Version;
import io.syncline.store.DisputedRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Puts together what a person sees of a conflict: an open one with its row as it stands, a settled one as it was kept. */
@Component
public class Cards {
    private static final int LAST_VERSIONS = 5;

    private final JdbcClient sql;
    private final ConflictList conflicts;
    private final DisputedRows rows;
    private final Relatives relatives;
    private final History history;
    private final Configuration configuration;

    Cards(JdbcClient sql, ConflictList conflicts, DisputedRows rows, Relatives relatives, History history, Configuration configuration) {
        this.sql = sql;
        this.conflicts = conflicts;
        this.rows = rows;
        this.relatives = relatives;
        this.history = history;
        this.configuration = configuration;
    }

    /** Empty where the organisation has no such conflict in this sync. */
    public Optional<Card> find(SyncConfig sync, String organisation, long id) {
        return conflicts.find(organisation, sync.name(), id).map(conflict -> card(sync, conflict));
    }

    /** What the record of a conflict is called, as JSON; null where nothing says. */
    public static String title(SyncConfig sync, Conflict conflict) {
        EntityConfig entity = sync.entity(conflict.entity());
        return entity == null ? null : Relatives.title(entity, Sides.members(conflict.ours()));
    }

    Card card(SyncConfig sync, Conflict conflict) {
        EntityConfig entity = sync.entity(conflict.entity());
        DisputedRows.Row row = entity == null ? null : rows.find(sync, entity, conflict.organisation(), conflict.row()).orElse(null);
        List<Card.Taken> taken = taken(conflict);
        Seen seen = Seen.of(conflict, row);
        String system = systemTitle(sync);
        if (entity == null || row == null) {
            return new Card(conflict, seen, null, system, sync.title(), row, List.of(), List.of(), List.of(), List.of(), List.of(), taken, null);
        }
        Sides sides = sides(entity, conflict, row);
        List<Outlook> decisions = conflict.isOpen() && !conflict.isRemoved()
                ? new Outlooks(conflict, sides, row.deleted(), system).all() : List.of();
        return new Card(conflict, seen, Relatives.title(entity, sides.ours()), system, sync.title(), row, fields(entity, sides), decisions,
                relatives.parents(sync, entity, conflict.organisation(), conflict.row()), relatives.children(sync, entity, conflict.organisation(),
                conflict.row()), versions(sync, entity, conflict), taken, conflicts.reopenedAs(conflict).orElse(null));
    }

    /** What people call the other side. */
    public String systemTitle(SyncConfig sync) {
        return configuration.systemOf(sync).title();
    }

    /** Of an open conflict ours is what the row says now. */
    static Sides sides(EntityConfig entity, Conflict conflict, DisputedRows.Row row) {
        return conflict.isOpen() ? Sides.of(entity, row.base(), conflict.theirs(), row.document())
                : Sides.of(entity, conflict.base(), conflict.theirs(), conflict.ours());
    }

    private static List<FieldView> fields(EntityConfig entity, Sides sides) {
        return entity.shape().declared().stream().map(field -> {
            String name = field.name();
            return new FieldView(name, field.type().word(), field.references(), sides.base().get(name), sides.theirs() == null ? null
                    : sides.theirs().get(name), sides.ours().get(name), sides.movedThere(name), sides.movedHere(name), sides.isDisputed(name),
                    sides.merged(name));
        }).toList();
    }

    private List<Version> versions(SyncConfig sync, EntityConfig entity, Conflict conflict) {
        return history.read(new Place(sync, entity, conflict.organisation()), "row:" + conflict.row(), null, LAST_VERSIONS).orElse(List.of());
    }

    private List<Card.Taken> taken(Conflict conflict) {
        return sql.sql("select * from syncline.resolution where conflict_id = ? and organisation = ? order by id desc limit 20")
                .params(conflict.id(), conflict.organisation()).query((row, n) -> taken(conflict, row)).list();
    }

    private static Card.Taken taken(Conflict conflict, ResultSet row) throws SQLException {
        long id = row.getLong("id");
        boolean counts = conflict.decided() != null && conflict.decided() == id && (conflict.isOpen() || !conflict.settled().how().equals("moot"));
        return new Card.Taken(id, row.getString("actor"), row.getObject("at", OffsetDateTime.class).toInstant(), row.getString("how"),
                row.getString("reason"), !counts ? "too-late" : conflict.isOpen() ? "waiting" : "made");
    }
}

package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Stored;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.record.Shape;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes what systems answered to what was pushed true: each answer is judged against its row as it is now, locked. */
@Component
@Order(1)
class Settlement implements WithinPublish {
    private final JdbcClient sql;
    private final Mappings mappings;

    Settlement(JdbcTemplate jdbc) {
        this.sql = JdbcClient.create(jdbc);
        this.mappings = new Mappings(jdbc);
    }

    @Override
    public List<Change> judge(Turn turn) {
        EntityTable table = new EntityTable(turn.sync(), turn.entity());
        List<Change> changes = new ArrayList<>();
        for (Answered answered : answered(turn, table)) {
            if (answered.keptBy() != null) {
                note(answered, "unknown", "The system made record " + answered.observed()
                        .key() + " of it, and that is here already, as row " + answered.keptBy()
                        + ". Look at both rows; what is to be kept of this one is edited there. Then discard this with revert, which deletes this row here and"
                        + " sends nothing.", turn.run());
            } else if (answered.isTakenByAnother()) {
                note(answered, "unknown", "The system made record " + answered.observed().key() + " of it, and meanwhile it has the record again that this row"
                        + " was before. Decide about that one first, if a conflict is open. Then discard this: record " + answered.observed().key()
                        + " comes as a row of its own.", turn.run());
            } else if (answered.otherwiseMapped()) {
                // Its answer was read by another mapping than the one in force; read back it is read anew.
                sql.sql("update syncline.push set state = 'unclear', next_attempt_at = clock_timestamp() where id = ?").param(answered.id()).update();
            } else if (!turn.staged().contains(answered.stored().rowId())) {
                if (!answered.document().text().isEmpty()) {
                    changes.add(turn.classifier().answered(answered.observed(), answered.sent(), answered.document(), answered.judgedAgainst()));
                }
                note(answered, "done", null, turn.run());
            }
        }
        return changes;
    }

    /**
     * @param document what the row says now; empty where that was erased
     * @param made     a record was made there
     * @param keptBy   another row that has the answered key already, or null
     */
    private record Answered(UUID id, Observed observed, Document sent, Document document, Stored stored, boolean made, Long keptBy, boolean otherwiseMapped) {
        /** What was to be made anew is there again as what it was. */
        boolean isTakenByAnother() {
            return made && stored.agreement() != null && (!stored.agreement().isGone() || stored.openConflict());
        }

        /** Whatever was agreed of a record that is made anew was about another one. */
        Stored judgedAgainst() {
            return made ? stored.unlinked() : stored;
        }
    }

    private List<Answered> answered(Turn turn, EntityTable table) {
        Mappings.InForce mapping = mappings.inForce(turn.sync(), turn.entity());
        Shape shape = turn.entity().shape();
        return sql.sql("select " + StoredStates.columns(table, mapping) + table.fill("""
                , t.document, p.id, p.document, p.answered_key, p.answered_document, p.answered_version, p.answered_modified_on, p.answered_deleted,
                       p.action, (select o.row_id from {table} o where o.org_id = t.org_id and o.{side_id} = p.answered_key and o.row_id <> t.row_id),
                       p.answered_mapping not in ({same})
                from syncline.push p join {table} t on t.row_id = p.row_id and t.org_id = p.organisation
                where p.sync = {sync} and p.entity = {entity} and p.organisation = :organisation and p.state = 'answered'
                order by t.row_id for no key update of t, p""".replace("{same}", mapping.sameNumbers()))).param("organisation", turn.organisation())
                .query((row, n) -> answered(row, mapping, shape)).list();
    }

    private static Answered answered(ResultSet row, Mappings.InForce mapping, Shape shape) throws SQLException {
        int next = StoredStates.WIDTH;
        String theirs = row.getString(next + 5);
        Document answer = theirs == null ? null : Document.stored(theirs);
        Observed observed = row.getString(next + 9).equals("delete") && theirs == null && row.getString(next + 4) == null ? null
                : new Observed(row.getString(next + 4), answer, row.getObject(next + 6, Long.class),
                StoredStates.instant(row, next + 7), row.getBoolean(next + 8), List.of(), null);
        return new Answered(row.getObject(next + 2, UUID.class), observed, Document.stored(row.getString(next + 3)), Document.stored(row.getString(next + 1)),
                StoredStates.stored(row, mapping), row.getString(next + 9).equals("create"), row.getObject(next + 10, Long.class),
                row.getBoolean(next + 11));
    }

    private void note(Answered answered, String state, String reason, long run) {
        sql.sql("update syncline.push set state = :state, reason = coalesce(:reason, reason), settled_by_run = :run,"
                        + " ended_at = case when :state = 'done' then clock_timestamp() end where id = :id")
                .param("state", state).param("reason", reason).param("run", run).param("id", answered.id()).update();
    }
}

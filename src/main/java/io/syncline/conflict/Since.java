package io.syncline.conflict;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.store.DisputedRows;
import io.syncline.store.EntityTable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What has happened to a conflict since somebody looked at it: on which side, by whom, and what is different. */
@Component
class Since {
    private final JdbcClient sql;

    Since(JdbcClient sql) {
        this.sql = sql;
    }

    /** @param row as it stands; null where it is there no more */
    List<MovedSince.Step> steps(SyncConfig sync, Conflict conflict, DisputedRows.Row row, Seen seen) {
        List<MovedSince.Step> steps = new ArrayList<>();
        EntityConfig entity = sync.entity(conflict.entity());
        Seen now = Seen.of(conflict, row);
        if (entity == null || seen.conflict() != conflict.id()) {
            return steps;
        }
        if (!now.theirs().equals(seen.theirs())) {
            steps.add(there(entity, conflict, seen));
        }
        if (conflict.isOpen() && row != null && row.revision() != seen.revision()) {
            here(sync, entity, conflict, row, seen, steps);
        }
        if (!conflict.isOpen()) {
            steps.add(new MovedSince.Step("It was settled: " + conflict.settled().how() + ".", null, conflict.settled().by(), conflict.settled().at(),
                    List.of()));
        } else if (conflict.waiting() != null) {
            steps.add(new MovedSince.Step("Somebody decided about it: " + conflict.waiting().how() + ". The next publish makes that true.", null,
                    conflict.waiting().by(), conflict.waiting().at(), List.of()));
        }
        if (steps.isEmpty()) {
            steps.add(new MovedSince.Step("The other side has shown it again, with another version or time.", "theirs", null, conflict.refreshedAt(),
                    List.of()));
        }
        return steps;
    }

    private static MovedSince.Step there(EntityConfig entity, Conflict conflict, Seen seen) {
        Map<String, String> now = Sides.members(conflict.theirs());
        boolean kept = seen.isOf(conflict.theirsBefore());
        Sides sides = Sides.of(entity, "{}", conflict.theirs(), "{}");
        return new MovedSince.Step(conflict.isGoneThere() ? "The other side has deleted it." : "The other side says something else.", "theirs", null,
                conflict.theirsModifiedOn() == null ? conflict.refreshedAt() : conflict.theirsModifiedOn(),
                kept && !conflict.isGoneThere() ? sides.difference(Sides.members(conflict.theirsBefore()), now, false) : List.of());
    }

    private record Edit(String actor, Instant at, String operation, String before, String after) {
    }

    private void here(SyncConfig sync, EntityConfig entity, Conflict conflict, DisputedRows.Row row, Seen seen, List<MovedSince.Step> steps) {
        Sides sides = Sides.of(entity, "{}", null, "{}");
        List<Edit> edits = sql.sql(new EntityTable(sync, entity).fill("""
                select actor, edited_at, operation, before, after from syncline.local_edit where sync = {sync} and entity = {entity} and organisation = ?
                  and row_id = ? and revision > ? order by revision limit 20"""))
                .params(conflict.organisation(), conflict.row(), seen.revision())
                .query((each, n) -> new Edit(each.getString(1), each.getObject(2, OffsetDateTime.class).toInstant(), each.getString(3), each.getString(4),
                        each.getString(5))).list();
        edits.forEach(edit -> steps.add(new MovedSince.Step(switch (edit.operation()) {
            case "delete" -> "It was deleted here.";
            case "restore" -> "It was brought back here.";
            default -> "It was edited here.";
        }, "ours", edit.actor(), edit.at(), sides.difference(Sides.members(edit.before()), Sides.members(edit.after()), false))));
        if (edits.isEmpty()) {
            steps.add(new MovedSince.Step("A run has written its row.", "ours", null, row.agreedAt(), List.of()));
        }
    }
}

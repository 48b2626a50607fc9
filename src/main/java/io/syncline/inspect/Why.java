package io.syncline.inspect;

import io.syncline.store.BriefReads;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a record is as it is, in plain words: what brought this version, what was edited since, what the last read said, what it waits for. */
@Component
public class Why {
    private final JdbcClient sql;
    private final BriefReads reads;

    Why(JdbcClient sql, BriefReads reads) {
        this.sql = sql;
        this.reads = reads;
    }

    /**
     * One sentence.
     *
     * @param run  that it speaks of, or null
     * @param item of the attention list that it speaks of, or null
     */
    public record Reason(String text, Long run, String item) {
    }

    public List<Reason> explain(Place place, FoundRecord record) {
        return reads.read(() -> {
            List<Reason> reasons = new ArrayList<>();
            reasons.add(origin(place, record));
            String system = place.sync().system();
            removed(place, record).ifPresent(reasons::add);
            if (record.deletedAt() != null) {
                boolean there = !"local".equals(record.deletedBy()) && !isOfRollback(place, record);
                reasons.add(reason("It was deleted " + (there ? "at " + system : "here") + " at " + record.deletedAt() + "."));
            }
            if (record.key() == null) {
                reasons.add(reason("It was made here and has no key at " + system + " yet: it waits to be pushed."));
            } else if (record.base() != null) {
                reasons.add(reason(edited(system, record)));
            }
            if (record.agreedHere() != null) {
                reasons.add(reason("What was last agreed with " + system + " was written at " + record.agreedHere()
                        + (record.modifiedThere() == null ? "" : ", as it was changed there at " + record.modifiedThere())
                        + (record.version() == null ? "." : ", version " + record.version() + ".")));
            }
            leadsNowhere(place, record).ifPresent(reasons::add);
            lastRead(place, reasons);
            waits(place, record, reasons);
            return reasons;
        });
    }

    private static Reason reason(String text) {
        return new Reason(text, null, null);
    }

    /** Promise 30: a slip of the pen is seen where it was made, before a system refuses it. */
    private Optional<Reason> leadsNowhere(Place place, FoundRecord record) {
        return sql.sql("select " + place.table().leadsNowhere("t") + " from " + place.table().name("table") + " t where t.row_id = ? and t.org_id = ?")
                .params(record.row(), place.organisation()).query((row, n) -> Optional.ofNullable(row.getString(1))).optional().flatMap(text -> text)
                .map(text -> reason(text + " It leads there once such a record comes; if that is a slip, edit it."));
    }

    private record Edit(String actor, String operation) {
    }

    private record Sealed(long number, OffsetDateTime sealedAt, Long run, String mode, String trigger, String requestedBy, Long rolledBack, String why) {
    }

    private Reason origin(Place place, FoundRecord record) {
        Edit edit = sql.sql(place.table().fill("""
                select actor, operation from syncline.local_edit
                where sync = {sync} and entity = {entity} and organisation = ? and row_id = ? and edited_at = ?"""))
                .params(place.organisation(), record.row(), record.since().atOffset(ZoneOffset.UTC)).query(Edit.class).optional().orElse(null);
        Sealed sealed = record.snapshot() == null ? null : sql.sql("""
                select s.number, s.sealed_at, s.run_id as run, r.mode, r.trigger, r.requested_by, o.rolls_back as rolled_back, o.reason as why
                from syncline.snapshot s left join syncline.run r on r.id = s.run_id left join syncline.run o on o.id = r.applies
                where s.sync = ? and s.organisation = ? and s.number = ?""").params(place.sync().name(), place.organisation(), record.snapshot())
                .query(Sealed.class).single();
        if (edit != null) {
            String done = switch (edit.operation()) {
                case "insert" -> "made it here";
                case "delete" -> "deleted it here";
                case "restore" -> "brought it back here";
                default -> "edited it here";
            };
            return new Reason(edit.actor() + " " + done + " at " + record.since() + (sealed == null ? "; no snapshot has sealed that yet, the next run does."
                    : "; snapshot " + sealed.number() + " sealed that."), sealed == null ? null : sealed.run(), null);
        }
        if (sealed == null) {
            return reason("It says what it says since " + record.since() + ".");
        }
        return new Reason("Snapshot " + sealed.number() + " of " + sealed.sealedAt().toInstant() + " brought this version" + (sealed.run() == null ? "."
                : ": run " + sealed.run() + " (" + sealed.mode() + ", asked for by " + sealed.requestedBy() + " through " + sealed.trigger() + ")"
                + (sealed.rolledBack() == null ? "." : ", which rolled back run " + sealed.rolledBack() + ": " + sealed.why())),
                sealed.run(), null);
    }

    private Optional<Reason> removed(Place place, FoundRecord record) {
        return record.document() != null ? Optional.empty() : sql.sql(place.table().fill("""
                select m.number, m.kind, m.at, m.actor, m.reason from syncline.removal_of({sync}, {entity}, :organisation, :row, :since, null) m"""))
                .param("organisation", place.organisation()).param("row", record.row()).param("since", record.since().atOffset(ZoneOffset.UTC))
                .query((row, n) -> reason("What it said was " + row.getString("kind") + " by " + row.getString("actor") + " at " + Records.instant(row, "at")
                        + ": " + row.getString("reason") + " (removal " + row.getLong("number") + ")")).optional();
    }

    /** What a rollback deletes, no side had deleted. */
    private boolean isOfRollback(Place place, FoundRecord record) {
        return sql.sql("select syncline.rolled_back_by(id) is not null from syncline.snapshot where sync = ? and organisation = ? and sealed_at = ?")
                .params(place.sync().name(), place.organisation(), record.deletedAt().atOffset(ZoneOffset.UTC)).query(Boolean.class).optional().orElse(false);
    }

    private static String edited(String system, FoundRecord record) {
        List<FieldChange> changes = Difference.between(record.base(), record.document());
        String what = changes.stream().map(change -> change.field() + " (" + shown(change.from()) + " → " + shown(change.to()) + ")")
                .collect(Collectors.joining(", "));
        return "It was edited here by " + record.editedBy() + ", last at " + record.editedAt() + ", since it was agreed with " + system
                + (what.isEmpty() ? "." : ": " + what + ".")
                + (record.deletedAt() != null && record.goneThere() ? " That is sent when the record is brought back." : " That waits to be pushed.");
    }

    private static String shown(String value) {
        String text = value == null ? "nothing" : value;
        return text.codePointCount(0, text.length()) > 60 ? text.substring(0, text.offsetByCodePoints(0, 60)) + "…" : text;
    }

    private void lastRead(Place place, List<Reason> reasons) {
        sql.sql("""
                select r.id, r.mode, r.finished_at from syncline.run r join syncline.run_entity e on e.run_id = r.id and e.entity = ? and e.state = 'published'
                where r.sync = ? and r.organisation = ? and r.mode in ('full', 'incremental') and r.state in ('published', 'partial')
                order by r.id desc limit 1""").params(place.entity().name(), place.sync().name(), place.organisation()).query((row, n) ->
                new Reason("The last read of " + place.entity().name() + " was run " + row.getLong(1) + " (" + row.getString(2) + "), which ended at "
                        + row.getObject(3, OffsetDateTime.class).toInstant() + ".", row.getLong(1), null)).optional().ifPresent(reasons::add);
    }

    private void waits(Place place, FoundRecord record, List<Reason> reasons) {
        reasons.addAll(sql.sql(place.table().fill("""
                select case when kind = 'held' then 'h' || run_id || '.' || entity else 'a' || id end as id, kind, reason, run_id
                from syncline.attention where sync = {sync} and entity = {entity} and organisation = ? and row_id = ? and state = 'open'
                union all
                select 'c' || id, 'conflict', reason, run_id from syncline.conflict
                where sync = {sync} and entity = {entity} and organisation = ? and row_id = ? and state = 'open' order by 1"""))
                .params(place.organisation(), record.row(), place.organisation(), record.row()).query((row, n) -> new Reason(switch (row.getString(2)) {
                    case "held" -> "Its deletion is held for approval: ";
                    case "conflict" -> "It is in conflict: ";
                    case "parked" -> "A newer version waits: ";
                    default -> "A newer version was rejected: ";
                } + row.getString(3), row.getLong(4), row.getString(1))).list());
    }
}

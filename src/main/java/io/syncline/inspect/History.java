package io.syncline.inspect;

import io.syncline.store.BriefReads;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every version of a record, the newest first: who brought it, when, and what it changed. */
@Component
public class History {
    private static final String LISTED = """
            select v.*, nullif(v.document, '') as content, m.kind as removed, nullif(s.number, 0) as snapshot, s.run_id, r.mode, r.trigger, r.requested_by,
                   (select e.actor from syncline.local_edit e where e.sync = {sync} and e.entity = {entity} and e.organisation = :organisation
                      and e.row_id = v.row_id and e.edited_at = v.valid_from) as person
            from (%s) v left join syncline.snapshot s on s.id = v.snapshot_id left join syncline.run r on r.id = s.run_id{removal}%s
            order by v.valid_from desc limit :limit""";

    private final JdbcClient sql;
    private final BriefReads reads;
    private final Records records;

    History(JdbcClient sql, BriefReads reads, Records records) {
        this.sql = sql;
        this.reads = reads;
        this.records = records;
    }

    /**
     * Empty when there is no such record.
     *
     * @param before since when the last version of the step before stood, or null for the newest
     */
    public Optional<List<Version>> read(Place place, String name, Instant before, int limit) {
        return records.find(place, name).map(record -> reads.read(() -> versions(place, record.row(), before, limit)));
    }

    private List<Version> versions(Place place, long row, Instant before, int limit) {
        Map<String, Object> parameters = new HashMap<>(Map.of("organisation", place.organisation(), "row", row, "limit", limit + 1));
        if (before != null) {
            parameters.put("before", before.atOffset(ZoneOffset.UTC));
        }
        String statement = place.table().fill(LISTED.replace("{removal}", Removal.JOINED)).formatted(Versions.ofRow(place),
                before == null ? "" : " where v.valid_from < :before");
        List<Kept> kept = sql.sql(statement).params(parameters).query((each, n) -> kept(each)).list();
        List<Version> versions = new ArrayList<>();
        for (int i = 0; i < Math.min(limit, kept.size()); i++) {
            versions.add(kept.get(i).after(i + 1 < kept.size() ? kept.get(i + 1) : null));
        }
        return versions;
    }

    private record Kept(Instant since, Instant until, Long snapshot, boolean deleted, String document, String removed, Version.Origin run,
                        String person) {
        Version after(Kept before) {
            String what = before == null ? "created" : deleted && !before.deleted() ? "deleted" : !deleted && before.deleted() ? "restored" : "changed";
            boolean comparable = document != null && (before == null || before.document() != null);
            return new Version(since, until, snapshot, what, person == null ? run : null, person,
                    comparable ? Difference.between(before == null ? null : before.document(), document) : List.of(), removed);
        }
    }

    private static Kept kept(ResultSet row) throws SQLException {
        Long run = row.getObject("run_id", Long.class);
        return new Kept(Records.instant(row, "valid_from"), Records.instant(row, "valid_to"), row.getObject("snapshot", Long.class), row.getBoolean("deleted"),
                row.getString("content"), row.getString("removed"), run == null ? null : new Version.Origin(run, row.getString("mode"),
                        row.getString("trigger"), row.getString("requested_by")), row.getString("person"));
    }
}

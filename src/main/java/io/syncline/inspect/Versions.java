package io.syncline.inspect;

import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;

/** Every version of an entity's records: current ones, superseded ones, and those that an edit replaced which no snapshot has sealed yet. */
final class Versions {
    /** All of them; {@code {now}} and the like stand for what they are to fulfil. */
    private static final String ALL = """
            select t.row_id, t.{side_id} as key, t.revision, t.snapshot_id, t.valid_from, null::timestamptz as valid_to, t.deleted_at is not null as deleted,
                   t.document, t.hash
            from {table} t where t.org_id = :organisation%1$s
            union all
            select h.row_id, h.{side_id}, h.revision, h.from_snapshot, h.valid_from, h.valid_to, h.deleted, h.document, h.hash
            from {history} h where h.org_id = :organisation%2$s
            union all
            select e.row_id, e.side_key, e.before_revision, e.before_snapshot, e.before_valid_from, e.edited_at, e.before_deleted, e.before, e.before_hash
            from syncline.local_edit e where e.sync = {sync} and e.entity = {entity} and e.organisation = :organisation and e.snapshot_id is null
              and e.before is not null%3$s""";

    private Versions() {
    }

    static String ofRow(Place place) {
        return place.table().fill(ALL).formatted(" and t.row_id = :row", " and h.row_id = :row", " and e.row_id = :row");
    }

    static String at(Place place, Then then) {
        return at(place, then, "");
    }

    /** Of one row of another part of the statement. */
    static String ofRowAt(Place place, Then then, String row) {
        return at(place, then, ".row_id = " + row);
    }

    private static String at(Place place, Then then, String row) {
        String all = place.table().fill(ALL);
        String[] that = Stream.of("t", "h", "e").map(version -> row.isEmpty() ? "" : " and " + version + row).toArray(String[]::new);
        return then.snapshot() != null
                ? all.formatted(" and t.snapshot_id between 1 and :then" + that[0], " and h.from_snapshot <= :then and h.to_snapshot > :then" + that[1],
                        " and e.before_snapshot between 1 and :then" + that[2])
                : all.formatted(" and t.valid_from <= :then" + that[0], " and h.valid_from <= :then and h.valid_to > :then" + that[1],
                        " and e.before_valid_from <= :then and e.edited_at > :then" + that[2]);
    }

    static Map<String, Object> parameters(Then then) {
        return Map.of("then", then.snapshot() != null ? then.snapshot() : then.instant().atOffset(ZoneOffset.UTC));
    }
}

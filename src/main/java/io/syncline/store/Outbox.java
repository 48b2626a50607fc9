package io.syncline.store;

import io.syncline.config.WritesConfig;
import io.syncline.record.Field;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements by which a publish fills the outbox, {@code syncline.push}: one open entry for each row that says something else than was agreed, and says so
 * in a snapshot. Parameters: {@code :run}, {@code :organisation}, {@code :at}, {@code :snapshot}.
 */
public final class Outbox {
    /** How an entry ends whose record was found otherwise than agreed when it was to be written over. */
    private static final String MOVED_THERE = "the record moved there";
    /** The same of one that was to be brought back, and of which nothing is left there. */
    private static final String GONE_THERE = "nothing is left of the record there";
    private static final String ACTION = """
            case when t.{side_id} is null then 'create' when t.deleted_at is not null then 'delete' when t.{side_hash} = '\\x' then {back}
                         else 'update' end""";
    private static final String AGREED = "nullif(t.{side_hash}, '\\x'::bytea)";

    /** It was to be written over, was not as agreed, and has not been judged since: sending the same at once would find the same. */
    private static final String JUST_MOVED = """
            exists (select from syncline.push m where m.sync = {sync} and m.entity = {entity} and m.row_id = t.row_id and m.end_reason = {moved}
                               and m.agreed_hash is not distinct from {agreed} and m.ended_at > clock_timestamp() - interval '1 minute')""";

    private final EntityTable table;

    Outbox(EntityTable table) {
        this.table = table;
    }

    /**
     * Of an update of the outbox, what keeps a system's answer; parameters: {@code :key}, {@code :document}, {@code :hash}, {@code :version},
     * {@code :modified}, {@code :deleted}.
     */
    public static String answered() {
        return """
                state = 'answered', next_attempt_at = null, reason = null, answered_at = clock_timestamp(), answered_key = :key, answered_document = :document,
                answered_hash = :hash, answered_version = :version, answered_modified_on = :modified, answered_deleted = :deleted, answered_mapping = (
                    select max(m.number) from syncline.mapping m where m.sync = push.sync and m.entity = push.entity)""";
    }

    /** The same, what ends an entry whose record was found otherwise than agreed when it was to be written over; parameter: {@code :why}. */
    public static String movedThere() {
        return ended(MOVED_THERE);
    }

    /** The same of one that was to be brought back, and is made anew. */
    public static String goneThere() {
        return ended(GONE_THERE);
    }

    private static String ended(String how) {
        return "state = 'overtaken', next_attempt_at = null, ended_at = clock_timestamp(), reason = :why, end_reason = " + EntityTable.literal(how);
    }

    /** What was never sent, or was refused, and is not what the row says any more. */
    String overtake() {
        return table.fill("""
                update syncline.push p set state = 'overtaken', ended_at = :at, next_attempt_at = null,
                       end_reason = case when t.has_conflict then 'a conflict about it is open' when t.sync_status <> 'pending_push' then 'nothing is left to
                           send'
                                         when t.hash = p.hash and (p.action = 'delete') = (t.deleted_at is not null) then {moved}
                                         else 'it was changed here again' end
                from {table} t
                where p.sync = {sync} and p.entity = {entity} and p.organisation = :organisation and p.state in ('waiting', 'parked')
                  and t.row_id = p.row_id and t.snapshot_id <> 0
                  and (t.sync_status <> 'pending_push' or t.hash <> p.hash or p.agreed_hash is distinct from {agreed} or p.action <> {action})"""
                .replace("{agreed}", AGREED).replace("{action}", action()).replace("{moved}", EntityTable.literal(MOVED_THERE)));
    }

    /** What the system deleted is made anew where nothing brings it back: no such write is declared, or it was found that nothing is left of the record. */
    private String action() {
        WritesConfig writes = table.entity().writes();
        String back = writes.makesAnew() ? "'create'" : writes.create() == null ? "'restore'" : """
                case when exists (select from syncline.push g where g.sync = {sync} and g.entity = {entity} and g.row_id = t.row_id and g.key = t.{side_id}
                                  and g.end_reason = {gone} and g.ended_at >= t.{side_synced_at}) then 'create' else 'restore' end"""
                .replace("{gone}", EntityTable.literal(GONE_THERE));
        return ACTION.replace("{back}", back);
    }

    /**
     * A child whose parent has no key yet waits for it; the parent's answer gives the child a new version, and that an entry of its own. Each row's entries
     * are looked up by themselves ({@code offset 0}): how many rows there are to send is guessed wrong, and a join would look at all entries for each.
     */
    String fill() {
        String unnamed = unnamed();
        return table.fill("""
                insert into syncline.push (sync, entity, organisation, row_id, key, former_key, action, state, document, hash, agreed, agreed_hash, edited_at,
                      edited_by, run_id, created_at, next_attempt_at, reason)
                select {sync}, {entity}, t.org_id, t.row_id, case when {action} <> 'create' then t.{side_id} end,
                    case when {action} = 'create' then t.{side_id} end, {action}, case when {action} in ({declared}) then 'waiting' else 'parked' end,
                    t.document, t.hash,
                       case when {action} <> 'create' then coalesce(t.{side_base}, t.document) end, {agreed}, t.local_modified_at, t.local_modified_by,
                       :run, :at, case when {unnamed} or {action} not in ({declared}) then null when {just_moved} then :at::timestamptz + interval '30 seconds'
                           else :at::timestamptz end,
                       case when {action} not in ({declared}) then 'Nothing declares how that is said to the system: see writes in the system''s file.'
                            when {unnamed} then 'It waits until the record it belongs to has a key in the system.'
                            else {leads_nowhere} || ' It is sent as it is.' end
                from {table} t
                where t.org_id = :organisation and t.sync_status = 'pending_push' and t.snapshot_id <> 0 and t.document <> ''
                  and not exists (select from syncline.push p where p.sync = {sync} and p.entity = {entity} and p.row_id = t.row_id
                                  and (p.ended_at is null or p.state = 'discarded' and p.edited_at is not distinct from t.local_modified_at
                                       and p.agreed_hash is not distinct from {agreed}) offset 0)
                on conflict do nothing""".replace("{agreed}", AGREED).replace("{action}", action()).replace("{unnamed}", unnamed).replace("{declared}",
                    declared()).replace("{leads_nowhere}", table.leadsNowhere("t"))
                .replace("{just_moved}", JUST_MOVED.replace("{agreed}", AGREED).replace("{moved}", EntityTable.literal(MOVED_THERE))));
    }

    private String declared() {
        WritesConfig writes = table.entity().writes();
        return Stream.of(writes.create() == null ? null : "'create'", writes.update() == null ? null : "'update'",
                writes.delete() == null ? null : "'delete'", writes.restore() == null ? null : "'restore'", "''").filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
    }

    private String unnamed() {
        return table.references().isEmpty() ? "false" : table.references().stream().map(field -> unnamed(field, "t."))
                .collect(Collectors.joining(" or ", "(", ")"));
    }

    /** A person named the parent by its row, because that has no key yet. */
    static String unnamed(Field reference, String row) {
        return row + EntityTable.row(reference) + " is not null and " + row + EntityTable.quote(reference.name()) + " is null";
    }

    /**
     * Children whose parent has its key now, or another one since it was made anew, say so, by a new version that is nobody's edit: first the versions it
     * supersedes, then the rows. What this very publish has written already waits for the next one.
     */
    List<List<String>> nameParents() {
        return table.references().stream().flatMap(field -> Stream.of(unnamed(field, "t."), formerlyNamed(field)).map(which -> due(field, which)))
                .toList();
    }

    private List<String> due(Field field, String which) {
        String key = table.parent(field).name("side_id");
        String from = " from {table} t join " + table.parent(field).name("table") + " p on p.row_id = t." + EntityTable.row(field) + " and p.org_id = t.org_id";
        String where = " where t.org_id = :organisation and " + which + " and p." + key
                + " is not null and t.document <> '' and t.snapshot_id <> 0 and t.valid_from < :at";
        String renamed = ", lateral jsonb_populate_record(t, jsonb_build_object(" + EntityTable.literal(field.name()) + ", p." + key + ")) w";
        return List.of(superseded(from + where), named(field, from + renamed + where));
    }

    /**
     * By the key that its parent had before that was made anew. Few were, so it begins with them: a look at every child would cost what it takes to read all.
     */
    private String formerlyNamed(Field field) {
        EntityTable parent = table.parent(field);
        String row = EntityTable.row(field);
        return "t.row_id in (select c.row_id from syncline.push k join " + parent.name("table") + " q on q.row_id = k.row_id join {table} c on c." + row
                + " = q.row_id and c." + EntityTable.quote(field.name()) + "::text = k.former_key where k.sync = {sync} and k.entity = "
                + EntityTable.literal(parent.entity().name()) + " and k.former_key is not null and k.former_key <> q." + parent.name("side_id")
                + " and k.state = 'done')";
    }

    private String superseded(String due) {
        return table.fill("""
                insert into {history} (row_id, revision, org_id, {side_id}, from_snapshot, to_snapshot, valid_from, valid_to, deleted, document, hash)
                select t.row_id, t.revision, t.org_id, t.{side_id}, t.snapshot_id, :snapshot, t.valid_from, :at, t.deleted_at is not null, t.document, t.hash"""
                + due);
    }

    private String named(Field field, String due) {
        String column = EntityTable.quote(field.name());
        return table.fill("update {table} r set " + column + " = n." + column + """
                , document = n.said, hash = sha256(convert_to(n.said, 'UTF8')), revision = r.revision + 1, snapshot_id = :snapshot, valid_from = :at,
                      {side_base} = case when r.{side_id} is not null then coalesce(r.{side_base}, r.document) end,
                      sync_status = case when r.has_conflict then 'conflict'
                                         when r.deleted_at is not null and (r.{side_id} is null or r.{side_hash} = '\\x') then 'synced'
                                         else 'pending_push' end
                from (select t.row_id, w.""" + column + ", {document_of}(w, t.document::jsonb) as said"
                + due + ") n where r.row_id = n.row_id");
    }
}

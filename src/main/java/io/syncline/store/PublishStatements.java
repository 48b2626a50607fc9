package io.syncline.store;

import io.syncline.record.Field;

import java.util.List;
import java.util.stream.Collectors;

/** The statements of a publish for one entity. Parameters: {@code :run}, {@code :organisation}, {@code :snapshot}, {@code :at}, {@code :rows}. */
final class PublishStatements {
    /** A conflict rewrites its row where the mapping changed. */
    private static final String REWRITING = "(s.outcome in ('link', 'update', 'remapped', 'restore', 'delete') or s.outcome = 'conflict' and s.writes)";
    private static final String GONE = "'\\x'::bytea";
    /** What a record is known by whose key cannot be read. */
    static final String FINGERPRINT = "'unreadable key, sha256 ' || encode(sha256(convert_to(coalesce(s.raw, s.reason), 'UTF8')), 'hex')";

    /** Ours was kept over what is still agreed, so what was kept has not arrived there, and the side has moved again. */
    private static final String REOPENS = """
            (select max(o.id) from syncline.conflict o where o.sync = {sync} and o.entity = {entity} and o.row_id = t.row_id and o.side = {side}
                          and o.state = 'settled' and o.settled_how in ('ours', 'merged') and o.theirs_hash = t.{side_hash})""";

    private final EntityTable table;

    PublishStatements(EntityTable table) {
        this.table = table;
    }

    /** Locks the rows that the plan is about, so that a person's edit is either seen now or waits; answers those that moved since they were judged. */
    String lockPlanned() {
        return lockPlanned("t.revision is distinct from s.revision");
    }

    /** The same, with those of which another run has shown something since this one began: it may have been before what was looked up when they were judged. */
    String lockPlannedFirst() {
        return lockPlanned("t.revision is distinct from s.revision or " + Overtaken.agreedSince(table, ":run") + " or " + new Overtaken(table).besideLongRun());
    }

    private String lockPlanned(String moved) {
        return table.fill("""
                with locked as materialized (
                    select s.ctid as place,\s""") + moved + table.fill("""
                     as moved
                    from {staging} s join {table} t on t.row_id = s.row_id join syncline.run r on r.id = s.run_id
                    where s.run_id = :run and s.outcome not in ('rejected', 'parked', 'held', 'stale') and t.org_id = :organisation
                    order by t.row_id for no key update of t)
                select place::text from locked where moved""");
    }

    /** Records judged as new that another publish has made rows of since. */
    String lockArrived() {
        return table.fill("""
                with locked as materialized (
                    select s.ctid as place from {staging} s join {table} t on t.org_id = :organisation and t.{side_id} = s.key
                    where s.run_id = :run and s.row_id is null and s.outcome in ('create', 'unchanged')
                    order by t.row_id for no key update of t)
                select place::text from locked""");
    }

    String lockUnsealed() {
        return table.fill("select row_id from {table} where snapshot_id = 0 and org_id = :organisation order by row_id for no key update");
    }

    /** The versions that edits superseded go to history; those between two edits were never part of a snapshot, but of an instant. */
    String sealEdits() {
        return table.fill("""
                insert into {history} (row_id, revision, org_id, {side_id}, from_snapshot, to_snapshot, valid_from, valid_to, deleted, document, hash)
                select row_id, before_revision, organisation, side_key, case before_snapshot when 0 then :snapshot else before_snapshot end, :snapshot,
                       before_valid_from, edited_at, before_deleted, before, before_hash
                from syncline.local_edit
                where sync = {sync} and entity = {entity} and row_id = any(:rows) and snapshot_id is null and before is not null""");
    }

    String sealJournal() {
        return table.fill("update syncline.local_edit set snapshot_id = :snapshot where sync = {sync} and entity = {entity} and row_id = any(:rows)"
                + " and snapshot_id is null");
    }

    String sealRows() {
        return table.fill("update {table} set snapshot_id = :snapshot where row_id = any(:rows)");
    }

    String openConflicts() {
        return table.fill("""
                insert into syncline.conflict (sync, entity, organisation, row_id, key, side, kind, reason, fields, base, theirs, ours, theirs_hash,
                      theirs_version, theirs_modified_on, row_revision, run_id, detected_at, refreshed_at, state, reopens)
                select {sync}, {entity}, t.org_id, t.row_id, t.{side_id}, {side}, {kind}, s.reason, coalesce(s.fields, '{}'),
                       coalesce(s.base, t.{side_base}, t.document), {theirs}, {ours}, {theirs_hash}, s.version, s.modified_at,
                       t.revision + case when t.has_conflict and s.base is null then 0 else 1 end, :run, :at, :at, 'open', {reopens}
                from {staging} s join {table} t on t.row_id = s.row_id
                where s.run_id = :run and s.outcome = 'conflict' and t.org_id = :organisation
                on conflict (sync, entity, row_id, side) where state = 'open' do update
                set kind = excluded.kind, reason = excluded.reason, fields = excluded.fields, theirs = excluded.theirs, theirs_hash = excluded.theirs_hash,
                    theirs_before = case when conflict.theirs_hash = excluded.theirs_hash then conflict.theirs_before else conflict.theirs end,
                    theirs_version = coalesce(excluded.theirs_version, conflict.theirs_version),
                    theirs_modified_on = coalesce(excluded.theirs_modified_on, conflict.theirs_modified_on), ours = excluded.ours,
                    base = excluded.base, row_revision = excluded.row_revision, run_id = excluded.run_id, refreshed_at = excluded.refreshed_at
                where (conflict.theirs_hash, conflict.ours, conflict.row_revision, conflict.theirs_version, conflict.theirs_modified_on) is distinct from
                      (excluded.theirs_hash, excluded.ours, excluded.row_revision, coalesce(excluded.theirs_version, conflict.theirs_version),
                       coalesce(excluded.theirs_modified_on, conflict.theirs_modified_on))""".replace("'{}'", "array[]::text[]").replace("{kind}", kind())
                .replace("{theirs}", "case when not s.gone then s.document end").replace("{theirs_hash}", theirsHash()).replace("{ours}", ours())
                .replace("{reopens}", REOPENS));
    }

    /** What an open conflict shows, in the words of a changed mapping: nobody has changed anything. */
    String remapConflicts() {
        return table.fill("""
                update syncline.conflict c set theirs = s.document, theirs_hash = s.hash, base = s.base, ours = {ours}, fields = coalesce(s.fields, c.fields),
                       row_revision = t.revision + 1, refreshed_at = :at
                from {staging} s join {table} t on t.row_id = s.row_id
                where s.run_id = :run and s.base is not null and s.agrees and s.outcome <> 'conflict' and t.revision = s.revision and t.org_id = :organisation
                  and c.sync = {sync} and c.entity = {entity} and c.row_id = t.row_id and c.side = {side} and c.state = 'open'""".replace("{ours}", ours()));
    }

    String flagConflicts() {
        return table.fill("""
                update {table} t set has_conflict = true, sync_status = 'conflict', revision = t.revision + 1
                from {staging} s
                where s.run_id = :run and s.outcome = 'conflict' and s.base is null and t.row_id = s.row_id and t.org_id = :organisation
                  and not t.has_conflict""");
    }

    /** Nothing new is agreed, and the row says what it said; what was agreed is noted in the words of a changed mapping. */
    String remapAgreements() {
        return table.fill("""
                update {table} t set {side_base} = s.base, {side_hash} = {remapped_hash}, {side_mapping} = :mapping, has_conflict = true,
                       sync_status = 'conflict', revision = t.revision + 1
                from {staging} s
                where s.run_id = :run and s.base is not null and s.agrees and not s.writes and t.row_id = s.row_id and t.revision = s.revision
                  and t.org_id = :organisation"""
                .replace("{remapped_hash}", remappedHash()));
    }

    /** Where the sides agree again by themselves there is nothing left to decide. */
    String settleMoot() {
        return table.fill("""
                update syncline.conflict c set state = 'settled', settled_by = 'both sides agree again', settled_at = :at, settled_how = 'moot'
                from {staging} s join {table} t on t.row_id = s.row_id
                where s.run_id = :run and s.agrees and s.base is null and t.has_conflict
                  and s.outcome in ('unchanged', 'converged', 'echo', 'link', 'update', 'remapped', 'restore', 'delete')
                  and t.revision = s.revision and t.org_id = :organisation
                  and c.sync = {sync} and c.entity = {entity} and c.row_id = t.row_id and c.side = {side} and c.state = 'open'""");
    }

    /** Promise 4: what policy decided is logged with both values. */
    String logSettled() {
        return table.fill("""
                insert into syncline.conflict (sync, entity, organisation, row_id, key, side, kind, reason, fields, base, theirs, ours, theirs_hash,
                      row_revision, run_id, detected_at, refreshed_at, state, settled_by, settled_at, settled_how)
                select {sync}, {entity}, t.org_id, t.row_id, t.{side_id}, {side}, {kind}, s.reason, coalesce(s.fields, array[]::text[]),
                       coalesce(t.{side_base}, t.document), case when not s.gone then s.document end, t.document, {theirs_hash}, t.revision, :run, :at, :at,
                       'settled', 'policy ' || s.settled_by, :at,
                       case when s.outcome in ('unchanged', 'remapped') or s.merged = t.document and s.outcome <> 'delete' then 'ours'
                            when s.merged is null or s.outcome = 'delete' then 'theirs' else 'merged' end
                from {staging} s join {table} t on t.row_id = s.row_id
                where s.run_id = :run and s.settled_by is not null and t.org_id = :organisation and s.outcome <> 'held'"""
                .replace("{kind}", kind()).replace("{theirs_hash}", theirsHash()));
    }

    /**
     * What a repair overwrites is kept with what it is overwritten by, like the loser of a conflict; a value that no document can say is not among it. What a
     * rollback left is in history anyway.
     */
    String keepOverwritten() {
        return table.fill("""
                insert into syncline.conflict (sync, entity, organisation, row_id, key, side, kind, reason, fields, base, theirs, ours, theirs_hash,
                      row_revision, run_id, detected_at, refreshed_at, state, settled_by, settled_at, settled_how)
                select {sync}, {entity}, t.org_id, t.row_id, t.{side_id}, {side}, 'bypassed', s.reason, array[]::text[], t.document,
                       coalesce(s.merged, s.document), coalesce({said}(t), '{}'), coalesce(s.merged_hash, s.hash), t.revision, :run, :at, :at, 'settled',
                       'repair', :at, 'theirs'
                from syncline.run r join {staging} s on s.run_id = r.id join {table} t on t.row_id = s.row_id
                where r.id = :run and r.repair and s.writes and t.revision = s.revision and t.org_id = :organisation
                  and\s""".replace("'{}'", "jsonb_build_object()::text")) + REWRITING + table.fill(" and {problem_of}(t) is not null and ("
                + ComparisonDdl.rolledBack("t") + " is null or {said}(t) is distinct from t.document)");
    }

    /** A deleted row says again what its document says. That is the version that was sealed, so it makes no new one; what it said is kept all the same. */
    String mendDeleted() {
        String fields = table.entity().shape().fields().stream().map(field -> EntityTable.quote(field.name()) + " = " + TimeTravelDdl.typed(field))
                .collect(Collectors.joining(", "));
        String references = table.references().stream().map(field -> ", " + EntityTable.row(field) + " = case when " + TimeTravelDdl.typed(field)
                + " is null then t." + EntityTable.row(field) + " else (select p.row_id from " + table.parent(field).name("table")
                + " p where p.org_id = t.org_id and p." + table.parent(field).name("side_id") + " = (" + TimeTravelDdl.typed(field) + ")::text) end")
                .collect(Collectors.joining());
        return table.fill("""
                with broken as materialized (
                    select t.row_id, t.org_id, t.{side_id}, t.revision, t.document, t.hash, {problem_of}(t) as problem, {said}(t) as said
                    from {table} t
                    where t.org_id = :organisation and\s""" + Unlike.DELETED + """
                     and not exists (select from {staging} s where s.run_id = :run and s.row_id = t.row_id and s.writes)
                    order by t.row_id for no key update),
                kept as (
                    insert into syncline.conflict (sync, entity, organisation, row_id, key, side, kind, reason, fields, base, theirs, ours, theirs_hash,
                          row_revision, run_id, detected_at, refreshed_at, state, settled_by, settled_at, settled_how)
                    select {sync}, {entity}, org_id, row_id, {side_id}, {side}, 'bypassed', 'repaired, deleted: it ' || problem, array[]::text[], document,
                           document, coalesce(said, jsonb_build_object()::text), hash, revision, :run, :at, :at, 'settled', 'repair', :at, 'theirs'
                    from broken)
                update {table} t set\s""") + fields + references + """

                from broken b, lateral (select b.document::jsonb as d offset 0) as parsed where t.row_id = b.row_id""";
    }

    String supersede() {
        return table.fill("""
                insert into {history} (row_id, revision, org_id, {side_id}, from_snapshot, to_snapshot, valid_from, valid_to, deleted, document, hash)
                select t.row_id, t.revision, t.org_id, t.{side_id}, t.snapshot_id, :snapshot, t.valid_from, :at, t.deleted_at is not null, t.document, t.hash
                from {staging} s join {table} t on t.row_id = s.row_id
                where s.run_id = :run and\s""") + REWRITING + " and t.revision = s.revision and t.org_id = :organisation";
    }

    /** A change that agrees to nothing, as a rollback's, leaves all that was agreed with the side as it is: what that showed last is not undone by it. */
    String update() {
        String fields = table.entity().shape().fields().stream().map(field -> {
            String column = EntityTable.quote(field.name());
            return column + " = case when s.writes then s." + EntityTable.staged(field) + " else t." + column + " end, ";
        }).collect(Collectors.joining());
        String references = table.references().stream().map(field -> EntityTable.row(field) + " = case when s.writes then (select p.row_id from "
                + table.parent(field).name("table")
                + " p where p.org_id = :organisation and p." + table.parent(field).name("side_id") + " = s." + EntityTable.staged(field) + "::text) else t."
                + EntityTable.row(field) + " end, ").collect(Collectors.joining());
        return table.fill("update {table} t set ") + fields + references + table.fill("""
                document = case when s.writes then coalesce(s.merged, s.document) else t.document end,
                hash = case when s.writes then coalesce(s.merged_hash, s.hash) else t.hash end,
                {side_id} = case when s.outcome = 'link' then s.key else coalesce(t.{side_id}, s.key) end,
                {side_hash} = case when not s.agrees then t.{side_hash} when s.base is null then {agreed_hash} else {remapped_hash} end,
                {side_version} = case when s.base is null then {agreed_version} else t.{side_version} end,
                {side_modified_on} = case when s.base is null then {agreed_modified} else t.{side_modified_on} end,
                {side_synced_at} = case when s.agrees and s.base is null then :at else t.{side_synced_at} end,
                {side_base} = case when not s.agrees then coalesce(s.document, t.{side_base})
                                   when s.base is not null then s.base
                                   when s.outcome = 'remapped' and t.{side_base} is null then null
                                   when s.merged is not null or s.outcome in ('link', 'remapped') and t.deleted_at is not null then s.document end,
                {side_mapping} = case when s.agrees and s.writes and s.document is not null then :mapping else t.{side_mapping} end,
                has_conflict = s.base is not null,
                sync_status = case when not s.agrees then case when coalesce(s.document, t.{side_base}) is null then 'synced' else 'pending_push' end
                                   when s.base is not null then 'conflict'
                                   when s.outcome = 'remapped' and t.{side_base} is null then 'synced'
                                   when s.merged is not null and not s.gone or s.outcome in ('link', 'remapped') and t.deleted_at is not null
                                       then 'pending_push'
                                   else 'synced' end,
                sync_direction = 'pull',
                deleted_at = case when s.outcome = 'delete' then :at when s.outcome in ('link', 'remapped', 'conflict') then t.deleted_at end,
                deleted_by_side = case when s.outcome = 'delete' then {side} when s.outcome in ('link', 'remapped', 'conflict') then t.deleted_by_side end,
                revision = t.revision + 1, snapshot_id = :snapshot, valid_from = :at
                from {staging} s
                where s.run_id = :run and t.row_id = s.row_id and t.revision = s.revision and t.org_id = :organisation and\s"""
                .replace("{agreed_hash}", theirsHash()).replace("{agreed_version}", agreedMark("version", "{side_version}"))
                .replace("{agreed_modified}", agreedMark("modified_at", "{side_modified_on}")).replace("{remapped_hash}", remappedHash())) + REWRITING;
    }

    /**
     * The content stays; only what was agreed with the side has moved. No history, no snapshot, and nothing at all where it is as it was. A row that a rollback
     * left otherwise than agreed was not edited here, and is not taken for that.
     */
    String touch() {
        return table.fill("""
                update {table} t set {side_hash} = n.hash, {side_version} = n.version, {side_modified_on} = n.modified_at, {side_base} = n.base,
                      {side_mapping} = n.mapping, {side_synced_at} = :at,
                       has_conflict = false, revision = t.revision + 1,
                       sync_status = case when n.base is null or n.hash = {gone} and t2.deleted_at is not null then 'synced' else 'pending_push' end
                from {staging} s join {table} t2 on t2.row_id = s.row_id, lateral (select {agreed_hash}, {agreed_version}, {agreed_modified},
                       case when s.gone and s.outcome = 'converged' then null
                            when t2.{side_base} is null and s.outcome = 'unchanged' and (not s.gone or t2.{side_hash} = {gone}) then null
                            when s.gone and t2.deleted_at is not null then t2.{side_base}
                            when s.gone then coalesce(t2.{side_base}, t2.document)
                            when s.document = t2.document and t2.deleted_at is null then null
                            else s.document end,
                       case when s.gone then t2.{side_mapping} else :mapping end) as n (hash, version, modified_at, base, mapping)
                where s.run_id = :run and s.agrees and s.base is null and not s.writes and s.outcome in ('unchanged', 'echo', 'converged')
                  and t.row_id = t2.row_id and t.revision = s.revision and t.org_id = :organisation
                  and (t.{side_hash}, t.{side_version}, t.{side_modified_on}, t.{side_base}, t.{side_mapping}, t.has_conflict)
                      is distinct from (n.hash, n.version, n.modified_at, n.base, n.mapping, false)"""
                .replace("{gone}", GONE).replace("{agreed_hash}", theirsHash())
                .replace("{agreed_version}", agreedMark("version", "{side_version}").replace("t.", "t2."))
                .replace("{agreed_modified}", agreedMark("modified_at", "{side_modified_on}").replace("t.", "t2.")));
    }

    String create() {
        List<Field> references = table.references();
        String columns = references.stream().map(field -> ", " + EntityTable.row(field)).collect(Collectors.joining());
        StringBuilder parents = new StringBuilder();
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < references.size(); i++) {
            EntityTable parent = table.parent(references.get(i));
            parents.append(" left join ").append(parent.name("table")).append(" p").append(i).append(" on p").append(i)
                    .append(".org_id = :organisation and p").append(i)
                    .append('.').append(parent.name("side_id")).append(" = s.").append(EntityTable.staged(references.get(i))).append("::text");
            found.append(", p").append(i).append(".row_id");
        }
        return table.fill("""
                insert into {table} (org_id, document, hash, {side_id}, {side_hash}, {side_version}, {side_modified_on}, {side_synced_at}, {side_mapping},
                      sync_status, sync_direction, deleted_at, deleted_by_side, snapshot_id, valid_from{fields}""") + columns + table.fill("""
                )
                select :organisation, s.document, s.hash, s.key, {agreed_hash}, s.version, s.modified_at, :at, :mapping, 'synced', 'pull',
                       case when s.gone then :at end, case when s.gone then {side} end, :snapshot, :at{staged}"""
                .replace("{agreed_hash}", theirsHash())) + found + table.fill(" from {staging} s") + parents
                + " where s.run_id = :run and s.outcome = 'create'";
    }

    /** Parents that were not there yet when their child was written, by this publish, by a person, or before the field was declared a reference. */
    List<String> resolve() {
        return new EntityDdl(table).resolve().stream().map(statement -> statement + " and t.org_id = :organisation").toList();
    }

    /**
     * What is set aside is tried again after a while, what is held waits for a person. Another showing of an entry that was due was an attempt; one that
     * says something new begins the count anew, unless a retry brought it: what answers differently each time would be asked for for ever.
     */
    String attention() {
        return table.fill("""
                insert into syncline.attention (sync, entity, organisation, kind, subject, key, row_id, run_id, reason, document, raw, version, modified_at,
                      deleted,
                                                first_seen_at, last_seen_at, next_attempt_at, state)
                select distinct on (s.outcome, coalesce(s.key, t.{side_id}, fingerprint))
                       {sync}, {entity}, :organisation, s.outcome, coalesce(s.key, t.{side_id}, fingerprint), coalesce(s.key, t.{side_id}), s.row_id, :run,
                             s.reason,
                       s.document, s.raw, s.version, s.modified_at, s.gone, :at, :at,
                       case when s.outcome <> 'held' then :at::timestamptz + (:waits::bigint[])[1] * interval '1 millisecond' end, 'open'
                from {staging} s left join {table} t on t.row_id = s.row_id,
                     lateral (select {fingerprint}) as f (fingerprint)
                where s.run_id = :run and s.outcome in ('rejected', 'parked', 'held')
                order by s.outcome, coalesce(s.key, t.{side_id}, fingerprint), s.page desc
                on conflict (sync, entity, organisation, kind, subject) where state = 'open' do update
                set run_id = excluded.run_id, row_id = excluded.row_id, reason = excluded.reason, document = excluded.document, raw = excluded.raw,
                      version = excluded.version,
                    modified_at = excluded.modified_at, deleted = excluded.deleted, last_seen_at = greatest(attention.last_seen_at, excluded.last_seen_at),
                    attempts = case when {news} then 1 when {due} then attention.attempts + 1 else attention.attempts end,
                    next_attempt_at = case when attention.kind = 'held' then null when {news} then excluded.next_attempt_at
                        when {due} then :at::timestamptz + (:waits::bigint[])[attention.attempts + 1] * interval '1 millisecond'
                        else attention.next_attempt_at end"""
                .replace("{fingerprint}", FINGERPRINT).replace("{news}", """
                        (attention.document, attention.raw, attention.version, attention.modified_at, attention.deleted) is distinct from
                        (excluded.document, excluded.raw, excluded.version, excluded.modified_at, excluded.deleted)
                        and not exists (select from syncline.run_record k where k.run_id = :run and k.key = excluded.key and k.requested_by = 'retry')""")
                .replace("{due}", "attention.next_attempt_at <= :at"));
    }

    String hasOpenAttention() {
        return table.fill("select exists (select from syncline.attention where sync = {sync} and entity = {entity} and organisation = :organisation"
                + " and state = 'open')");
    }

    /** Many entries wait, and many records came: nothing is looked up one by one then. */
    String joinsManyToAttention() {
        return table.fill("""
                select (select count(*) from (select from syncline.attention where sync = {sync} and entity = {entity} and organisation = :organisation
                                              and state = 'open' limit 101) a) > 100
                   and (select count(*) from (select from {staging} where run_id = :run limit 1001) s)
                     + (select count(*) from (select from {seen} limit 1001) m) > 1000""".replace("{seen}", SeenRows.ALL));
    }

    /**
     * What a single record's run read before an entry was last seen settles it only where it is the very thing that waited (promise 2).
     *
     * @param many nothing is to be looked up one by one ({@link #joinsManyToAttention})
     */
    String closeAttention(boolean many) {
        return table.fill("""
                with waits as materialized (
                    select a.id, a.kind, a.key, a.row_id, a.document, a.last_seen_at, r.mode <> 'single'
                           or a.last_seen_at < coalesce(r.started_at, r.requested_at) as is_older
                    from syncline.attention a join syncline.run r on r.id = :run
                    where a.sync = {sync} and a.entity = {entity} and a.organisation = :organisation and a.state = 'open'),
                named as materialized (
                    select w.id, t.row_id, t.{side_synced_at} > w.last_seen_at as is_read_since
                    from waits w join {table} t on t.org_id = :organisation and t.{side_id} = w.key),
                came as materialized (
                    select w.id, s.outcome, s.outcome <> 'stale' and s.document = w.document as is_same
                    from waits w join {staging} s on s.run_id = :run and s.key = w.key
                    union all
                    select w.id, s.outcome, false from waits w join {staging} s on s.run_id = :run and s.row_id = w.row_id
                    union all
                    select n.id, s.outcome, false from named n join {staging} s on s.run_id = :run and s.row_id = n.row_id),
                verdict as materialized (
                    select w.id, bool_or(c.outcome = w.kind) as stays, bool_or(c.outcome not in ('stale', 'moved', 'held')) as goes,
                           bool_or(c.is_same) as is_same
                    from came c join waits w on w.id = c.id group by w.id),
                again as {again},
                shown as materialized (
                    select n.id from named n join again k on k.row_id = n.row_id
                         left join {staging} s on s.run_id = :run and s.row_id = k.row_id and s.page = k.page and s.outcome = 'stale'
                    where s.run_id is null),
                gone as materialized (
                    select w.id from waits w join {table} t on t.row_id = w.row_id where w.kind = 'held' and t.deleted_at is not null
                    union all
                    select w.id from waits w join named n on n.id = w.id where w.kind = 'parked' and n.is_read_since),
                over as materialized (
                    select w.id from waits w left join verdict v on v.id = w.id
                    where v.stays is not true and (w.is_older or v.is_same)
                      and (v.goes or w.id in (select id from shown) or w.id in (select id from gone)))
                update syncline.attention a set state = 'closed', closed_at = :at, closed_how = 'run ' || :run || ' brought it through'
                from over o where a.id = o.id and a.state = 'open'""".replace("{again}", SeenRows.once(many, "select row_id from named")));
    }

    /** What the side shows; an agreed deletion has the empty hash, which no document has. */
    private static String theirsHash() {
        return "case when s.gone then " + GONE + " else s.hash end";
    }

    /** A mark that the side did not tell this time has not moved; those of a record that was linked are its own. */
    private static String agreedMark(String staged, String column) {
        return "case when s.outcome = 'link' then s." + staged + " else coalesce(s." + staged + ", t." + column + ") end";
    }

    /** What the row says when the publish is through. */
    private static String ours() {
        return "case when s.writes then coalesce(s.merged, s.document) else t.document end";
    }

    /** That a deletion was agreed has nothing to do with any mapping. */
    private static String remappedHash() {
        return "case when t.{side_hash} = " + GONE + " then t.{side_hash} else sha256(convert_to(s.base, 'UTF8')) end";
    }

    private static String kind() {
        return "case when s.gone then 'deleted-there' when t.deleted_at is not null and t.deleted_by_side = 'local' then 'deleted-here'"
                + " else 'changed-both' end";
    }
}

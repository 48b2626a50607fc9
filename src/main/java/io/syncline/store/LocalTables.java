package io.syncline.store;

import io.syncline.config.LocalTable;
import io.syncline.config.SyncConfig;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Promise 18: makes the tables that a sync declares under {@code localTables}. They have no sync columns, and nothing but an import ever names them;
 * a row outlives the soft deletion of its record. A new field becomes a column; what could lose data is refused with the statement a person may run.
 */
@Component
public class LocalTables {
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    public LocalTables(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /**
     * After the tables of the entities.
     *
     * @throws RefusedMigration when something declared would lose data; then nothing at all was changed
     * @throws UnusableDatabase when the tables are another role's, or somebody keeps them locked
     */
    public void migrate(SyncConfig sync) {
        if (sync.localTables().isEmpty()) {
            return;
        }
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.execute("set local lock_timeout = '" + Hindrance.PATIENCE + "'");
                jdbc.execute("lock table syncline.local_table in share row exclusive mode");
                List<String> refusals = new ArrayList<>();
                sync.localTables().forEach(table -> bringInLine(sync, table, refusals));
                if (!refusals.isEmpty()) {
                    throw new RefusedMigration(sync.name(), refusals);
                }
            });
        } catch (DataAccessException e) {
            throw Hindrance.behind(e, jdbc);
        }
    }

    /** The quoted name of a local table. */
    public static String name(SyncConfig sync, LocalTable table) {
        return EntityTable.quote(sync.name()) + "." + EntityTable.quote(table.name());
    }

    /** The column that holds the row id of the record that a row belongs to. */
    public static String record(LocalTable table) {
        return EntityTable.quote(table.references() + "_row");
    }

    private void bringInLine(SyncConfig sync, LocalTable table, List<String> refusals) {
        List<String> made = statements(sync, table);
        String generated = Digests.hex((String.join("\n", made) + String.join("\n", belonging(sync, table))).getBytes(StandardCharsets.UTF_8));
        boolean asBefore = Boolean.TRUE.equals(jdbc.queryForObject("""
                select exists (select from syncline.local_table where sync = ? and local_name = ? and generated = decode(?, 'hex'))""", Boolean.class,
                sync.name(), table.name(), generated));
        Map<String, String> there = EntityTables.columns(jdbc, name(sync, table));
        if (asBefore && !there.isEmpty()) {
            return;
        }
        if (there.isEmpty()) {
            made.forEach(jdbc::execute);
        } else {
            int before = refusals.size();
            List<String> added = new ArrayList<>();
            table.fields().forEach((field, type) -> {
                String declared = EntityTables.shown(type.columnType());
                if (!there.containsKey(field)) {
                    added.add("alter table " + name(sync, table) + " add column " + EntityTable.quote(field) + " " + type.columnType());
                } else if (!there.get(field).equals(declared)) {
                    refusals.add("  " + sync.name() + "." + table.name() + "." + field + " is " + there.get(field) + " and is declared as " + type.word()
                            + ". Declare it as it is, or convert it:\n    alter table " + name(sync, table) + " alter column " + EntityTable.quote(field)
                            + " type " + type.columnType() + " using " + EntityTable.quote(field) + "::" + type.columnType() + ";");
                }
            });
            if (!there.containsKey("imported") || !there.containsKey(table.references() + "_row")) {
                refusals.add("  " + sync.name() + "." + table.name() + " is a table that somebody else made. Rename it, or choose another name:"
                        + "\n    alter table " + name(sync, table) + " rename to " + EntityTable.quote(table.name() + "_own") + ";");
            } else if (!isKeyAsBefore(sync, table)) {
                refusals.add("  " + sync.name() + "." + table.name() + " tells its rows apart by another key than is declared. Declare the old one, or change"
                        + " it:\n    alter table " + name(sync, table) + " drop constraint " + EntityTable.quote(table.name() + "_by_key") + ", add constraint "
                        + EntityTable.quote(table.name() + "_by_key") + " unique (" + key(table) + ");");
            }
            if (refusals.size() > before) {
                return;
            }
            added.forEach(jdbc::execute);
        }
        belonging(sync, table).forEach(jdbc::execute);
        jdbc.query("select syncline.confine(" + EntityTable.literal(name(sync, table)) + ", 'org_id')", row -> { });
        jdbc.update("""
                insert into syncline.local_table (sync, local_name, fields, generated) values (?, ?, ?::jsonb, decode(?, 'hex'))
                on conflict (sync, local_name) do update set fields = excluded.fields, generated = excluded.generated""", sync.name(), table.name(),
                json(table), generated);
        jdbc.query("select syncline.let_read(role) from syncline.reader", row -> { });
    }

    private boolean isKeyAsBefore(SyncConfig sync, LocalTable table) {
        return jdbc.queryForList("""
                select string_agg(quote_ident(a.attname), ', ' order by k.place) from pg_constraint c, unnest(c.conkey) with ordinality as k (number, place),
                       pg_attribute a
                where c.conrelid = to_regclass(?) and c.conname = ? and a.attrelid = c.conrelid and a.attnum = k.number""", String.class, name(sync, table),
                table.name() + "_by_key").stream().anyMatch(columns -> columns != null && columns.replace("\"", "").equals(key(table).replace("\"", "")));
    }

    private static String key(LocalTable table) {
        return "org_id, " + table.key().stream().map(EntityTable::quote).collect(Collectors.joining(", "));
    }

    private static List<String> statements(SyncConfig sync, LocalTable table) {
        String name = name(sync, table);
        String fields = table.fields().entrySet().stream().map(field -> "                    " + EntityTable.quote(field.getKey()) + " "
                + field.getValue().columnType() + (table.key().contains(field.getKey()) ? " not null" : "") + ",\n").collect(Collectors.joining());
        String entity = new EntityTable(sync, sync.entity(table.references())).name("table");
        return List.of("""
                create table {name} (
                    row_id bigint generated always as identity primary key,
                    org_id text not null default 'default' check (org_id <> ''),
                    {record} bigint not null references {entity},
                {fields}    source text,
                    imported jsonb,
                    valid_since timestamptz not null default clock_timestamp(),
                    ended_at timestamptz,
                    constraint {by_key} unique ({key}),
                    check ((source is null) = (imported is null))
                )""".replace("{name}", name).replace("{record}", record(table)).replace("{entity}", entity).replace("{fields}", fields)
                .replace("{by_key}", EntityTable.quote(table.name() + "_by_key")).replace("{key}", key(table)),
                "create index on " + name + " (" + record(table) + ")",
                "comment on table " + name + " is 'Yours: no sync reads or writes it. Add rows and columns as you like; an import fills what it made itself.'",
                "comment on column " + name + ".source is 'Which supplier''s file the row came from; null for rows that people made.'",
                "comment on column " + name + ".imported is 'What the supplier''s file said last.'",
                "comment on column " + name + ".valid_since is 'Since when the row says what it says, as far as an import changed it.'",
                "comment on column " + name + ".ended_at is 'Since when the supplier lists it no longer.'");
    }

    /**
     * Promise 29: a row belongs to a record of its own organisation. Looked at as whoever writes, who sees no other's: a record of another organisation is
     * answered like one that does not exist.
     */
    private static List<String> belonging(SyncConfig sync, LocalTable table) {
        EntityTable entity = new EntityTable(sync, sync.entity(table.references()));
        String function = EntityTable.quote(sync.name()) + "." + EntityTable.quote(table.name() + "_belongs");
        return List.of("""
                create or replace function {function}() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
                begin
                    if new.{record} is not null and not exists (select from {entity} e where e.row_id = new.{record} and e.org_id = new.org_id) then
                        raise exception 'there is no row % of {entity_name}', new.{record} using errcode = 'foreign_key_violation',
                            hint = 'Name a record of the same organisation by its row_id.';
                    end if;
                    return new;
                end $$""".replace("{function}", function).replace("{record}", record(table)).replace("{entity}", entity.name("table"))
                .replace("{entity_name}", entity.toString().replace("%", "%%").replace("'", "''")),
                "create or replace trigger belongs before insert or update of org_id, " + record(table) + " on " + name(sync, table)
                        + " for each row execute function " + function + "()");
    }

    private static String json(LocalTable table) {
        return table.fields().entrySet().stream().map(field -> '"' + field.getKey() + "\":\"" + field.getValue().word() + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }
}

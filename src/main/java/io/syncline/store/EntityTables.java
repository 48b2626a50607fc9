package io.syncline.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;
import io.syncline.record.SideMapping;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes and migrates the tables of a sync from its declared fields. Runs at start only, never inside a run; several processes starting at once take turns.
 * A new field becomes a column and a wider type is taken in place; what could lose data is refused with the statement a person may run.
 */
@Component
public class EntityTables {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Mappings mappings;

    public EntityTables(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.mappings = new Mappings(jdbc);
    }

    /**
     * @throws RefusedMigration when something declared would lose data; then nothing at all was changed
     * @throws UnusableDatabase when the tables are another role's, or somebody keeps them locked
     */
    public void migrate(SyncConfig sync) {
        try {
            transaction.executeWithoutResult(status -> bringInLine(sync));
        } catch (DataAccessException e) {
            throw Hindrance.behind(e, jdbc);
        }
    }

    private void bringInLine(SyncConfig sync) {
        refuseOthers(sync);
        jdbc.execute("set local lock_timeout = '" + Hindrance.PATIENCE + "'");
        jdbc.execute("set local syncline.publishing = 'on'");
        jdbc.execute("lock table syncline.entity in share row exclusive mode");
        jdbc.execute("create schema if not exists " + EntityTable.quote(sync.name()));
        List<String> refusals = new ArrayList<>();
        List<EntityTable> changed = new ArrayList<>();
        for (EntityConfig entity : sync.entities()) {
            EntityTable table = new EntityTable(sync, entity);
            List<String> collisions = collisions(table);
            collisions.addAll(renamedSide(table));
            collisions.addAll(changedKey(table));
            refusals.addAll(collisions);
            boolean remapped = collisions.isEmpty() && mappings.keep(sync, entity, fieldsBefore(table));
            if (remapped) {
                new EntityDdl(table).staging().forEach(jdbc::execute);
            }
            if (collisions.isEmpty() && !generated(table).equals(remembered(table, "encode(generated, 'hex')", ""))) {
                columns(table, refusals);
                changed.add(table);
            }
        }
        if (!refusals.isEmpty()) {
            throw new RefusedMigration(sync.name(), refusals);
        }
        changed.forEach(table -> new EntityDdl(table).references().forEach(jdbc::execute));
        changed.forEach(this::functions);
        changed.forEach(table -> new EntityDdl(table).resolve().forEach(jdbc::execute));
    }

    /** Row-level security hides rows from everybody but the owner: to anybody else, tables full of rows would look empty, and everything like a new record. */
    private void refuseOthers(SyncConfig sync) {
        List<String> hidden = jdbc.queryForList("""
                select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname in ('syncline', ?) and c.relrowsecurity and row_security_active(c.oid) order by 1 limit 5""", String.class, sync.name());
        if (!hidden.isEmpty()) {
            throw new UnusableDatabase("The tables " + String.join(", ", hidden) + " belong to another database role, which hides their rows from ours. Connect"
                    + " as their owner, or run as a superuser: reassign owned by <owner> to <our role>.");
        }
    }

    private List<String> collisions(EntityTable table) {
        List<String> own = new EntityDdl(table).ownColumns();
        return table.entity().shape().fields().stream().map(field -> EntityTable.quote(field.name())).filter(own::contains)
                .map(field -> "  " + table + ": a field cannot be called " + field + ", Syncline has a column of that name. Give it another name.")
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private List<String> renamedSide(EntityTable table) {
        String side = table.sync().side();
        String before = remembered(table, "side", side);
        return before.equals(side) ? List.of() : List.of("  " + table + " was made for the side " + before + ", and its columns are named after it: "
                + before + "_id and the like. Write side: " + before + " again; what people see is the sync's title.");
    }

    /** Rows are found by what their key said; by another key every record would come as a new one, and every row be taken for deleted. */
    private List<String> changedKey(EntityTable table) {
        String now = table.entity().mapping().fingerprint().get(SideMapping.KEY);
        String before = mappings.lastKey(table.sync(), table.entity()).orElse(now);
        if (before.equals(now) || !hasAgreed(table)) {
            return List.of();
        }
        return List.of("  " + table + " finds its rows by the key " + before + " and is declared with " + now
                + ", so every record would come as a new one beside its row. Write the old key again, or declare another entity for the new one. Should "
                + now + " say the same as " + before + " did, with another name:\n    update syncline.mapping set fields = jsonb_set(fields, '{(key)}', "
                + EntityTable.literal("\"" + now + "\"") + ") where sync = " + EntityTable.literal(table.sync().name()) + " and entity = "
                + EntityTable.literal(table.entity().name()) + ";");
    }

    private boolean hasAgreed(EntityTable table) {
        return !actual(table).isEmpty() && Boolean.TRUE.equals(jdbc.queryForObject(
                table.fill("select exists (select from {table} where {side_id} is not null)"), Boolean.class));
    }

    private void columns(EntityTable table, List<String> refusals) {
        Map<String, String> there = actual(table);
        EntityDdl ddl = new EntityDdl(table);
        if (there.isEmpty()) {
            ddl.create().forEach(jdbc::execute);
        } else {
            Map<String, String> before = fieldsBefore(table);
            List<String> statements = new ArrayList<>();
            if (!there.containsKey(table.sync().side() + "_mapping")) {
                statements.addAll(ddl.firstMapping());
            }
            table.entity().shape().fields().forEach(field -> column(table, field, there.get(field.name()), before.containsKey(field.name()), statements,
                    refusals));
            before.keySet().stream().filter(field -> table.entity().shape().position(field) < 0 && there.containsKey(field))
                    .forEach(field -> refusals.add(removed(table, field)));
            if (!refusals.isEmpty()) {
                return;
            }
            new TimeTravelDdl(table).drop().forEach(jdbc::execute);
            statements.forEach(jdbc::execute);
        }
        ddl.staging().forEach(jdbc::execute);
    }

    private static void column(EntityTable table, Field field, String type, boolean ours, List<String> statements, List<String> refusals) {
        String column = EntityTable.quote(field.name());
        String alter = "alter table " + table.name("table");
        if (type == null) {
            statements.add(alter + " add column " + column + " " + field.type().columnType());
            statements.add(new EntityDdl(table).takenBack(field));
        } else if (!ours) {
            refusals.add("  " + table + "." + field.name()
                    + " is declared, but the table has a column of that name which belongs to people. Rename it first:\n    "
                    + alter + " rename column " + column + " to " + EntityTable.quote(field.name() + "_local") + ";");
        } else if (!type.equals(shown(field.type().columnType()))) {
            String using = EntityDdl.widening(type, field);
            String change = alter + " alter column " + column + " type " + field.type().columnType() + " using ";
            if (using != null) {
                statements.add(change + using);
            } else {
                refusals.add("  " + table + "." + field.name() + " is " + type + " and is declared as " + field.type().word() + ", which cannot hold every "
                        + type
                        + ". To convert what is there:\n    drop view " + table.name("live") + "; " + change + converted(type, field) + ";");
            }
        }
    }

    /** What a person may decide for, though it may lose something or fail on some rows. */
    private static String converted(String from, Field to) {
        String column = EntityTable.quote(to.name());
        boolean number = from.equals("bigint") || from.equals("numeric");
        return switch (to.type()) {
            case BOOLEAN -> number ? column + " <> 0" : column + "::text::boolean";
            case INTEGER -> from.equals("boolean") ? column + "::int::bigint" : number ? "round(" + column + ")::bigint" : column + "::text::bigint";
            case DECIMAL -> from.equals("boolean") ? column + "::int::numeric" : column + "::text::numeric";
            default -> column + "::text::" + to.type().columnType();
        };
    }

    private static String removed(EntityTable table, String field) {
        String alter = "alter table " + table.name("table");
        return "  " + table + "." + field + " is no longer declared. Declare it again, or keep its values as a column of your own:\n    "
                + alter + " rename column " + EntityTable.quote(field) + " to " + EntityTable.quote(field + "_kept")
                        + ";\n  or drop them for ever:\n    drop view "
                + table.name("live") + "; " + alter + " drop column " + EntityTable.quote(field) + ";";
    }

    private void functions(EntityTable table) {
        TimeTravelDdl timeTravel = new TimeTravelDdl(table);
        timeTravel.drop().forEach(jdbc::execute);
        timeTravel.create(actual(table).keySet().stream().map(EntityTable::quote).toList()).forEach(jdbc::execute);
        new EditTriggerDdl(table, owner(table)).create().forEach(jdbc::execute);
        jdbc.execute(new ProblemsDdl(table).create());
        jdbc.execute(new ComparisonDdl(table).said());
        jdbc.execute(new ComparisonDdl(table).problem());
        jdbc.update("""
                insert into syncline.entity (sync, entity, side, fields, generated) values (?, ?, ?, ?::jsonb, decode(?, 'hex'))
                on conflict (sync, entity) do update set side = excluded.side, fields = excluded.fields, generated = excluded.generated""",
                table.sync().name(), table.entity().name(), table.sync().side(), json(table), generated(table));
        new EntityDdl(table).confinement().forEach(statement -> jdbc.query(statement, row -> { }));
    }

    /** A fingerprint of everything that would be made, so that a start that has nothing to do locks nothing. */
    private String generated(EntityTable table) {
        EntityDdl ddl = new EntityDdl(table);
        TimeTravelDdl timeTravel = new TimeTravelDdl(table);
        List<String> all = new ArrayList<>(ddl.create());
        all.addAll(ddl.staging());
        all.addAll(ddl.references());
        all.addAll(timeTravel.create(List.of()));
        all.addAll(new EditTriggerDdl(table, owner(table)).create());
        all.addAll(ddl.confinement());
        all.add(new ProblemsDdl(table).create());
        all.add(new ComparisonDdl(table).said());
        all.add(new ComparisonDdl(table).problem());
        return Digests.hex(String.join("\n", all).getBytes(StandardCharsets.UTF_8));
    }

    private String owner(EntityTable table) {
        return jdbc.queryForObject("select coalesce((select pg_get_userbyid(relowner) from pg_class where oid = to_regclass(?)), current_user)", String.class,
                table.name("table"));
    }

    private Map<String, String> fieldsBefore(EntityTable table) {
        try {
            Map<String, String> fields = new LinkedHashMap<>();
            JSON.readTree(remembered(table, "fields::text", "{}")).fields().forEachRemaining(field -> fields.put(field.getKey(), field.getValue().asText()));
            return fields;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("syncline.entity holds no JSON for " + table, e);
        }
    }

    private String remembered(EntityTable table, String what, String otherwise) {
        return jdbc.queryForList("select " + what + " from syncline.entity where sync = ? and entity = ?", String.class, table.sync().name(),
                table.entity().name())
                .stream().findFirst().orElse(otherwise);
    }

    private static String json(EntityTable table) {
        Map<String, String> fields = new LinkedHashMap<>();
        table.entity().shape().fields().forEach(field -> fields.put(field.name(), field.type().word()));
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The columns that the table has now, in order, with their types; empty when there is no table. */
    private Map<String, String> actual(EntityTable table) {
        return columns(jdbc, table.name("table"));
    }

    static Map<String, String> columns(JdbcTemplate jdbc, String table) {
        Map<String, String> columns = new LinkedHashMap<>();
        jdbc.query("""
                select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a
                where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped order by a.attnum""",
                row -> { columns.put(row.getString(1), row.getString(2)); }, table);
        return columns;
    }

    static String shown(String columnType) {
        return columnType.equals("timestamptz") ? "timestamp with time zone" : columnType;
    }
}

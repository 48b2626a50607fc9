package bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tables of the limit program, in a schema of their own: {@code current}, {@code history} with superseded versions only, {@code run} and an unlogged
 * {@code staging}. {@code typed} ones have a column for each field beside the document, as the product's have; the others the document alone.
 */
final class LimitTables {
    private final String schema;
    private final boolean typed;

    LimitTables(String schema, boolean typed) {
        this.schema = schema;
        this.typed = typed;
    }

    void create(Connection connection) throws SQLException {
        execute(connection, "drop schema if exists " + schema + " cascade", "create schema " + schema,
                "create table " + schema + ".run (number bigint generated always as identity primary key, at timestamptz not null default now())",
                "create table " + schema + ".current (id bigint primary key, modified_on timestamptz, hash bytea not null, document text not null"
                        + declared(true) + ", revision integer not null default 1, run bigint not null, deleted_at timestamptz) with (fillfactor = 90)",
                "create table " + schema + ".history (id bigint, revision integer, from_run bigint not null, to_run bigint not null, deleted boolean not null, "
                        + "hash bytea not null, document text not null, primary key (id, revision))",
                "create unlogged table " + schema + ".staging (id bigint, modified_on timestamptz, hash bytea, document text" + declared(true) + ")");
    }

    String copy() {
        return "copy " + schema + ".staging from stdin binary";
    }

    String lookUp() {
        return "select id, hash, deleted_at is not null from " + schema + ".current where id = any (?)";
    }

    String all() {
        return "select id, hash from " + schema + ".current where deleted_at is null";
    }

    String live() {
        return "select count(*) from " + schema + ".current where deleted_at is null";
    }

    boolean isEmpty(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("select from " + schema + ".current limit 1")) {
            return !row.next();
        }
    }

    /** In the transaction in which all of it becomes true. */
    long newRun(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("insert into " + schema + ".run default values returning number")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** One row, whose staged row is taken away again; nobody has to know how many there are. */
    void mergeOne(Connection connection, long run) throws SQLException {
        update(connection, run);
        execute(connection, "delete from " + schema + ".staging");
    }

    void merge(Connection connection, long run, boolean wasEmpty) throws SQLException {
        String columns = "id, modified_on, hash, document" + declared(false);
        if (wasEmpty) {
            execute(connection, "insert into " + schema + ".current (" + columns + ", run) select " + columns + ", " + run + " from " + schema + ".staging");
            return;
        }
        execute(connection, "analyze " + schema + ".staging");
        update(connection, run);
    }

    private void update(Connection connection, long run) throws SQLException {
        String columns = "id, modified_on, hash, document" + declared(false);
        StringBuilder set = new StringBuilder("modified_on = s.modified_on, hash = s.hash, document = s.document");
        for (int i = 0; typed && i < Page.FIELDS.length; i++) {
            set.append(", ").append(Page.FIELDS[i]).append(" = s.").append(Page.FIELDS[i]);
        }
        execute(connection, history(run) + " join " + schema + ".staging s using (id)",
                "update " + schema + ".current c set " + set + ", revision = c.revision + 1, run = " + run + ", deleted_at = null from " + schema
                        + ".staging s where c.id = s.id",
                "insert into " + schema + ".current (" + columns + ", run) select " + columns + ", " + run + " from " + schema
                        + ".staging s where not exists (select from " + schema + ".current c where c.id = s.id)");
    }

    /** What is gone stays as a row that says so. */
    void delete(Connection connection, long run, Long[] gone) throws SQLException {
        for (String sql : new String[] {history(run) + " where c.id = any (?)",
            "update " + schema + ".current set revision = revision + 1, run = " + run + ", deleted_at = now() where id = any (?)"}) {
            try (var statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("bigint", gone));
                statement.executeUpdate();
            }
        }
    }

    void emptyStaging(Connection connection) throws SQLException {
        execute(connection, "truncate " + schema + ".staging");
    }

    private String history(long run) {
        return "insert into " + schema + ".history select c.id, c.revision, c.run, " + run + ", c.deleted_at is not null, c.hash, c.document from " + schema
                + ".current c";
    }

    private String declared(boolean withTypes) {
        StringBuilder declared = new StringBuilder();
        for (int i = 0; typed && i < Page.FIELDS.length; i++) {
            declared.append(", ").append(Page.FIELDS[i]).append(withTypes ? " " + Page.COLUMNS[i] : "");
        }
        return declared.toString();
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}

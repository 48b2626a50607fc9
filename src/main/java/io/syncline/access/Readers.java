package io.syncline.access;

import org.postgresql.util.PasswordUtil;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Database roles of people and tools that read by SQL. PostgreSQL itself confines them: row-level security shows a role the rows of the organisation that it
 * is entered with in {@code syncline.reader}, in tables, views, history and as-of functions alike.
 */
final class Readers {
    private static final Pattern ROLE = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern ORGANISATION = Pattern.compile("[a-z0-9][a-z0-9_-]{0,39}");
    /** What a reader begins with: a transaction that is forgotten would keep tables from being changed at a start, and old rows from being cleared away. */
    private static final List<String> HABITS = List.of("default_transaction_read_only = on", "statement_timeout = '10min'",
            "idle_in_transaction_session_timeout = '5min'");
    private static final String NOT_ALLOWED = "42501";

    private final JdbcClient database;
    private final TransactionTemplate transaction;

    Readers(JdbcClient database, TransactionTemplate transaction) {
        this.database = database;
        this.transaction = transaction;
    }

    /** What the server gets to see of the password, also in its log, is what it stores: a verifier that opens nothing. */
    ReaderLogin make(String role, String organisation, String by) {
        check(role, organisation);
        String password = Letters.random(Letters.SECRET);
        try {
            transaction.executeWithoutResult(status -> {
                if (exists(role)) {
                    throw new NameTaken(role);
                }
                run("create role %s login noinherit connection limit 20 password '%s'"
                        .formatted(quoted(role), PasswordUtil.encodeScramSha256(password.toCharArray())));
                HABITS.forEach(habit -> run("alter role " + quoted(role) + " set " + habit));
                letRead(role, organisation, by);
                database.sql("update syncline.reader set made = (select oid from pg_roles where rolname = role) where role = ?::name").param(role).update();
            });
        } catch (DataAccessException e) {
            if (e.getRootCause() instanceof SQLException refused && NOT_ALLOWED.equals(refused.getSQLState())) {
                throw new UnfitReader("The database role that Syncline connects with may not make roles. Let a database administrator run"
                        + " \"create role " + role + " login\" and set its password, then confine that role.");
            }
            throw e;
        }
        return new ReaderLogin(role, organisation, password);
    }

    void confine(String role, String organisation, String by) {
        check(role, organisation);
        transaction.executeWithoutResult(status -> {
            if (!exists(role)) {
                throw new UnfitReader("The database has no role " + role + ". Make it first, or have Syncline make one.");
            }
            boolean seesAll = database.sql("""
                    select r.rolsuper or r.rolbypassrls
                           or exists (select from pg_class c where c.oid = 'syncline.run'::regclass and pg_has_role(r.oid, c.relowner, 'member'))
                    from pg_roles r where r.rolname = ?""").param(role).query(Boolean.class).single();
            if (seesAll) {
                throw new UnfitReader("The role " + role + " is a superuser, owns the tables or is exempt from row-level security, so it sees every"
                        + " organisation. Take another role.");
            }
            letRead(role, organisation, by);
        });
    }

    /** A role that was made otherwise may be there for more than reading what we keep: it loses its rights and stays. */
    Dropped drop(String role, String by) {
        return transaction.execute(status -> {
            database.sql("select set_config('syncline.actor', ?, true)").param(by).query(row -> { });
            boolean ours = database.sql("""
                    select exists (select from syncline.reader e join pg_roles r on r.oid = e.made and r.rolname = e.role where e.role = ?::name)""")
                    .param(role).query(Boolean.class).single();
            if (database.sql("delete from syncline.reader where role = ?::name").param(role).update() == 0) {
                return Dropped.NOTHING;
            }
            if (!exists(role)) {
                return Dropped.ROLE;
            }
            database.sql("select syncline.stop_reading(?::name)").param(role).query(row -> { });
            if (ours) {
                run("drop role " + quoted(role));
            }
            return ours ? Dropped.ROLE : Dropped.RIGHTS;
        });
    }

    List<ReaderLogin> list() {
        return database.sql("select role, organisation from syncline.reader order by role")
                .query((row, number) -> new ReaderLogin(row.getString("role"), row.getString("organisation"), null)).list();
    }

    private void letRead(String role, String organisation, String by) {
        database.sql("""
                insert into syncline.reader (role, organisation, created_by) values (?::name, ?, ?)
                on conflict (role) do update set organisation = excluded.organisation, created_by = excluded.created_by""")
                .params(role, organisation, by).update();
        database.sql("select syncline.let_read(?::name)").param(role).query(row -> { });
    }

    private boolean exists(String role) {
        return database.sql("select exists (select from pg_roles where rolname = ?)").param(role).query(Boolean.class).single();
    }

    private void run(String statement) {
        database.sql(statement).update();
    }

    /** A role cannot be a parameter. */
    private static String quoted(String role) {
        return '"' + role.replace("\"", "\"\"") + '"';
    }

    private static void check(String role, String organisation) {
        if (!ROLE.matcher(role).matches() || role.startsWith("pg_")) {
            throw new UnfitReader("\"" + role + "\" is not a name for a reader. Write up to 63 lower-case letters, digits and _, beginning with a letter.");
        }
        if (!ORGANISATION.matcher(organisation).matches()) {
            throw new UnfitReader("\"" + organisation + "\" is not the name of an organisation. Write lower-case letters, digits, _ and -.");
        }
    }
}

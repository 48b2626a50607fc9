package io.syncline.store;

import org.springframework.jdbc.core.JdbcTemplate;

import java.sql.SQLException;
import java.util.List;

/** Who keeps tables from being made or changed at a start: mostly somebody who reads in a transaction that is left open. */
final class Hindrance {
    /** How long a start waits for somebody else's transaction, as PostgreSQL writes it. */
    static final String PATIENCE = "10s";

    private static final String LOCKED = "55P03";

    private Hindrance() {
    }

    /** What is to be said of a failure: the failure itself where no lock is behind it. */
    static RuntimeException behind(RuntimeException failure, JdbcTemplate jdbc) {
        return isLocked(failure) ? new UnusableDatabase("Its tables have to be changed for this version or configuration, and somebody keeps them locked: "
                + holders(jdbc) + ". End that, for example with select pg_terminate_backend(…), and start again.", failure) : failure;
    }

    private static boolean isLocked(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCKED.equals(sql.getSQLState()) || String.valueOf(cause.getMessage()).contains("advisory lock")) {
                return true;
            }
        }
        return false;
    }

    /** What is another role's PostgreSQL shows by its process and name only. */
    private static String holders(JdbcTemplate jdbc) {
        List<String> holders = jdbc.queryForList("""
                select 'process ' || a.pid || ' of the role ' || a.usename || coalesce(' (' || nullif(a.application_name, '') || ')', '')
                       || coalesce(', in a transaction since ' || date_trunc('second', a.xact_start), '')
                from pg_stat_activity a where a.pid <> pg_backend_pid() and exists (
                    select from pg_locks l left join pg_class c on c.oid = l.relation where l.pid = a.pid and l.granted
                      and l.database = (select oid from pg_database where datname = current_database())
                      and (l.locktype = 'advisory' or c.relnamespace <> 'pg_catalog'::regnamespace))
                order by a.xact_start nulls last limit 5""", String.class);
        return holders.isEmpty() ? "it has let go meanwhile" : String.join("; ", holders);
    }
}

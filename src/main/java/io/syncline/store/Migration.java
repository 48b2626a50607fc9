package io.syncline.store;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import java.util.List;

/**
 * Brings the product's own tables up to this version before anything else is done with the database, and sees that nobody who only reads can hold up a start.
 * In a PostgreSQL of the product's own, advisory locks are taken from everybody else; in another one that is its administrator's to do.
 */
@Component
class Migration implements FlywayMigrationStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);

    private final HikariDataSource pool;
    private final JdbcTemplate jdbc;
    private final boolean ours;

    @Autowired
    Migration(HikariDataSource pool, ObjectProvider<EmbeddedDatabase> embedded) {
        this(pool, embedded.getIfAvailable() != null);
    }

    Migration(HikariDataSource pool, boolean ours) {
        this.pool = pool;
        this.jdbc = new JdbcTemplate(pool);
        this.ours = ours;
    }

    /** @throws UnusableDatabase when somebody keeps locked what has to be changed */
    @Override
    public void migrate(Flyway flyway) {
        List<String> anybodys = jdbc.queryForList("""
                select oid::regprocedure::text from pg_proc
                where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^pg_(try_)?advisory_' and has_function_privilege('public', oid, 'execute')""",
                String.class);
        if (ours && !anybodys.isEmpty()) {
            jdbc.execute("revoke execute on function " + String.join(", ", anybodys) + " from public");
        }
        try {
            // On connections of its own, so that what is set for them stays with none of the pool's.
            Flyway.configure().configuration(flyway.getConfiguration()).dataSource(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword())
                    .initSql("set lock_timeout = '" + Hindrance.PATIENCE + "'").load().migrate();
        } catch (FlywayException e) {
            throw Hindrance.behind(e, jdbc);
        }
        if (!ours && !anybodys.isEmpty() && jdbc.queryForObject("select count(*) from syncline.reader", Integer.class) > 0) {
            LOG.warn("Whoever reads this database by SQL may take advisory locks in it, and with them keep Syncline from starting or fill PostgreSQL's table of"
                    + " locks. Have a superuser run what docs/operate.md says under \"Readers by SQL\"");
        }
    }
}

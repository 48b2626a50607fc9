package io.syncline.run;

import io.syncline.config.EntityConfig;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What sources gave with their last pages to tell later changes from, one beside each watermark. Such a cursor is the source's own and may be a key to its
 * data, so it is told nobody and shown nowhere (promise 28).
 */
@Component
class Cursors {
    private final JdbcClient sql;

    Cursors(JdbcClient sql) {
        this.sql = sql;
    }

    /** The cursor of the entity's watermark; empty where there is none, or where the watermark was set back behind it. */
    Optional<String> find(Run run, EntityConfig entity) {
        return sql.sql("""
                select c.cursor from syncline.cursor c join syncline.watermark w using (sync, organisation, entity, side)
                where sync = ? and organisation = ? and entity = ? and side = ? and w.mark >= c.mark""")
                .params(run.sync().name(), run.organisation(), entity.name(), run.sync().side()).query(String.class).optional();
    }

    /**
     * Keeps what the pass was given, together with its mark. What was asked for by a moment leaves the cursor where it was: it tells the same changes again.
     * Promises 1 and 2: called in the publish transaction, and only where the mark moves.
     */
    void move(EntityPass pass) {
        Run run = pass.run();
        if (pass.given() != null) {
            sql.sql("""
                    insert into syncline.cursor (sync, organisation, entity, side, cursor, mark, run_id) values (?, ?, ?, ?, ?, ?, ?)
                    on conflict (sync, organisation, entity, side) do update
                    set cursor = excluded.cursor, mark = excluded.mark, run_id = excluded.run_id""")
                    .params(run.sync().name(), run.organisation(), pass.entity().name(), run.sync().side(), pass.given(),
                            pass.mark().atOffset(ZoneOffset.UTC), run.id())
                    .update();
        } else if (pass.isWhole()) {
            drop(pass);
        }
    }

    /** The next run reads everything. */
    void drop(EntityPass pass) {
        Run run = pass.run();
        sql.sql("delete from syncline.cursor where sync = ? and organisation = ? and entity = ? and side = ?")
                .params(run.sync().name(), run.organisation(), pass.entity().name(), run.sync().side()).update();
    }
}

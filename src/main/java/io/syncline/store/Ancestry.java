package io.syncline.store;

import io.syncline.record.Field;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Where the lines of ancestors in a tree lead. All records look up at once, and every round doubles how far they have looked: a tree of ten thousand levels
 * takes fourteen rounds, and nothing grows with its depth.
 */
final class Ancestry {
    /** More of a circle is not told. */
    private static final int LONGEST_WAY = 12;

    private final JdbcClient sql;
    private final EntityTable table;
    private final Field reference;
    private final long run;
    private final String organisation;

    Ancestry(JdbcClient sql, EntityTable table, Field reference, long run, String organisation) {
        this.sql = sql;
        this.table = table;
        this.reference = reference;
        this.run = run;
        this.organisation = organisation;
    }

    /** Whether the plan gives any record a parent. */
    boolean isMoved() {
        return bound("select exists (select from {staging} s where s.run_id = :run and {staying} and {staged} is not null)").query(Boolean.class).single();
    }

    /** Until the transaction ends, nobody else moves a record of this tree. */
    void holdStill() {
        bound("""
                insert into syncline.tree (sync, entity, organisation) values ({sync}, {entity}, :organisation)
                on conflict (sync, entity, organisation) do update set moves = tree.moves + 1""").update();
    }

    /**
     * Parks the staged records that would be their own ancestors, with the way that leads back to them. Rows that stand in the way are followed, too.
     *
     * @return how many
     */
    int parkCircles(String outcome) {
        if (!isMoved()) {
            return 0;
        }
        clear();
        bound("""
                insert into syncline_staging.climb (run_id, key, at, parent)
                select distinct on (s.key) :run, s.key, {staged}, {staged} from {staging} s where s.run_id = :run and {staying} and s.key is not null
                order by s.key, {staged} nulls last""").update();
        bound("""
                insert into syncline_staging.climb (run_id, key, at, parent)
                with recursive above (key, at) as (
                    select t.{side_id}, t.{parent} from syncline_staging.climb c join {table} t on t.org_id = :organisation and t.{side_id} = c.at
                    where c.run_id = :run and not exists (select from syncline_staging.climb d where d.run_id = :run and d.key = c.at)
                    union
                    select t.{side_id}, t.{parent} from above a join {table} t on t.org_id = :organisation and t.{side_id} = a.at
                    where not exists (select from syncline_staging.climb d where d.run_id = :run and d.key = a.at))
                select :run, key, at, at from above""").update();
        int parked = circlesLeft() ? parkCircle(outcome) : 0;
        clear();
        return parked;
    }

    /** Takes away, round by round, who has reached the top; when the others have looked up as many times as there are records, they see only circles. */
    private boolean circlesLeft() {
        long all = bound("select count(*) from syncline_staging.climb where run_id = :run").query(Long.class).single();
        long left = all;
        for (long looked = 1; ; looked *= 2) {
            left -= joined("""
                    delete from syncline_staging.climb c
                    where c.run_id = :run and (c.at is null or not exists (select from syncline_staging.climb p where p.run_id = :run and p.key = c.at))""");
            if (left == 0 || looked >= all) {
                return left > 0;
            }
            lookFurther();
        }
    }

    private long lookFurther() {
        return joined("""
                update syncline_staging.climb c set at = p.at from syncline_staging.climb p
                where c.run_id = :run and p.run_id = :run and p.key = c.at and p.at is distinct from c.at""");
    }

    /** Nobody knows beforehand how many there are, so the planner is kept from taking them for few. */
    private long joined(String statement) {
        sql.sql("set local enable_nestloop = off").update();
        long rows = bound(statement).update();
        sql.sql("set local enable_nestloop = on").update();
        return rows;
    }

    /** What everybody sees who has looked far enough is the circles themselves. */
    private int parkCircle(String outcome) {
        bound("""
                delete from syncline_staging.climb c
                where c.run_id = :run and c.key not in (select p.at from syncline_staging.climb p where p.run_id = :run)""").update();
        return bound("""
                update {staging} s set outcome = :outcome, writes = false, agrees = false, reason = 'is its own ancestor: ' || (
                    with recursive way (at, path) as (
                        select s.key, array[s.key]
                        union all
                        select n.parent, w.path || n.parent
                        from way w, lateral (select c.parent from syncline_staging.climb c where c.run_id = :run and c.key = w.at limit 1) n
                        where (w.at <> s.key or cardinality(w.path) = 1) and cardinality(w.path) < {longest})
                    select array_to_string(path, ' → ') || case when at = s.key then '' else ' → … → ' || s.key end
                    from way order by cardinality(path) desc limit 1)
                where s.run_id = :run and {staying} and {at} is not null""".replace("{longest}", Integer.toString(LONGEST_WAY)))
                .param("outcome", outcome).update();
    }

    /**
     * Parks the staged records whose line of ancestors ends at one that is not there, each with the parent that it waits for. There are no circles among them.
     *
     * @return how many
     */
    int parkOrphans(String outcome, String waits, String why) {
        if (!isMoved()) {
            return 0;
        }
        clear();
        bound("""
                insert into syncline_staging.climb (run_id, key, at)
                select distinct on (s.key) :run, s.key,
                       case when not exists (select from {table} p where p.org_id = :organisation and p.{side_id} = {staged}) then {staged} end
                from {staging} s where s.run_id = :run and {staying} and s.key is not null order by s.key, {staged} nulls last""").update();
        lookUpToTheEnd();
        int parked = bound("""
                update {staging} s set outcome = :outcome, writes = false, agrees = false,
                       reason = :waits || ' {entity_name} ' || {staged} || ', ' || :why || ' ({reference_name})'
                where s.run_id = :run and {staying} and {at} is not null""").param("outcome", outcome).param("waits", waits).param("why", why).update();
        clear();
        return parked;
    }

    /** Leaves in {@code syncline_staging.climb} the parked records whose line of ancestors leads, over others that are parked, to one that comes back now. */
    void climbParked() {
        clear();
        bound("""
                insert into syncline_staging.climb (run_id, key, at)
                select distinct on (a.key) :run, a.key, case when not {there} then {waiting} end from syncline.attention a where {parked} order by a.key"""
                .replace("{there}", Parking.exists(table.parent(reference), waiting()))).update();
        lookUpToTheEnd();
        bound("delete from syncline_staging.climb where run_id = :run and at is not null").update();
    }

    private void lookUpToTheEnd() {
        int rounds = 0;
        while (rounds < Long.SIZE && lookFurther() > 0) {
            rounds++;
        }
    }

    private void clear() {
        bound("delete from syncline_staging.climb where run_id = :run").update();
    }

    private String waiting() {
        return "(a.document::jsonb ->> " + EntityTable.literal(reference.name()) + ")";
    }

    private JdbcClient.StatementSpec bound(String statement) {
        return sql.sql(table.fill(statement.replace("{staged}", "s." + EntityTable.staged(reference) + "::text").replace("{staying}", "s.outcome in "
                + Parking.STAYING).replace("{parent}", EntityTable.quote(reference.name()) + "::text").replace("{waiting}", waiting())
                .replace("{at}", "(select c.at from syncline_staging.climb c where c.run_id = :run and c.key = s.key)")
                .replace("{entity_name}", table.entity().name().replace("'", "''")).replace("{reference_name}", reference.name().replace("'", "''"))
                .replace("{parked}", "a.sync = {sync} and a.entity = {entity} and a.organisation = :organisation and a.kind = 'parked' and a.state = 'open'")))
                .param("run", run).param("organisation", organisation);
    }
}

package io.syncline.killrig;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who keeps looking at the tables, with one statement per look and a connection of their own, and remembers each state that was different. Now and
 * then, and once a state is new, the look takes in every byte of rows and history, too.
 */
final class Watcher implements AutoCloseable {
    /** Every so many looks. */
    static final int CLOSELY = 20;
    /**
     * Everything that one publish changes together, and what is wrong with it by itself: the latest snapshot counts exactly the rows that carry its number,
     * none carries a later one, and the marks are those of its run.
     */
    private static final String STATE = """
            with latest as materialized (select id, number, run_id, changes from syncline.snapshot order by id desc limit 1),
                 items as (select count(*) as rows, count(*) filter (where deleted_at is null) as live, sum(edition) as editions, sum(price) as prices,
                               sum(group_id) as parents, count(group_id_row) as placed, count(distinct i.snapshot_id) as snapshots,
                               max(i.snapshot_id) as newest,
                               count(*) filter (where i.snapshot_id = latest.id) as fresh
                           from stock.items i, latest),
                 families as (select count(*) as rows, max(g.snapshot_id) as newest, count(*) filter (where g.snapshot_id = latest.id) as fresh
                            from stock.groups g, latest),
                 history as (select count(*) as rows, max(to_snapshot) as newest, sum(from_snapshot) as beginnings from stock.items_history)
            select concat_ws(' ', latest.id, latest.number, to_jsonb(items), to_jsonb(families), to_jsonb(history),
                       (select string_agg(concat(entity, ' ', run_id, ' ', mark), ' ' order by entity) from syncline.watermark)) as state,
                   concat_ws(', ',
                       case when latest.id > 0 and items.fresh + families.fresh <> latest.changes then 'rows and snapshot' end,
                       case when greatest(items.newest, families.newest, history.newest) > latest.id then 'a snapshot to come' end,
                       case when exists (select from syncline.watermark w where w.run_id is distinct from latest.run_id) then 'marks' end) as wrong,
                   case when ? then concat((select md5(string_agg(i::text, ' ' order by row_id)) from stock.items i),
                                           (select md5(string_agg(h::text, ' ' order by row_id, from_snapshot)) from stock.items_history h)) end as bytes
            from latest, items, families, history""";

    private final Connection connection;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();
    private final List<String> states = new ArrayList<>();
    private final Map<String, String> bytes = new HashMap<>();
    private int looked;
    private SQLException failure;

    Watcher(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
        look();
        looks.scheduleWithFixedDelay(this::keepLooking, 0, 50, TimeUnit.MILLISECONDS);
    }

    private synchronized void keepLooking() {
        try {
            look();
        } catch (SQLException e) {
            failure = e;
        }
    }

    private void look() throws SQLException {
        try (var statement = connection.prepareStatement(STATE)) {
            statement.setBoolean(1, looked++ % CLOSELY == 0 || !bytes.containsKey(last()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                remember(row.getString("state"), row.getString("wrong"), row.getString("bytes"));
            }
        }
    }

    private String last() {
        return states.isEmpty() ? null : states.get(states.size() - 1);
    }

    private void remember(String state, String wrong, String everything) {
        if (!wrong.isEmpty()) {
            states.add("a mixture of " + wrong + ": " + state);
        }
        if (!state.equals(last())) {
            states.add(state);
        }
        if (everything != null && !everything.equals(bytes.computeIfAbsent(state, unseen -> everything))) {
            states.add("the same numbers over other bytes: " + state);
        }
    }

    /** The states seen since the last time, the first being that of then. */
    synchronized List<String> seen() throws SQLException {
        if (failure != null) {
            throw failure;
        }
        look();
        List<String> seen = List.copyOf(states);
        states.clear();
        states.add(seen.get(seen.size() - 1));
        return seen;
    }

    synchronized int looked() {
        return looked;
    }

    @Override
    public void close() throws SQLException {
        looks.shutdownNow();
        connection.close();
    }
}

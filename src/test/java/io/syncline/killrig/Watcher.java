package io.syncline.killrig;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Somebody who keeps looking at the tables, with one statement per look and a connection of their own, and remembers each state that was different. */
final class Watcher implements AutoCloseable {
    /** Everything that one publish changes together. */
    private static final String STATE = """
            select concat_ws(' ', count(*), count(*) filter (where i.deleted_at is null), sum(i.edition), sum(i.price), max(i.snapshot_id),
                count(distinct i.snapshot_id), count(i.group_id_row), (select count(*) from stock.groups),
                (select concat_ws(' ', count(*), max(to_snapshot)) from stock.items_history),
                (select concat_ws(' ', max(id), max(number)) from syncline.snapshot),
                (select string_agg(mark::text, ' ' order by entity) from syncline.watermark),
                (select string_agg(run_id::text, ' ' order by entity) from syncline.watermark))
            from stock.items i""";

    private final Connection connection;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();
    private final List<String> states = new ArrayList<>();
    private int looked;
    private SQLException failure;

    Watcher(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
        states.add(look());
        looks.scheduleWithFixedDelay(this::remember, 0, 40, TimeUnit.MILLISECONDS);
    }

    private synchronized void remember() {
        try {
            String state = look();
            if (!state.equals(states.get(states.size() - 1))) {
                states.add(state);
            }
            looked++;
        } catch (SQLException e) {
            failure = e;
        }
    }

    private String look() throws SQLException {
        try (var statement = connection.createStatement(); var row = statement.executeQuery(STATE)) {
            row.next();
            return row.getString(1);
        }
    }

    /** The states seen since the last time, the first being that of then. */
    synchronized List<String> seen() throws SQLException {
        if (failure != null) {
            throw failure;
        }
        remember();
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

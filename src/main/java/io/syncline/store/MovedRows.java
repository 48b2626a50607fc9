package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.record.Shape;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Judges staged records again whose rows have moved since: by the same classifier, against the rows as they are now, locked. */
@Component
class MovedRows {
    private static final int BATCH = 500;

    private final JdbcTemplate jdbc;
    private final StoredStates states;

    MovedRows(JdbcTemplate jdbc, StoredStates states) {
        this.jdbc = jdbc;
        this.states = states;
    }

    /** @param places where the staged records stand; their rows are locked by this transaction */
    void judgeAgain(EntityTable table, String organisation, long run, Classifier classifier, List<String> places) {
        for (int from = 0; from < places.size(); from += BATCH) {
            List<Staged> moved = take(table, places.subList(from, Math.min(from + BATCH, places.size())));
            Map<String, Stored> byKey = states.find(table.sync(), table.entity(), organisation, moved.stream().map(Staged::key)
                    .filter(Objects::nonNull).toList());
            Map<Long, Stored> byRow = states.rows(table, organisation, moved.stream().map(Staged::row).filter(Objects::nonNull).toList());
            boolean single = isSingle(run);
            boolean beside = isBesideLongRun(table, run);
            Set<Long> overtaken = agreedSince(table, run, Stream.concat(byKey.values().stream(), byRow.values().stream()).map(Stored::rowId).toList());
            Map<Integer, List<Change>> pages = new TreeMap<>();
            for (Staged staged : moved) {
                Stored stored = staged.row() != null ? byRow.get(staged.row()) : byKey.get(staged.key());
                Stored known = staged.key() == null ? stored : byKey.get(staged.key());
                Change change = known == null || known.rowId() != stored.rowId() ? Classifier.ofAnother(staged.observed(), stored)
                        : overtaken.contains(stored.rowId()) ? classifier.overtaken(staged.observed(), stored)
                        : beside ? classifier.beside(staged.observed(), stored)
                        : staged.observed() != null ? classifier.classify(staged.observed(), stored)
                        : single ? classifier.absent(stored) : classifier.absentAgain(stored);
                pages.computeIfAbsent(staged.page(), page -> new ArrayList<>()).add(Classifier.afterBrake(change, single || staged.delete()));
            }
            jdbc.execute((ConnectionCallback<Void>) connection -> {
                for (var page : pages.entrySet()) {
                    Staging.copy(connection, table, run, page.getKey(), page.getValue());
                }
                return null;
            });
        }
    }

    private boolean isSingle(long run) {
        return jdbc.queryForObject("select mode = 'single' from syncline.run where id = ?", Boolean.class, run);
    }

    private boolean isBesideLongRun(EntityTable table, long run) {
        return jdbc.queryForObject("select " + new Overtaken(table).besideLongRun().replace(":run", Long.toString(run)), Boolean.class);
    }

    /** Rows of which another run has shown something since this one began. */
    private Set<Long> agreedSince(EntityTable table, long run, List<Long> rows) {
        return Set.copyOf(jdbc.queryForList(table.fill("""
                select t.row_id from {table} t join syncline.run r on r.id = ?
                where t.row_id = any(?::bigint[]) and\s""") + Overtaken.agreedSince(table, Long.toString(run)), Long.class, run,
                rows.toArray(Long[]::new)));
    }

    private List<Staged> take(EntityTable table, List<String> places) {
        Shape shape = table.entity().shape();
        return jdbc.execute(table.fill("delete from {staging} where ctid = any(?::tid[]) returning page, key, row_id, observed, gone, document, version, "
                + "modified_at, outcome = 'delete'"),
                (java.sql.PreparedStatement statement) -> {
                    statement.setArray(1, statement.getConnection().createArrayOf("text", places.toArray()));
                    List<Staged> taken = new ArrayList<>(places.size());
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            taken.add(staged(shape, row));
                        }
                    }
                    return taken;
                });
    }

    private static Staged staged(Shape shape, ResultSet row) throws SQLException {
        String document = row.getString(6);
        Document theirs = document == null ? null : Document.stored(document);
        Observed observed = !row.getBoolean(4) ? null : new Observed(row.getString(2), theirs,
                row.getObject(7, Long.class), StoredStates.instant(row, 8), row.getBoolean(5), List.of(), null);
        return new Staged(row.getInt(1), row.getString(2), row.getObject(3, Long.class), observed, row.getBoolean(9));
    }

    private record Staged(int page, String key, Long row, Observed observed, boolean delete) {
    }
}

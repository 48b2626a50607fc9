package io.syncline.killrig;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What table and history must hold, kept by hand: each run that publishes makes the table what the source is, and history what it was before. */
final class Books {
    private final Map<Integer, Row> rows = new TreeMap<>();
    private final List<String> history = new ArrayList<>();

    private record Row(Item item, boolean deleted, long snapshot) {
        String shown() {
            return item.id() + "|" + item.name() + "|" + item.price() + "|" + item.edition() + "|" + item.group() + "|" + item.group() + "|" + deleted + "|"
                    + snapshot;
        }
    }

    /** What a publish must have counted. */
    Map<String, Integer> publish(Map<Integer, Item> source, long snapshot, boolean whole) {
        Map<String, Integer> counts = new HashMap<>();
        source.forEach((id, item) -> {
            Row before = rows.get(id);
            if (before == null) {
                rows.put(id, new Row(item, false, snapshot));
                counts.merge("create", 1, Integer::sum);
            } else if (!before.item().equals(item)) {
                supersede(before, snapshot);
                rows.put(id, new Row(item, false, snapshot));
                counts.merge("update", 1, Integer::sum);
            } else if (whole) {
                counts.merge("unchanged", 1, Integer::sum);
            }
        });
        if (whole) {
            rows.replaceAll((id, row) -> {
                if (row.deleted() || source.containsKey(id)) {
                    return row;
                }
                supersede(row, snapshot);
                counts.merge("delete", 1, Integer::sum);
                return new Row(row.item(), true, snapshot);
            });
        }
        return counts;
    }

    private void supersede(Row row, long snapshot) {
        history.add(row.item().id() + "|" + row.item().edition() + "|" + row.item().price() + "|" + row.snapshot() + "|" + snapshot + "|" + row.deleted());
    }

    /** Every row, and every version ever superseded, exactly. */
    void compareWith(JdbcClient sql) {
        List<String> table = sql.sql("""
                select concat_ws('|', i.sh_id, i.name, i.price::text, i.edition, i.group_id, coalesce(g.sh_id, 'none'),
                    case when i.deleted_at is null then 'false' else 'true' end, i.snapshot_id)
                from stock.items i left join stock.groups g on g.row_id = i.group_id_row order by i.sh_id::int""").query(String.class).list();
        assertThat(table).isEqualTo(rows.values().stream().map(Row::shown).toList());
        List<String> versions = new ArrayList<>(sql.sql("""
                select concat_ws('|', sh_id, document::jsonb ->> 'edition', document::jsonb ->> 'price', from_snapshot, to_snapshot, deleted::text)
                from stock.items_history""").query(String.class).list());
        List<String> expected = new ArrayList<>(history);
        Collections.sort(versions);
        Collections.sort(expected);
        assertThat(versions).isEqualTo(expected);
    }
}

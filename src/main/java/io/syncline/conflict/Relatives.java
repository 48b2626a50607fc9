package io.syncline.conflict;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;
import io.syncline.store.EntityTable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a record hangs on, and what hangs on it: a category, its parent, and its children in every entity. */
@Component
public class Relatives {
    private static final int SOME = 5;

    private final JdbcClient sql;

    Relatives(JdbcClient sql) {
        this.sql = sql;
    }

    /** As JSON; null where it has none. */
    static String title(EntityConfig entity, Map<String, String> document) {
        String field = entity.shape().title();
        return field == null ? null : document.get(field);
    }

    /** What the record leads to. */
    public List<Relative> parents(SyncConfig sync, EntityConfig entity, String organisation, long row) {
        EntityTable table = new EntityTable(sync, entity);
        List<Relative> parents = new ArrayList<>();
        for (Field reference : references(entity)) {
            EntityConfig parent = sync.entity(reference.references());
            List<Relative.One> found = sql.sql("select p." + new EntityTable(sync, parent).name("side_id") + ", p.row_id, " + title("p", parent)
                            + ", p.has_conflict from " + table.name("table") + " t join " + new EntityTable(sync, parent).name("table") + " p on p.row_id = t."
                            + rowOf(reference) + " where t.org_id = ? and t.row_id = ?")
                    .params(organisation, row).query((each, n) -> new Relative.One(each.getString(1), each.getLong(2), each.getString(3), each.getBoolean(4)))
                    .list();
            if (!found.isEmpty()) {
                parents.add(new Relative(parent.name(), reference.name(), 1, found));
            }
        }
        return parents;
    }

    /** What leads to the record, and is not deleted. */
    public List<Relative> children(SyncConfig sync, EntityConfig entity, String organisation, long row) {
        List<Relative> children = new ArrayList<>();
        for (EntityConfig child : sync.entities()) {
            for (Field reference : references(child)) {
                if (reference.references().equals(entity.name())) {
                    children(sync, child, reference, organisation, row, children);
                }
            }
        }
        return children;
    }

    private void children(SyncConfig sync, EntityConfig child, Field reference, String organisation, long row, List<Relative> children) {
        EntityTable table = new EntityTable(sync, child);
        String of = " from " + table.name("table") + " t where t." + rowOf(reference) + " = ? and t.org_id = ? and t.deleted_at is null";
        long count = sql.sql("select count(*)" + of).params(row, organisation).query(Long.class).single();
        if (count > 0) {
            children.add(new Relative(child.name(), reference.name(), count, sql.sql("select t." + table.name("side_id") + ", t.row_id, " + title("t", child)
                            + ", t.has_conflict" + of + " order by t." + table.name("side_id") + " nulls last, t.row_id limit " + SOME)
                    .params(row, organisation)
                    .query((each, n) -> new Relative.One(each.getString(1), each.getLong(2), each.getString(3), each.getBoolean(4))).list()));
        }
    }

    private static List<Field> references(EntityConfig entity) {
        return entity.shape().declared().stream().filter(field -> field.references() != null).toList();
    }

    private static String rowOf(Field reference) {
        return EntityTable.quote(reference.name() + "_row");
    }

    private static String title(String row, EntityConfig entity) {
        String field = entity.shape().title();
        return field == null ? "null::text" : row + "." + EntityTable.quote(field);
    }
}

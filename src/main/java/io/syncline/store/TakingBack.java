package io.syncline.store;

import io.syncline.record.FieldType;

import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes back what was edited here, by an edit: the trigger journals who did it, and knows that what was agreed is agreed. */
@Component
public class TakingBack {
    private final JdbcClient sql;

    TakingBack(JdbcClient sql) {
        this.sql = sql;
    }

    /**
     * In the caller's transaction, which names who it is.
     *
     * @param agreed what had been agreed; null for a record that was made here
     * @param action what was to be sent: a deletion is taken back by bringing the row back, what was made or brought back by deleting it
     */
    public void takeBack(EntityTable table, String organisation, long row, String agreed, String action) {
        String what = switch (action) {
            case "create", "restore" -> "deleted_at = clock_timestamp()";
            case "delete" -> "deleted_at = null" + fields(table);
            default -> fields(table).substring(2);
        };
        sql.sql("update " + table.name("table") + " t set " + what + " from (select cast(:agreed as jsonb) as d) parsed"
                + " where t.row_id = :row and t.org_id = :organisation").param("agreed", agreed).param("row", row).param("organisation", organisation).update();
    }

    private static String fields(EntityTable table) {
        return table.entity().shape().fields().stream().map(field -> ", " + EntityTable.quote(field.name()) + " = "
                + (field.type() == FieldType.JSON ? "nullif(" + TimeTravelDdl.typed(field) + ", 'null')" : TimeTravelDdl.typed(field)))
                .collect(Collectors.joining());
    }
}

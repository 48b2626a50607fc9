package io.syncline.store;

import java.util.List;

/** Measures how long a publish looks at what waits for a person: ten thousand open entries, and a run that brings none, or all of them, through. */
final class AttentionSpeed {
    private static final int OPEN = 10_000;
    private static final int ROWS = 50_000;

    private AttentionSpeed() {
    }

    public static void main(String[] arguments) {
        Store store = new Store(Store.pricebook());
        EntityTable table = new EntityTable(store.sync, store.entity("items"));
        store.jdbc.execute("set session_replication_role = replica;"
                + " insert into pricebook.items (name, document, hash, st_id, st_hash, sync_status, st_synced_at)"
                + " select 'n', '{}', '', n::text, '', 'synced', now() from generate_series(1, " + ROWS + ") n; set session_replication_role = origin");
        for (String outcome : List.of("rejected", "update", "seen", "nothing")) {
            long run = store.open();
            store.jdbc.update("delete from syncline.attention");
            store.jdbc.update("""
                    insert into syncline.attention (sync, entity, organisation, kind, subject, key, row_id, run_id, reason, first_seen_at, last_seen_at,
                          state, document)
                    select 'pricebook', 'items', 'default', case when row_id % 2 = 0 then 'rejected' else 'parked' end, st_id, st_id, row_id, ?, 'x', now(),
                           now(), 'open', '{}' from pricebook.items
                    order by row_id limit ?""", run, OPEN);
            store.jdbc.update("insert into syncline_staging.page (run_id, entity, number, seen) select ?, 'items', row_id / 500, array_agg(row_id)"
                    + " from pricebook.items where ?::boolean group by row_id / 500", run, outcome.equals("seen"));
            store.jdbc.update("""
                    insert into syncline_staging.pricebook__items (run_id, page, key, outcome, reason, row_id, writes, agrees, observed, gone)
                    select ?, 1, st_id, ?::text, 'x', row_id, false, false, true, false from pricebook.items
                    where ?::text not in ('seen', 'nothing') order by row_id limit ?""", run, outcome, outcome, OPEN);
            store.jdbc.execute("analyze syncline_staging.pricebook__items");
            long begin = System.nanoTime();
            boolean many = Boolean.TRUE.equals(store.one(table.fill(new PublishStatements(table).joinsManyToAttention()).replace(":run", Long.toString(run))
                    .replace(":organisation", "'default'"), Boolean.class));
            List<String> plan = store.transaction.execute(status -> {
                store.jdbc.execute("set local enable_nestloop = " + (many ? "off" : "on"));
                return store.jdbc.queryForList("explain (analyze, costs off) " + table.fill(new PublishStatements(table).closeAttention(many))
                    .replace(":run", Long.toString(run)).replace(":organisation", "'default'").replace(":at", "now()"), String.class);
            });
            System.out.printf("MEASURE %d open, all come as %s: %.2f s, %d left%n%s%n", OPEN, outcome, (System.nanoTime() - begin) / 1e9,
                    store.count("syncline.attention where state = 'open'"), arguments.length == 0 ? "" : String.join("\n", plan));
        }
        System.exit(0);
    }
}

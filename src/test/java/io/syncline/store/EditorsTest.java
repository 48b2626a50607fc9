package io.syncline.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.TestPostgres;
import io.syncline.access.HostAccess;
import io.syncline.config.EntityConfig;
import io.syncline.config.LocalTable;
import io.syncline.config.SyncConfig;
import io.syncline.config.WritesConfig;
import io.syncline.record.FieldType;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Promises 4 and 29 against somebody who may edit in SQL and means harm: nobody poses as Syncline, and nobody reaches into another organisation. */
@ExtendWith(Store.Closing.class)
class EditorsTest {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Store store = new Store(pricebook());
    private final String role = "hostile_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
    private SingleConnectionDataSource connection;
    private JdbcTemplate editor;
    private long theirCategory;
    private long theirItem;

    /** Records of categories can be changed at their system, those of items only made and deleted there. */
    private static SyncConfig pricebook() {
        SyncConfig plain = Store.pricebook();
        WritesConfig.Request any = new WritesConfig.Request("POST", "/{id}", null, false, null, List.of(), List.of("id"));
        EntityConfig items = Store.written(plain.entity("items"));
        EntityConfig unchangeable = new EntityConfig(items.name(), items.resource(), items.shape(), items.mapping(), items.rules(), false, items.brake(),
                List.of("name"), new WritesConfig(any, null, any, any, null, null, true, List.of(), List.of(), null, Duration.ofMinutes(1)));
        return new SyncConfig(plain.name(), plain.title(), "", plain.system(), plain.side(), List.of("acme", "globex"), plain.schedules(),
                List.of(unchangeable, Store.written(plain.entity("categories"))), SyncConfig.WholeReads.DEFAULT, null,
                List.of(new LocalTable("prices", "items", List.of("vendor"), Map.of("vendor", FieldType.TEXT))), List.of());
    }

    @BeforeEach
    void anEditorOfOneOfTwoOrganisations() {
        new LocalTables(store.jdbc, store.transaction).migrate(store.sync);
        for (String organisation : List.of("acme", "globex")) {
            publish(store, organisation);
            store.jdbc.update("insert into pricebook.prices (org_id, items_row, vendor) select org_id, row_id, 'ced' from pricebook.items where org_id = ?",
                    organisation);
        }
        theirCategory = store.one("select row_id from pricebook.categories where org_id = 'globex'", Long.class);
        theirItem = store.one("select row_id from pricebook.items where org_id = 'globex'", Long.class);
        store.jdbc.execute("create role " + role + " login password 'editing'");
        letEdit(store, "pricebook.items, pricebook.categories, pricebook.prices");
        connection = connection(store);
        editor = new JdbcTemplate(connection);
    }

    private static void publish(Store store, String organisation) {
        for (String entity : List.of("categories", "items")) {
            long run = store.open(organisation);
            store.stageFor(organisation, run, entity, "{id: 'of-" + organisation + "', name: 'n'}");
            store.publisher.publish(store.order(run, organisation, true, published -> { }));
        }
    }

    private void letEdit(Store store, String tables) {
        store.jdbc.execute("grant usage on schema pricebook to " + role);
        store.jdbc.execute("grant select, insert, update, delete on " + tables + " to " + role);
        new HostAccess(store.dataSource).confineReader(role, "acme");
    }

    private SingleConnectionDataSource connection(Store store) {
        return new SingleConnectionDataSource(((HikariDataSource) store.dataSource).getJdbcUrl().replaceFirst("\\?.*", ""), role, "editing", true);
    }

    @AfterEach
    void goes() {
        connection.destroy();
        new HostAccess(store.dataSource).dropReader(role);
        store.jdbc.execute("drop owned by " + role + "; drop role " + role);
    }

    @Test
    void whoSaysThatHePublishesIsAnEditorLikeAnyOther() {
        editor.execute("set syncline.publishing = 'on'; set syncline.actor = 'the boss'");
        assertThat(editor.update("update pricebook.categories set name = 'edited'")).isOne();
        assertThat(lastEdit()).isEqualTo("update " + role + " edited");
        assertThat(refusal("update pricebook.categories set hash = '\\x00'")).contains("keeps the sync columns");
        assertThat(refusal("update pricebook.categories set org_id = 'globex'")).contains("keeps the sync columns");
        assertThat(refusal("insert into pricebook.categories (org_id, name, st_id, st_hash, document, hash) values ('acme', 'x', '9', '', '{}', '')"))
                .contains("keeps the sync columns");
        editor.execute("set syncline.publishing = 'off'");
        editor.update("update pricebook.categories set name = 'on the way ' || set_config('syncline.publishing', 'on', false)");
        assertThat(lastEdit()).isEqualTo("update " + role + " on the way on");
        editor.update("insert into pricebook.categories (org_id, name) values ('acme', 'new')");
        assertThat(lastEdit()).isEqualTo("insert " + role + " new");
        editor.update("delete from pricebook.categories where name = 'new'");
        assertThat(lastEdit()).isEqualTo("delete " + role + " new");
        assertThat(store.count("pricebook.categories where deleted_by_side = 'local'")).isOne();
        assertThat(store.count("syncline.local_edit where actor <> ?", role)).isZero();
    }

    /**
     * An administrator may have said that functions made from then on are nobody's to call, and have given those that were there; what watches over edits calls
     * newer ones in the editor's name.
     */
    @Test
    void whoeverMayCallNoNewFunctionEditsAllTheSame() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestPostgres.emptyUrl());
        try (HikariDataSource strict = new HikariDataSource(config)) {
            new JdbcTemplate(strict).execute("alter default privileges revoke execute on functions from public");
            Flyway.configure().dataSource(strict).defaultSchema("syncline").table("schema_history").load().migrate();
            Store there = new Store(pricebook(), strict);
            publish(there, "acme");
            letEdit(there, "pricebook.categories");
            there.jdbc.execute("grant execute on function syncline.my_organisation to " + role);
            SingleConnectionDataSource theirs = connection(there);
            try {
                JdbcTemplate who = new JdbcTemplate(theirs);
                assertThat(who.update("update pricebook.categories set name = 'edited'")).isOne();
                assertThat(who.update("insert into pricebook.categories (org_id, name) values ('acme', 'new')")).isOne();
                who.update("delete from pricebook.categories where name = 'new'");
                assertThat(there.jdbc.queryForList("select operation || ' ' || actor from syncline.local_edit order by id", String.class))
                        .containsExactly("update " + role, "insert " + role, "delete " + role);
            } finally {
                theirs.destroy();
                new HostAccess(strict).dropReader(role);
                there.jdbc.execute("drop owned by " + role);
            }
        }
    }

    /** What a decision about a conflict may write that could not be sent, an edit may not. */
    @Test
    void whoSaysThatHeDecidesIsRefusedWhatCannotBeSent() {
        editor.execute("set syncline.deciding = 'on'");
        assertThat(refusal("update pricebook.items set name = 'never sent'")).contains("takes no changes");
    }

    @Test
    void aParentOfAnotherOrganisationIsAnsweredLikeOneThatIsNotThere() {
        for (String statement : List.of("update pricebook.items set category_row = ?", "update pricebook.categories set parent_row = ?",
                "insert into pricebook.categories (org_id, name, parent_row) values ('acme', 'x', ?)",
                "insert into pricebook.categories (org_id, name, parent_row) values ('globex', 'x', ?)")) {
            String refused = refusal(statement, theirCategory);
            assertThat(refused).as(statement).containsAnyOf("there is no row", "row-level security", "takes no changes");
            assertThat(refused.replace(Long.toString(theirCategory), "?")).as(statement).isEqualTo(refusal(statement, 987_654L).replace("987654", "?"));
        }
        editor.update("insert into pricebook.categories (org_id, name, parent) values ('acme', 'by key', 'of-globex')");
        assertThat(store.one("select parent_row is null from pricebook.categories where name = 'by key'", Boolean.class)).isTrue();
        assertThat(store.count("pricebook.categories c join pricebook.categories p on p.row_id = c.parent_row where p.org_id <> c.org_id")).isZero();
    }

    @Test
    void aRowOfOnesOwnTableBelongsToARecordOfOnesOwnOrganisation() {
        assertThat(editor.queryForList("select org_id from pricebook.prices", String.class)).containsExactly("acme");
        for (String statement : List.of("update pricebook.prices set items_row = ?", "insert into pricebook.prices (org_id, items_row, vendor)"
                + " values ('acme', ?, 'x')", "insert into pricebook.prices (org_id, items_row, vendor) values ('globex', ?, 'x')")) {
            String refused = refusal(statement, theirItem);
            assertThat(refused).as(statement).contains("there is no row " + theirItem + " of pricebook.items");
            assertThat(refusal(statement, 987_654L)).as(statement).isEqualTo(refused.replace(Long.toString(theirItem), "987654"));
        }
        assertThat(refusal("update pricebook.prices set org_id = 'globex', items_row = ?", theirItem)).contains("there is no row");
        assertThat(editor.update("delete from pricebook.prices where org_id = 'globex'") + editor.update("update pricebook.prices set vendor = 'y'")).isOne();
        assertThat(refusalOf(store.jdbc, "update pricebook.prices set items_row = ? where org_id = 'acme'", theirItem)).contains("there is no row");
        assertThat(store.jdbc.queryForList("select org_id || ' ' || vendor from pricebook.prices order by 1", String.class))
                .containsExactly("acme y", "globex ced");
    }

    private String lastEdit() {
        return store.one("select operation || ' ' || actor || ' ' || (after::jsonb ->> 'name') from syncline.local_edit order by id desc limit 1",
                String.class);
    }

    private String refusal(String statement, Object... parameters) {
        return refusalOf(editor, statement, parameters);
    }

    private static String refusalOf(JdbcTemplate who, String statement, Object... parameters) {
        Throwable refused = catchThrowable(() -> who.update(statement, parameters));
        assertThat(refused).as(statement).isNotNull();
        return NestedExceptionUtils.getMostSpecificCause(refused).getMessage().replaceFirst("\n  Where:(.|\n)*", "");
    }
}

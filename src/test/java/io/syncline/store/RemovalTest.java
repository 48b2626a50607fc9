package io.syncline.store;

import io.syncline.TestPostgres;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Content goes where an entry covers it, and nowhere else. Promise 19. */
@ExtendWith(Store.Closing.class)
class RemovalTest {
    private static final String ENTRY = "insert into syncline.removal (organisation, actor, kind, reason, sync, entity, row_id, before, decided)"
            + " values ('default', 'test', ?, 'asked for', ?, 'items', ?, ?::timestamptz, false)";

    /** A history that was made before there were removals has a trigger that refuses every change. */
    @Test
    void aTableOfTheReleaseBeforeLetsGoOfContentToo() {
        String database = TestPostgres.emptyUrl();
        FluentConfiguration flyway = Flyway.configure().dataSource(database, null, null).defaultSchema("syncline");
        flyway.target("12").load().migrate();
        JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(database));
        jdbc.execute("""
                create schema old;
                create table old.items_history (row_id bigint, org_id text, valid_from timestamptz, valid_to timestamptz, document text, hash bytea);
                create trigger sealed before update or delete or truncate on old.items_history for each statement execute function syncline.refuse_change();
                insert into syncline.entity values ('old', 'items', 'st', '{}', ''), ('gone', 'items', 'st', '{}', '');
                insert into old.items_history values (1, 'default', '2026-01-01', '2026-02-01', 'one', sha256('one')),
                    (2, 'default', '2026-01-01', '2026-03-01', 'two', sha256('two')), (2, 'other', '2026-01-01', '2026-01-02', 'others', sha256('others'))""");
        flyway.target("latest").load().migrate();
        String removed = "update old.items_history set document = '' where document = ?";
        refused(jdbc, removed, "one");
        jdbc.update(ENTRY, "erased", "old", 1, null);
        assertThat(jdbc.update(removed, "one")).isOne();
        refused(jdbc, removed, "two");
        jdbc.update(ENTRY, "expired", "old", null, "2026-02-28");
        refused(jdbc, removed, "two");
        refused(jdbc, removed, "others");
        jdbc.update(ENTRY, "expired", "old", null, "2026-03-01");
        refused(jdbc, "update old.items_history set document = '', hash = '' where document = ?", "two");
        assertThat(jdbc.update(removed, "two")).isOne();
        refused(jdbc, "delete from old.items_history where document = ?", "");
        assertThatThrownBy(() -> jdbc.execute("truncate old.items_history")).hasStackTraceContaining("is refused");
        assertThat(jdbc.queryForList("select problem from syncline.verify_ledgers()", String.class)).isEmpty();
    }

    private static void refused(JdbcTemplate jdbc, String statement, String document) {
        assertThatThrownBy(() -> jdbc.update(statement, document)).as(document).hasStackTraceContaining("is refused: what is sealed stays as it is");
    }

    /** What a person wrote twice is in the journal, too. */
    @Test
    void theJournalLetsGoOfWhatIsCoveredOnly() {
        Store store = new Store(Store.pricebook());
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
        store.publish(store.open());
        String removed = "update syncline.local_edit set before = '', after = ''";
        assertThatThrownBy(() -> store.jdbc.update(removed)).hasStackTraceContaining("the journal only grows");
        store.jdbc.update(ENTRY, "erased", "pricebook", 2, null);
        assertThatThrownBy(() -> store.jdbc.update(removed)).hasStackTraceContaining("the journal only grows");
        store.jdbc.update(ENTRY, "erased", "pricebook", 1, null);
        assertThatThrownBy(() -> store.jdbc.update(removed + ", actor = 'nobody'")).hasStackTraceContaining("the journal only grows");
        assertThat(store.jdbc.update(removed)).isOne();
    }
}

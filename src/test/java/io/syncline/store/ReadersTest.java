package io.syncline.store;

import com.zaxxer.hikari.HikariDataSource;
import io.syncline.access.Dropped;
import io.syncline.access.HostAccess;
import io.syncline.access.NameTaken;
import io.syncline.access.ReaderLogin;
import io.syncline.access.UnfitReader;
import io.syncline.change.Rules;
import io.syncline.config.SyncConfig;
import io.syncline.record.FieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import static io.syncline.store.Store.entity;
import static io.syncline.store.Store.field;
import static io.syncline.store.Store.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promise 29 for people who read by SQL: a real connection as such a role sees its organisation and nothing else, and writes nothing. */
@ExtendWith(Store.Closing.class)
class ReadersTest {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Store store = new Store(Store.pricebook());
    private final HostAccess host = new HostAccess(store.dataSource);
    private final List<ReaderLogin> made = new ArrayList<>();
    private final List<SingleConnectionDataSource> connections = new ArrayList<>();
    private long acmesFirst;
    private long globexsFirst;

    @BeforeEach
    void twoOrganisationsHaveRows() {
        acmesFirst = publish("acme", "items", "{id: 1, version: 1, name: 'anvil', price: 1}", "{id: 2, version: 1, name: 'rope', price: 2}");
        globexsFirst = publish("globex", "items", "{id: 1, version: 1, name: 'ray', price: 100}");
        publish("acme", "items", "{id: 1, version: 2, name: 'anvil', price: 3}");
        publish("globex", "items", "{id: 1, version: 2, name: 'ray', price: 300}");
        for (String organisation : List.of("acme", "globex")) {
            store.jdbc.update("update pricebook.items set price = 7 where org_id = ? and st_id = '1'", organisation);
            store.jdbc.update("""
                    insert into syncline.attention (sync, entity, organisation, kind, subject, run_id, reason, first_seen_at, last_seen_at, state)
                    select 'pricebook', 'items', ?, 'rejected', '9', min(id), ?, now(), now(), 'open' from syncline.run where organisation = ?""", organisation,
                    "of " + organisation, organisation);
            store.jdbc.update("""
                    insert into syncline.run_entity (run_id, entity, state, whole)
                    select min(id), 'items', 'published', true from syncline.run where organisation = ?""", organisation);
        }
    }

    @AfterEach
    void readersGo() {
        connections.forEach(SingleConnectionDataSource::destroy);
        made.forEach(reader -> {
            if (host.dropReader(reader.role()) == Dropped.RIGHTS) {
                store.jdbc.execute("drop role " + reader.role());
            }
        });
    }

    @Test
    void aReaderSeesItsOrganisationAndNothingElse() {
        JdbcTemplate acme = as(reader("acme"));
        assertThat(acme.queryForList("select org_id || ' ' || name || ' ' || price from pricebook.items order by name", String.class))
                .containsExactly("acme anvil 7", "acme rope 2");
        assertThat(acme.queryForList("select distinct org_id from pricebook.items_live", String.class)).containsExactly("acme");
        assertThat(acme.queryForList("select distinct org_id from pricebook.items_history", String.class)).containsExactly("acme");
        assertThat(acme.queryForList("select name from pricebook.items_as_of(now()) order by name", String.class)).containsExactly("anvil", "rope");
        assertThat(acme.queryForObject("select price from pricebook.items_as_of_snapshot(?) where name = 'anvil'", Integer.class, acmesFirst)).isEqualTo(1);
        for (String table : List.of("run", "snapshot", "local_edit", "attention", "reader")) {
            assertThat(acme.queryForList("select distinct organisation from syncline." + table, String.class)).as(table).containsExactly("acme");
        }
        store.jdbc.execute("""
                insert into syncline.push (sync, entity, organisation, row_id, action, state, document, hash, run_id, created_at)
                select 'pricebook', 'items', organisation, id, 'create', 'waiting', organisation, '', id, now() from syncline.run""");
        assertThat(acme.queryForList("select distinct document from syncline.push", String.class)).containsExactly("acme");
        store.jdbc.execute("""
                with runs as (insert into syncline.import_run (sync, import, organisation, trigger, requested_by)
                              select 'pricebook', 'prices', each, 'api', 'of ' || each from unnest(array['acme', 'globex']) each returning id, organisation)
                insert into syncline.import_file (import_run, organisation, supplier, file, state) select id, organisation, 'x', 'of ' || organisation, 'failed'
                from runs""");
        assertThat(acme.queryForList("select requested_by from syncline.import_run", String.class)).containsExactly("of acme");
        assertThat(acme.queryForList("select file from syncline.import_file", String.class)).containsExactly("of acme");
        assertThat(acme.queryForList("select file from syncline.import_run r join syncline.import_file f on f.import_run = r.id", String.class))
                .containsExactly("of acme");
        assertThat(acme.queryForObject("select count(*) from syncline.resolution", Integer.class)).isZero();
        assertThat(acme.queryForObject("select count(*) from syncline.push_bar", Integer.class)).isZero();
        assertThat(acme.queryForObject("select count(*) from syncline.run_entity", Integer.class)).isEqualTo(1);
        assertThat(acme.queryForObject("select count(*) from pricebook.items where org_id = 'globex'", Integer.class)).isZero();
        assertThat(acme.queryForObject("select count(*) from syncline.verify_chain('pricebook', 'acme')", Integer.class)).isZero();
    }

    @Test
    void anothersSnapshotIsAnsweredLikeOneThatDoesNotExist() {
        JdbcTemplate acme = as(reader("acme"));
        String others = messageOf(() -> acme.queryForList("select * from pricebook.items_as_of_snapshot(?)", globexsFirst))
                .replace(Long.toString(globexsFirst), "?");
        assertThat(others).isEqualTo(messageOf(() -> acme.queryForList("select * from pricebook.items_as_of_snapshot(?)", 987654L)).replace("987654", "?"));
    }

    /** What a value is made of cannot be found out by a condition that fails on it either. */
    @Test
    void aConditionIsNotTriedOnRowsThatAreNotShown() {
        JdbcTemplate acme = as(reader("acme"));
        assertThat(acme.queryForList("""
                select name from pricebook.items where 1 / (price - 7 + case when org_id = 'globex' then 0 else 1 end) <> 99 order by name""", String.class))
                .containsExactly("anvil", "rope");
        store.jdbc.execute("analyze pricebook.items");
        assertThat(acme.queryForObject("select count(*) from pg_stats where schemaname = 'pricebook' and tablename = 'items'", Integer.class)).isZero();
    }

    @Test
    void aReaderWritesNothingAndSeesNoKey() {
        JdbcTemplate acme = as(reader("acme"));
        acme.execute("set default_transaction_read_only = off");
        for (String statement : List.of("update pricebook.items set price = 0", "delete from pricebook.items", "truncate pricebook.items",
                "insert into pricebook.items (org_id, name) values ('acme', 'x')", "update syncline.reader set organisation = 'globex'",
                "insert into syncline.reader (role, organisation) values (current_user, 'globex')", "alter table pricebook.items disable row level security",
                "drop policy own_organisation on pricebook.items", "create table pricebook.mine (a int)", "create table public.mine (a int)",
                "create function pricebook.mine() returns int language sql return 1", "set role postgres", "set session authorization postgres",
                "select * from syncline.api_key", "select * from syncline.session", "select * from syncline.sign_in_link", "select * from syncline.lease",
                "select * from syncline.webhook", "select * from syncline.resolution_preview",
                "select * from syncline_staging.page", "select * from syncline_staging.compared",
                "copy pricebook.items to program 'true'", "select pg_read_file('/etc/hostname')")) {
            assertThatThrownBy(() -> acme.execute(statement)).as(statement).isInstanceOf(DataAccessException.class);
        }
        acme.execute("set row_security = off");
        assertThatThrownBy(() -> acme.queryForList("select * from pricebook.items")).rootCause().hasMessageContaining("row-level security");
    }

    /** A table or view that is added later is covered by this: whatever a reader may select from is confined. */
    @Test
    void whateverAReaderMaySelectFromIsConfined() {
        ReaderLogin reader = reader("acme");
        assertThat(store.jdbc.queryForList("""
                select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%' and c.relkind in ('r', 'p', 'v', 'm', 'f')
                  and has_table_privilege(?, c.oid, 'select') and not c.relrowsecurity
                  and not coalesce('security_invoker=true' = any (c.reloptions), false)""", String.class,
                reader.role())).as("they hold nothing of an organisation").containsExactlyInAnyOrder("syncline.entity", "syncline.mapping");
        assertThat(store.jdbc.queryForList("""
                select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where n.nspname in ('syncline', 'pricebook') and p.prosecdef and p.prorettype <> 'trigger'::regtype""", String.class)).isEmpty();
    }

    @Test
    void aTableThatIsMadeLaterIsThereForReadersToo() {
        JdbcTemplate acme = as(reader("acme"));
        SyncConfig wider = sync(entity("items", Rules.Policy.REVIEW, false, field("name", FieldType.TEXT), field("price", FieldType.DECIMAL),
                        field("sold", FieldType.INTEGER), field("active", FieldType.BOOLEAN), field("tags", FieldType.JSON),
                        Store.reference("category", "categories"), field("colour", FieldType.TEXT)),
                store.entity("categories"), entity("shops", Rules.Policy.REVIEW, false, field("town", FieldType.TEXT)));
        store.tables.migrate(wider);
        store.sync = wider;
        publish("acme", "shops", "{id: 1, version: 1, town: 'Ulm'}");
        publish("globex", "shops", "{id: 1, version: 1, town: 'Graz'}");
        assertThat(acme.queryForList("select town from pricebook.shops_live", String.class)).containsExactly("Ulm");
        assertThat(acme.queryForList("select colour from pricebook.items_live", String.class)).hasSize(2);
    }

    @Test
    void aRoleMadeOtherwiseSeesNothingUntilItIsConfinedAndThenEditsItsOwnRowsOnly() {
        ReaderLogin editor = editor();
        String role = editor.role();
        store.jdbc.execute("grant usage on schema pricebook to " + role);
        store.jdbc.execute("grant select, insert, update on pricebook.items to " + role);
        JdbcTemplate editing = as(editor);
        assertThatThrownBy(() -> editing.queryForList("select * from pricebook.items")).rootCause().hasMessageContaining("permission denied");
        host.confineReader(role, "acme");
        assertThat(editing.update("update pricebook.items set price = 55")).isEqualTo(2);
        assertThat(store.jdbc.queryForList("select org_id || ' ' || price from pricebook.items order by org_id, st_id", String.class))
                .containsExactly("acme 55", "acme 55", "globex 7");
        assertThatThrownBy(() -> editing.update("insert into pricebook.items (org_id, name) values ('globex', 'x')")).rootCause()
                .hasMessageContaining("row-level security");
        assertThat(store.jdbc.queryForList("select distinct actor from syncline.local_edit where after like '%55%'", String.class)).containsExactly(role);
    }

    @Test
    void theEngineIsNotAskedForItsOwnTables() {
        assertThat(String.join("\n", store.jdbc.queryForList("explain verbose select * from pricebook.items where st_id = '1'", String.class)))
                .doesNotContain("my_organisation");
        ReaderLogin other = editor();
        host.confineReader(other.role(), "acme");
        JdbcTemplate stranger = as(other);
        EntityTables tables = new EntityTables(stranger, new TransactionTemplate(
                new DataSourceTransactionManager(stranger.getDataSource())));
        assertThatThrownBy(() -> tables.migrate(store.sync)).isInstanceOf(UnusableDatabase.class).hasMessageContaining("belong to another database role")
                .hasMessageContaining("pricebook.items");
    }

    @Test
    void aReaderThatIsDroppedIsGoneAndNamesAreChecked() {
        ReaderLogin reader = reader("acme");
        as(reader).execute("select 1");
        assertThat(reader.toString()).doesNotContain(reader.password());
        assertThat(host.readers()).extracting(ReaderLogin::role).contains(reader.role());
        assertThatThrownBy(() -> host.newReader(reader.role(), "acme")).isInstanceOf(NameTaken.class);
        for (String name : List.of("", "Robert\"; drop schema pricebook; --", "pg_monitor", "UPPER", "a".repeat(64))) {
            assertThatThrownBy(() -> host.newReader(name, "acme")).isInstanceOf(UnfitReader.class);
        }
        assertThatThrownBy(() -> host.newReader("fine", "Not An Organisation")).isInstanceOf(UnfitReader.class);
        assertThatThrownBy(() -> host.confineReader("nobody_at_all", "acme")).isInstanceOf(UnfitReader.class).hasMessageContaining("no role");
        assertThatThrownBy(() -> host.confineReader("postgres", "acme")).isInstanceOf(UnfitReader.class).hasMessageContaining("sees every organisation");
        host.confineReader(reader.role(), "globex");
        assertThat(host.dropReader(reader.role())).isEqualTo(Dropped.ROLE);
        assertThat(host.dropReader(reader.role())).isEqualTo(Dropped.NOTHING);
        assertThat(roles(reader.role())).isZero();
    }

    @Test
    void aRoleThatWasOnlyConfinedOutlivesItsReader() {
        ReaderLogin theirs = editor();
        host.confineReader(theirs.role(), "acme");
        assertThat(as(theirs).queryForList("select * from pricebook.items")).isNotEmpty();
        assertThat(host.dropReader(theirs.role())).isEqualTo(Dropped.RIGHTS);
        assertThat(host.readers()).extracting(ReaderLogin::role).doesNotContain(theirs.role());
        assertThatThrownBy(() -> as(theirs).queryForList("select * from pricebook.items")).rootCause().hasMessageContaining("permission denied");
        ReaderLogin ours = reader("acme");
        store.jdbc.execute("begin; select syncline.stop_reading('%1$s'); drop role %1$s; create role %1$s; commit".formatted(ours.role()));
        host.confineReader(ours.role(), "acme");
        assertThat(host.dropReader(ours.role())).as("made anew by somebody else").isEqualTo(Dropped.RIGHTS);
        assertThat(roles(ours.role())).isOne();
    }

    private ReaderLogin reader(String organisation) {
        ReaderLogin reader = host.newReader("reader_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet(), organisation);
        made.add(reader);
        return reader;
    }

    /** Made otherwise. */
    private ReaderLogin editor() {
        ReaderLogin editor = new ReaderLogin("editor_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet(), "acme", "editing");
        store.jdbc.execute("create role " + editor.role() + " login password 'editing'");
        made.add(editor);
        return editor;
    }

    private int roles(String name) {
        return store.jdbc.queryForObject("select count(*) from pg_roles where rolname = ?", Integer.class, name);
    }

    private JdbcTemplate as(ReaderLogin reader) {
        String url = ((HikariDataSource) store.dataSource).getJdbcUrl().replaceFirst("\\?.*", "");
        SingleConnectionDataSource connection = new SingleConnectionDataSource(url, reader.role(), reader.password(), true);
        connections.add(connection);
        return new JdbcTemplate(connection);
    }

    private long publish(String organisation, String entity, String... records) {
        long run = store.open(organisation);
        store.stageFor(organisation, run, entity, records);
        store.publisher.publish(store.order(run, organisation, true, published -> { }));
        return store.one("select max(id) from syncline.snapshot where organisation = ?", Long.class, organisation);
    }

    private static String messageOf(Runnable statement) {
        try {
            statement.run();
            return "nothing happened";
        } catch (DataAccessException e) {
            return e.getMostSpecificCause().getMessage();
        }
    }
}

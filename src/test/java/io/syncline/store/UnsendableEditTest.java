package io.syncline.store;

import io.syncline.change.Rules;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.WritesConfig;
import io.syncline.config.WritesConfig.Request;
import io.syncline.record.Excerpt;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import io.syncline.record.TimeFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What could never be sent is refused while whoever edits still looks; everything else is taken as always. */
@ExtendWith(Store.Closing.class)
class UnsendableEditTest {
    private static final Request CREATE = new Request("POST", "/items", null, true, null, List.of("name"), null);
    private static final Request UPDATE = new Request("PATCH", "/items/{id}", null, false, List.of("price"), List.of(), null);

    private Store store;
    private JdbcTemplate jdbc;

    private void start(Request create, Request update, Request delete, Request restore) {
        EntityConfig items = Store.entity("items", Rules.Policy.REVIEW, false, Store.field("name", FieldType.TEXT), Store.field("price", FieldType.DECIMAL),
                Store.field("tags", FieldType.JSON), readOnly("tag", "tags.0"), readOnly("maker", "made.by"), Store.reference("category", "categories"));
        WritesConfig writes = new WritesConfig(create, update, delete, restore, null, null, true, List.of(), List.of(), null, Duration.ZERO);
        EntityConfig categories = Store.entity("categories", Rules.Policy.REVIEW, false, Store.field("name", FieldType.TEXT));
        SyncConfig sync = Store.sync(new EntityConfig("items", "items", items.shape(), items.mapping(), items.rules(), false, items.brake(), List.of("name"),
                writes), categories);
        store = new Store(sync);
        jdbc = store.jdbc;
        store.run("items", "{\"id\":1,\"name\":\"pump\",\"price\":4.5,\"tags\":[\"a\"],\"made\":{\"by\":\"us\"}}");
    }

    private static Field readOnly(String name, String from) {
        return new Field(name, FieldType.TEXT, Path.of(from), false, false, false, TimeFormat.ISO, null, null, Excerpt.ALL);
    }

    private void refused(String statement, String... says) {
        DataAccessException refused = catchThrowableOfType(DataAccessException.class, () -> jdbc.update(statement));
        assertThat(refused).as(statement).isNotNull();
        assertThat(refused.getMostSpecificCause().getMessage()).contains(says);
    }

    private static final String EDIT = "update pricebook.items set ";

    @Test
    void whatCanBeSentIsTaken() {
        start(CREATE, UPDATE, UPDATE, UPDATE);

        jdbc.update(EDIT + "name = '', price = null");
        jdbc.update(EDIT + "tags = '[]', tag = tag");
        jdbc.update("insert into pricebook.items (name) values ('valve')");
        jdbc.update("delete from pricebook.items");
        jdbc.update(EDIT + "deleted_at = null");

        assertThat(jdbc.queryForList("select name || sync_status from pricebook.items order by row_id", String.class))
                .containsExactlyInAnyOrder("pending_push", "valvepending_push");
    }

    @Test
    void aFieldThatIsOnlyReadIsNotEdited() {
        start(CREATE, UPDATE, UPDATE, UPDATE);

        refused(EDIT + "tag = 'b'", "tag of pricebook.items is only read from servicetitan", "Hint: It follows from tags: edit that.");
        refused(EDIT + "maker = null", "maker of pricebook.items is only read", "Hint: Edit it there");
        refused("insert into pricebook.items (name, maker) values ('x', 'me')", "maker of pricebook.items is only read", "Hint: Leave it out.");
    }

    @Test
    void aFieldThatCannotBeNullThereIsNotEmptied() {
        start(CREATE, UPDATE, UPDATE, UPDATE);

        refused(EDIT + "name = null", "name of pricebook.items cannot be null: servicetitan takes none for it", "or an empty text");
        refused(EDIT + "tags = null", "an empty list or object");
        refused(EDIT + "tags = 'null'", "tags of pricebook.items cannot be null");
    }

    @Test
    void aNewRecordHasWhatIsRequired() {
        start(CREATE, UPDATE, UPDATE, UPDATE);
        refused("insert into pricebook.items (price) values (1)", "a new record of pricebook.items needs name");

        jdbc.update("insert into pricebook.items (name) values ('valve')");
        refused(EDIT + "name = null where name = 'valve'", "needs name");
        jdbc.update("delete from pricebook.items where name = 'valve'");
        jdbc.update(EDIT + "name = null where name = 'valve'");
    }

    @Test
    void whatIsNotDeclaredIsRefused() {
        start(null, null, null, null);

        refused("insert into pricebook.items (name) values ('x')", "servicetitan takes no new records of pricebook.items", "Hint: Create it there");
        refused(EDIT + "price = 5", "servicetitan takes no changes of pricebook.items");
        refused(EDIT + "deleted_at = now()", "servicetitan lets no record of pricebook.items be deleted");
        refused("delete from pricebook.items", "be deleted");
        store.run("items", "{\"id\":1,\"gone\":true}");
        refused(EDIT + "deleted_at = null", "servicetitan lets no record of pricebook.items be brought back");
    }

    @Test
    void aDeletionThatWasNotSentIsTakenBack() {
        start(null, UPDATE, UPDATE, null);

        jdbc.update("delete from pricebook.items");
        jdbc.update(EDIT + "deleted_at = null");

        assertThat(jdbc.queryForObject("select sync_status from pricebook.items", String.class)).isEqualTo("synced");
    }
}

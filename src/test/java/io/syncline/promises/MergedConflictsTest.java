package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.promises.Visitor.Answered;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static io.syncline.promises.Pricebook.counts;
import static org.assertj.core.api.Assertions.assertThat;

/** Promise 4 for what is merged: by declaration, and by a person where a part of the record is only read from the system; and a category with its children. */
class MergedConflictsTest extends AtTheDesk {
    private long inConflictOverItsCategory() {
        long id = desk.material();
        List<Long> categories = book.sql().sql("select st_id::bigint from pricebook.categories where deleted_at is null order by 1 limit 2").query(Long.class)
                .list();
        desk.there(id, "{\"categories\": [" + categories.get(0) + "]}");
        book.incremental();
        desk.here(id, "price = 25");
        desk.there(id, "{\"price\": 30, \"categories\": [" + categories.get(1) + "]}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 1);
        return id;
    }


    @Test
    void whatIsOnlyReadFromTheSystemGoesWithWhatItIsAPartOf() {
        long merged = inConflictOverItsCategory();
        String before = desk.columns(merged, "categories ->> 0");
        Answered decided = desk.decide(desk.conflictOf(merged), "{\"decision\": \"merged\", \"fields\": {\"price\": 27}}");
        assertThat(decided.status()).as(decided.text()).isEqualTo(200);
        assertThat(desk.columns(merged, "price, local_modified_by, sync_status, category_id::text = categories ->> 0")).isEqualTo("27|ann|pending_push|t");
        assertThat(desk.columns(merged, "categories ->> 0")).as("theirs").isNotEqualTo(before);

        long ours = inConflictOverItsCategory();
        before = desk.columns(ours, "categories ->> 0");
        assertThat(desk.decide(desk.conflictOf(ours), "{\"decision\": \"use_local\"}").status()).isEqualTo(200);
        assertThat(desk.columns(ours, "price, categories ->> 0, sync_status, category_id::text = categories ->> 0"))
                .isEqualTo("25|" + before + "|pending_push|t");

        long refused = inConflictOverItsCategory();
        assertThat(desk.decide(desk.conflictOf(refused), "{\"decision\": \"merged\", \"fields\": {\"price\": 27, \"category_id\": 1}}").detail())
                .contains("only read from servicetitan");
        assertThat(desk.decide(desk.conflictOf(refused), "{\"decision\": \"merged\", \"fields\": {\"price\": null}}").code())
                .isEqualTo("cannot-be-written-there");
    }

    @Test
    void aCategoryInConflictShowsItsParentAndWhatHangsOnIt() {
        long category = book.one("select st_id::bigint from pricebook.categories p where deleted_at is null and parent_id is not null"
                + " and exists (select from pricebook.services s where s.category_id::text = p.st_id and s.deleted_at is null) order by 1 limit 1", Long.class);
        book.sql().sql("update pricebook.categories set name = 'Ours' where st_id = ?").param(Long.toString(category)).update();
        book.sandbox.put(Entity.CATEGORIES, category, "{\"name\": \"Theirs\"}");
        book.sandbox.clock().advance(Duration.ofHours(1));
        assertThat(counts(book.full(), "categories")).containsEntry("conflict", 1);
        JsonNode conflict = desk.look(desk.conflictOf(category)).json();
        assertThat(conflict.path("title").asText()).isEqualTo("Ours");
        assertThat(conflict.path("parents").path(0).path("entity").asText()).isEqualTo("categories");
        assertThat(conflict.path("parents").path(0).path("first").path(0).path("title").asText()).isNotEmpty();
        JsonNode services = null;
        for (JsonNode each : conflict.path("children")) {
            services = each.path("entity").asText().equals("services") ? each : services;
        }
        assertThat(services).isNotNull();
        assertThat(services.path("count").asLong()).isEqualTo(book.count("pricebook.services where category_id = ? and deleted_at is null", category));
        assertThat(services.path("first").path(0).path("href").asText()).contains("/entities/services/records/");
        assertThat(desk.decide(desk.conflictOf(category), "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        assertThat(book.columns("categories", category, "name, sync_status")).isEqualTo("Theirs|synced");
    }

    @Test
    void changesOfDifferentFieldsAreMergedWithoutAskingWhereThatIsDeclared() throws IOException {
        Path config = folder.resolve("disjoint");
        Files.createDirectories(config.resolve("systems"));
        Files.createDirectories(config.resolve("syncs"));
        Files.copy(Path.of("config/systems/servicetitan.yaml"), config.resolve("systems/servicetitan.yaml"));
        Files.writeString(config.resolve("syncs/pricebook.yaml"), Files.readString(Path.of("config/syncs/pricebook.yaml"))
                .replaceFirst("(?m)^  materials:\n", "  materials:\n    conflicts: {merge: disjoint}\n"));
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(24));
             RunningSyncline syncline = RunningSyncline.with(sandbox, TestPostgres.url(), config)) {
            for (long id : List.of(9404L, 9405L)) {
                sandbox.put(Entity.MATERIALS, id, "{\"code\": \"M\", \"displayName\": \"Pump\", \"cost\": 10, \"price\": 20}");
            }
            syncline.full("pricebook");
            sandbox.clock().advance(Duration.ofHours(1));
            syncline.sql().sql("update pricebook.materials set price = 25 where st_id in ('9404', '9405')").update();
            sandbox.put(Entity.MATERIALS, 9404, "{\"cost\": 11}");
            sandbox.put(Entity.MATERIALS, 9405, "{\"cost\": 11, \"price\": 30}");
            assertThat(counts(syncline.incremental("pricebook"), "materials")).containsEntry("update", 1).containsEntry("conflict", 1);
            assertThat(syncline.sql().sql("select concat_ws('|', st_id, price, cost, sync_status) from pricebook.materials where st_id in ('9404', '9405')"
                    + " order by 1").query(String.class).list()).containsExactly("9404|25|11|pending_push", "9405|25|10|conflict");
        }
    }
}

package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.run.Mode;
import io.syncline.sandbox.Call;
import io.syncline.sandbox.Effect;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.Mutation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What ServiceTitan has put out of use or has no more, and somebody here keeps, is there again, once: the whole product, decided at its doors, and judged by
 * what the sandbox's journal says took effect (promises 4, 11, 12 and 13).
 */
class KeptThereAgainTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static long next = 970_000;

    private long id;
    private long row;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder, Map.of("syncline.push.after-save", "true", "syncline.push.deliver", "true", "syncline.push.first", "50ms",
                "syncline.push.most", "200ms", "syncline.push.debounce", "50ms", "syncline.push.due", "0/1 * * * * ?", "syncline.push.look", "0/1 * * * * ?"));
        book.sandbox.clock().set(Instant.now());
        book.full();
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void aMaterial() {
        id = ++next;
        put(Entity.MATERIALS, id, "{\"code\": \"KEPT-" + id + "\", \"displayName\": \"Pump\", \"price\": 20, \"description\": \"a pump\"}");
        book.incremental();
        row = rowOf("materials", id);
        book.sandbox.clearFaults();
    }

    private static void put(Entity entity, long id, String fields) {
        book.sandbox.clock().advance(Duration.ofMinutes(5));
        book.sandbox.put(entity, id, fields);
    }

    private static long rowOf(String entity, long id) {
        return book.one("select row_id from pricebook." + entity + " where st_id = ?", Long.class, Long.toString(id));
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private static void untilNothingIsUnderWay() {
        until(() -> book.count("syncline.push where ended_at is null") == 0 && book.count("syncline.run where finished_at is null") == 0
                && book.count("syncline.local_edit where snapshot_id is null") == 0);
    }

    /** Edited here while it was deleted there. */
    private static long conflict(String entity, long row, String edit) {
        book.sql().sql("update pricebook." + entity + " set " + edit + " where row_id = ?").param(row).update();
        until(() -> book.count("syncline.conflict where state = 'open' and kind = 'deleted-there' and entity = ? and row_id = ?", entity, row) == 1);
        untilNothingIsUnderWay();
        return book.one("select id from syncline.conflict where state = 'open' and entity = ? and row_id = ?", Long.class, entity, row);
    }

    private static void keepOurs(long conflict) {
        HttpResponse<String> answer = book.syncline.call("POST", "/api/sync/pricebook/resolve-conflict/" + conflict, "{\"resolution\": \"use_local\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static List<String> effects(Entity entity, long after) {
        return book.sandbox.effects().stream().filter(effect -> effect.entity() == entity && effect.call() > after)
                .map(effect -> effect.kind() + " " + effect.id()).toList();
    }

    private static long calls() {
        return book.sandbox.journal().stream().mapToLong(Call::number).max().orElse(0);
    }

    private static String key(String entity, long row) {
        return book.one("select st_id from pricebook." + entity + " where row_id = ?", String.class, row);
    }

    @Test
    void whatWasPutOutOfUseThereIsInUseAgainAsTheSameRecord() {
        put(Entity.MATERIALS, id, "{\"active\": false}");
        long conflict = conflict("materials", row, "price = 25");
        long before = calls();
        assertThat(book.sandbox.record(Entity.MATERIALS, id).orElseThrow().path("active").asBoolean()).as("promise 13").isFalse();
        keepOurs(conflict);
        until(() -> book.columns("materials", id, "sync_status, deleted_at is null").equals("synced|t"));
        JsonNode there = book.sandbox.record(Entity.MATERIALS, id).orElseThrow();
        assertThat(there.path("active") + " " + there.path("price").asInt()).isEqualTo("true 25");
        assertThat(effects(Entity.MATERIALS, before)).containsExactly(Mutation.Kind.REACTIVATED + " " + id);
    }

    @Test
    void whatIsThereNoMoreIsMadeAnewAsTheSameRowThoughTheAnswerIsLost() {
        book.sandbox.remove(Entity.MATERIALS, id);
        long conflict = conflict("materials", row, "price = 25");
        long before = calls();
        book.sandbox.fault("/materials method=POST -> lost-answer");
        keepOurs(conflict);
        until(() -> "synced".equals(book.one("select sync_status from pricebook.materials where row_id = ?", String.class, row)));
        untilNothingIsUnderWay();
        String made = key("materials", row);
        assertThat(effects(Entity.MATERIALS, before)).as("once").containsExactly(Mutation.Kind.CREATED + " " + made);
        JsonNode there = book.sandbox.record(Entity.MATERIALS, Long.parseLong(made)).orElseThrow();
        assertThat(there.path("code").asText() + " " + there.path("price").asInt()).isEqualTo("KEPT-" + id + " 25");
        assertThat(book.one("select former_key from syncline.push where row_id = ? and entity = 'materials' and state = 'done'", String.class, row))
                .isEqualTo(Long.toString(id));
        book.sandbox.clock().advance(Duration.ofHours(1));
        assertThat(Pricebook.counts(book.full(), "materials")).as("promise 11").doesNotContainKey("create");
        assertThat(book.count("pricebook.materials where code = ?", "KEPT-" + id)).isOne();
    }

    /** A tree loses its middle: what is below is told the new key of it, what merely names it in a list is left as it is, and nothing goes round and round. */
    @Test
    void whatIsBelowACategoryThatIsMadeAnewLeadsToItByItsNewKey() {
        long middle = ++next;
        long below = ++next;
        put(Entity.CATEGORIES, middle, "{\"name\": \"Middle " + middle + "\", \"categoryType\": \"Materials\"}");
        put(Entity.CATEGORIES, below, "{\"name\": \"Below " + below + "\", \"categoryType\": \"Materials\", \"parentId\": " + middle + "}");
        put(Entity.MATERIALS, id, "{\"categories\": [" + middle + "]}");
        book.full();
        long category = rowOf("categories", middle);
        book.sandbox.remove(Entity.CATEGORIES, middle);
        long conflict = conflict("categories", category, "name = 'Kept " + middle + "'");
        long before = calls();
        keepOurs(conflict);
        until(() -> !Long.toString(middle).equals(key("categories", category))
                && book.columns("categories", below, "parent_id, sync_status").equals(key("categories", category) + "|synced"));
        untilNothingIsUnderWay();
        String made = key("categories", category);
        assertThat(effects(Entity.CATEGORIES, before)).containsExactlyInAnyOrder(Mutation.Kind.CREATED + " " + made, Mutation.Kind.MOVED + " " + below);
        assertThat(book.sandbox.record(Entity.CATEGORIES, below).orElseThrow().path("parentId").asText()).isEqualTo(made);
        long published = book.count("syncline.snapshot");
        book.run(Mode.PUSH, false, null, null, null);
        untilNothingIsUnderWay();
        assertThat(book.count("syncline.snapshot")).as("promise 10").isEqualTo(published);
        assertThat(book.columns("materials", id, "categories, sync_status")).as("a list says what it says there").isEqualTo("[" + middle + "]|synced");
        assertThat(book.sandbox.effects().stream().filter(effect -> effect.call() > before).map(Effect::entity)).containsOnly(Entity.CATEGORIES);
    }
}

package io.syncline.inspect;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.schedule.Turnstile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What was superseded longer ago than the sync keeps it loses its content, unless a decision points to it; the chain holds. Promises 19 and 20. */
class RetentionTest {
    private static final String ITEM = "/api/v1/syncs/goods/entities/items/records/1";
    @TempDir
    private static Path folder;
    private static Turnstile source;
    private static RunningSyncline syncline;

    @BeforeAll
    static void start() {
        source = new Turnstile();
        Path config = source.configure(folder, "{full: \"0 0 2 * * ?\"}\nretention: {history: 1s}");
        syncline = RunningSyncline.start(config, TestPostgres.url(), Map.of());
    }

    @AfterAll
    static void stop() {
        syncline.close();
        source.close();
    }

    private static JdbcClient sql() {
        return syncline.sql();
    }

    private static long edited(String name) {
        sql().sql("update goods.items set name = ? where sk_id = '1'").param(name).update();
        return syncline.full("goods").path("snapshot").path("number").asLong();
    }

    /** An entry of the outbox that has ended, one that has not, and a webhook that was read. */
    private static void sent() {
        for (String word : List.of("sent canary", "waiting canary")) {
            sql().sql("""
                    insert into syncline.push (sync, entity, organisation, row_id, key, action, state, document, hash, agreed, agreed_hash, run_id, created_at,
                          reason, ended_at)
                    select 'goods', 'items', 'default', 900 + length(:word), '9', 'update', case when :ended then 'done' else 'waiting' end, :word,
                           sha256('a'), :word, sha256('b'), max(id), clock_timestamp() - interval '1 h', :word,
                           case when :ended then clock_timestamp() - interval '1 h' end from syncline.run""").param("word", word)
                    .param("ended", word.startsWith("sent")).update();
        }
        sql().sql("""
                insert into syncline.webhook (organisation, system, delivery, digest, body, sync, entity, key, state, ended_at)
                values ('default', 'stock', 'd', sha256('a'), 'told canary', 'goods', 'items', '1', 'done', clock_timestamp() - interval '1 h')""").update();
    }

    private static String looked(long snapshot) {
        var answer = syncline.call("GET", ITEM + "?snapshot=" + snapshot, null);
        return answer.statusCode() + " " + RunningSyncline.json(answer.body()).path(answer.statusCode() == 200 ? "fields" : "code");
    }

    @Test
    void itIsDoneByTheClock(@TempDir Path other) {
        Path config = source.configure(other, "{full: \"0 0 0 1 1 ? 2099\"}\nretention: {history: 1s}");
        try (RunningSyncline clocked = RunningSyncline.start(config, TestPostgres.url(), Map.of("syncline.schedules.enabled", "true",
                "syncline.retention.look", "* * * * * ?"))) {
            clocked.full("goods");
            clocked.sql().sql("update goods.items set name = 'another' where sk_id = '1'").update();
            clocked.full("goods");
            await().atMost(Duration.ofMinutes(2)).until(() -> clocked.sql().sql("select bool_and(document = '') from goods.items_history").query(Boolean.class)
                    .optional().orElse(false));
        }
    }

    @Test
    void whatWasSupersededLongAgoGoesAndWhatWasDecidedAboutStays() {
        syncline.full("goods");
        long first = edited("first canary");
        long decided = edited("decided canary");
        syncline.call("POST", "/api/v1/decisions",
                "{\"sync\": \"goods\", \"entity\": \"items\", \"key\": \"1\", \"what\": \"dispatch\", \"reason\": \"urgent\"}");
        long third = edited("third canary");
        long last = edited("last canary");
        sql().sql("update goods.items set name = 'unsealed canary' where sk_id = '1'").update();
        sent();
        await().atMost(Duration.ofSeconds(60)).until(() -> sql().sql("select max(valid_to) < clock_timestamp() - interval '1 s' from goods.items_history")
                .query(Boolean.class).single());

        syncline.bean(Retention.class).removeExpired();

        assertThat(List.of(looked(first), looked(decided), looked(third), looked(last))).containsExactly("410 \"expired\"",
                "200 {\"name\":\"decided canary\"}", "410 \"expired\"", "200 {\"name\":\"last canary\"}");
        assertThat(RunningSyncline.json(syncline.call("GET", ITEM + "?snapshot=" + first, null).body()).path("by").asText()).isEqualTo("retention");
        assertThat(sql().sql("select string_agg(t::text, ' ') from syncline.local_edit t").query(String.class).single()).doesNotContain("first", "third")
                .contains("decided canary", "last canary", "unsealed canary");
        assertThat(sql().sql("select count(*) from goods.items_history where document <> ''").query(Long.class).single()).isOne();
        assertThat(sql().sql("select string_agg(p::text || convert_from(w.body, 'UTF8'), ' ') from syncline.push p, syncline.webhook w")
                .query(String.class).single())
                .doesNotContain("sent canary", "told canary").contains("waiting canary");
        assertThat(sql().sql("select problem from syncline.verify_chain('goods')").query(String.class).list()).isEmpty();
        assertThat(sql().sql("select problem from syncline.verify_ledgers()").query(String.class).list()).isEmpty();
        syncline.bean(Retention.class).removeExpired();
        assertThat(sql().sql("select count(*) from syncline.removal").query(Long.class).single()).as("nothing more has expired").isOne();
        assertThat(sql().sql("select count(*) from syncline.activity where action = 'history-expired'").query(Long.class).single()).isOne();
        assertThat(edited("after it")).isGreaterThan(last);
        assertThat(sql().sql("select problem from syncline.verify_chain('goods')").query(String.class).list()).isEmpty();
    }
}

package io.syncline.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.run.Mode;
import io.syncline.source.WriteOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The whole product and a workshop that fails as asked; before each test a thing of its own is agreed with it, and after each nothing is left over. */
abstract class AtTheWorkshop {
    @TempDir
    static Path folder;
    static Workshop workshop;
    static RunningSyncline syncline;
    static JdbcClient sql;
    static String database;
    static int last;

    String id;

    @BeforeAll
    static void start() {
        workshop = new Workshop();
        workshop.configure(folder);
        database = TestPostgres.url();
        syncline = workshop.product(folder, database, Map.of());
        sql = syncline.sql();
    }

    @AfterAll
    static void stop() {
        workshop.close();
        syncline.close();
    }

    /** A thing of its own, agreed with the workshop. */
    @BeforeEach
    void agree() {
        id = Integer.toString(++last);
        workshop.put("things", id, "{\"name\": \"Thing " + id + "\", \"price\": 1, \"gone\": false}");
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
    }

    @AfterEach
    void nothingIsLeftOverAndTheChainHolds() {
        workshop.tellsNothing(false);
        sql.sql("update syncline.push set state = 'discarded', ended_at = clock_timestamp() where state in ('parked', 'unknown')").update();
        until(() -> count("syncline.push where ended_at is null") == 0 && count("syncline.run where finished_at is null") == 0);
        assertThat(sql.sql("select problem from syncline.verify_chain('stock')").query(String.class).list()).isEmpty();
    }

    static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    static long count(String what) {
        return sql.sql("select count(*) from " + what).query(Long.class).single();
    }

    void edit(int price) {
        sql.sql("update stock.things set price = ? where ws_id = ?").params(price, id).update();
    }

    String status() {
        return sql.sql("select sync_status from stock.things where ws_id = ?").param(id).query(String.class).single();
    }

    String state() {
        return sql.sql("select state || coalesce(': ' || reason, '') from syncline.push where key = ? order by number desc limit 1").param(id)
                .query(String.class).optional().orElse("none");
    }

    List<String> effects() {
        return workshop.effects().stream().filter(effect -> effect.split(" ")[1].equals(id)).toList();
    }

    List<WriteOrder> orders() {
        return workshop.orders().stream().filter(order -> id.equals(order.key())).toList();
    }

    /** Whoever sent it has slept too long: waits until one order hangs, and has its claim end. */
    static void theClaimOfWhatHangsEnds() {
        until(() -> workshop.hung().size() == 1);
        assertThat(sql.sql("update syncline.push set claimed_until = clock_timestamp() - interval '1 second' where id = ? and state = 'sending'")
                .param(workshop.hung().get(0)).update()).isOne();
    }

    void untilThere(int price) {
        until(() -> workshop.get("things", id).path("price").asInt() == price && status().equals("synced"));
    }

    static JsonNode asked(String method, String path, String body, int status) {
        HttpResponse<String> answer = syncline.call(method, "/api/v1" + path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return RunningSyncline.json(answer.body());
    }
}

package io.syncline.killrig;

import io.syncline.TestPostgres;
import io.syncline.sandbox.Effect;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.Mutation;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Promises 4, 11 and 12: a thousand edits reach the system once each, though the process is killed with kill -9 while it sends them, again and again, and the
 * answer to every twentieth write is lost.
 */
class PushKilledIT {
    private static final int UPDATED = 900;
    private static final int MADE = 60;
    private static final int DELETED = 40;
    private static final Duration LONG = Duration.ofMinutes(4);

    @TempDir
    private Path folder;
    private final String database = TestPostgres.url();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database));

    @Test
    void everyEditTakesEffectOnceWhateverDiesInBetween() {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start()) {
            try (Child first = start(sandbox)) {
                first.answer("POST", "/api/sync/pricebook/full");
                sandbox.fault("* method=PATCH every=20 -> lost-answer\n* method=POST every=20 -> lost-answer\n* method=DELETE every=20 -> lost-answer");
                edit();
                killAfter(100, first, sandbox);
            }
            for (int effects : new int[] {350, 700}) {
                try (Child next = start(sandbox)) {
                    killAfter(effects, next, sandbox);
                }
            }
            try (Child last = start(sandbox)) {
                await().atMost(LONG).untilAsserted(() -> assertThat(sql.sql("""
                        select sync_status || ' ' || count(*) from pricebook.materials group by sync_status
                        union all select state || ' ' || count(*) from syncline.push where ended_at is null group by state""").query(String.class).list())
                        .containsExactly("synced " + count("pricebook.materials")));
                last.answer("POST", "/api/sync/pricebook/full");
                assertThat(count("pricebook.materials where sync_status <> 'synced' or has_conflict")).isZero();
            }
            assertThat(effects(sandbox)).isEqualTo(expected());
            assertThat(sandbox.journal().stream().filter(call -> "lost-answer".equals(call.fault()) && call.effect()))
                    .as("writes that took effect and were not answered").hasSizeGreaterThanOrEqualTo((UPDATED + MADE + DELETED) / 25);
            assertThat(count("pricebook.materials where code like 'MADE-%' and st_id is not null")).isEqualTo(MADE);
            assertThat(count("syncline.verify_chain('pricebook')")).isZero();
            assertThat(count("syncline.attention where state = 'open'")).isZero();
        }
    }

    private void edit() {
        sql.sql("update pricebook.materials set price = 1000 + row_id where row_id in (select row_id from pricebook.materials_live order by row_id limit ?)")
                .param(UPDATED).update();
        sql.sql("insert into pricebook.materials (code, description) select 'MADE-' || n, 'made here' from generate_series(1, ?) n").param(MADE).update();
        sql.sql("delete from pricebook.materials where row_id in (select row_id from pricebook.materials_live where st_id is not null"
                + " order by row_id desc limit ?)").param(DELETED).update();
    }

    /** How often each edited record was changed by what was sent. */
    private static Map<String, Integer> effects(ServiceTitanSandbox sandbox) {
        Map<String, Integer> effects = new TreeMap<>();
        for (Effect effect : written(sandbox)) {
            String record = effect.kind() == Mutation.Kind.CREATED ? effect.changes().get("code").after().asText() : Long.toString(effect.id());
            effects.merge(effect.kind() + " " + record, 1, Integer::sum);
        }
        return effects;
    }

    private Map<String, Integer> expected() {
        Map<String, Integer> once = new HashMap<>();
        sql.sql("""
                select case action when 'create' then 'CREATED ' || (document::jsonb ->> 'code') when 'delete' then 'DEACTIVATED ' || key
                       else 'UPDATED ' || key end
                from syncline.push where state = 'done'""").query(String.class).list().forEach(entry -> once.put(entry, 1));
        assertThat(once).hasSize(UPDATED + MADE + DELETED);
        return new TreeMap<>(once);
    }

    private static List<Effect> written(ServiceTitanSandbox sandbox) {
        return sandbox.effects().stream().filter(effect -> effect.entity() == Entity.MATERIALS).toList();
    }

    private void killAfter(int effects, Child child, ServiceTitanSandbox sandbox) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> written(sandbox).size() >= effects);
        child.kill();
    }

    private int count(String what) {
        return sql.sql("select count(*) from " + what).query(Integer.class).single();
    }

    private Child start(ServiceTitanSandbox sandbox) {
        Map<String, String> settings = new TreeMap<>(Map.of("SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(),
                "SERVICETITAN_PRIVATE_NETWORK", "true", "SERVICETITAN_TENANT", sandbox.options().tenant(),
                "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(), "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(),
                "SERVICETITAN_APP_KEY", sandbox.options().appKey(), "SAP_USER", "nobody", "SAP_PASSWORD", "nothing"));
        settings.putAll(Map.of("syncline.push.after-save", "true", "syncline.push.deliver", "true", "syncline.push.claim", "6s", "syncline.push.first", "200ms",
                "syncline.push.most", "2s", "syncline.push.due", "0/1 * * * * ?", "syncline.push.look", "0/2 * * * * ?", "syncline.runs.patience", "3s",
                "syncline.database.url", database));
        return Child.start(folder, Path.of("config").toAbsolutePath(),
                settings.entrySet().stream().map(each -> "--" + each.getKey() + "=" + each.getValue()).toArray(String[]::new));
    }
}

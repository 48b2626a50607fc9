package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.access.HostAccess;
import io.syncline.access.Role;
import io.syncline.activity.Activity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

import java.util.List;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What tables tell by themselves, in the transaction that makes it so: no door can forget it. */
class ActivityDoorTest {
    private static Doors doors;

    @BeforeAll
    static void open() {
        doors = Doors.open();
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    private static List<String> told(String key, String filter) {
        JsonNode items = doors.get("/api/v1/activity?limit=1000" + filter, key).json().path("items");
        return StreamSupport.stream(items.spliterator(), false).map(item -> item.path("actor").asText() + " " + item.path("action").asText() + " "
                + item.path("key").asText(item.path("sync").asText()) + ": " + item.path("detail").asText()).toList();
    }

    @Test
    void keysSignInsAndLinksAreToldWithWhoDidItAndWithoutSecrets() {
        String admin = doors.key("boss", "told", Role.ADMIN);
        String made = doors.post("/api/v1/keys", admin, "{\"name\": \"nightly\", \"role\": \"operator\"}").json().path("id").asText();
        doors.post("/api/v1/links", admin, "{\"name\": \"Ann\", \"role\": \"viewer\"}");
        String cookie = doors.post("/api/v1/session", null, "{\"key\": \"" + admin + "\"}").header("Set-Cookie").replaceAll(";.*", "");
        assertThat(doors.send("DELETE", "/api/v1/session", null, null, "Cookie", cookie, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(204);
        doors.send("DELETE", "/api/v1/keys/" + made, admin, null);
        doors.send("DELETE", "/api/v1/keys/" + made, admin, null);
        assertThat(told(admin, "")).containsExactly("boss key-revoked nightly: operator", "boss signed-out null: admin", "boss signed-in null: admin",
                "boss link-made Ann: viewer", "boss key-made nightly: operator", "test key-made boss: admin");
        assertThat(doors.get("/api/v1/activity", admin).text()).doesNotContain("sln_", admin.substring(12));
        assertThat(told(admin, "&action=key-made&actor=boss")).hasSize(1);
        assertThat(told(admin, "&to=2001-01-01T00:00:00Z")).isEmpty();
    }

    @Test
    void readersBySqlAreToldLikeKeys() {
        String viewer = doors.key("watching", "readers", Role.VIEWER);
        HostAccess host = new HostAccess(doors.application.getBean(DataSource.class));
        String role = "told_" + ProcessHandle.current().pid();
        host.newReader(role, "readers");
        host.confineReader(role, "readers");
        host.confineReader(role, "elsewhere");
        host.confineReader(role, "readers");
        host.dropReader(role);
        assertThat(told(viewer, "")).containsExactly("host reader-dropped " + role + ": null", "host reader-made " + role + ": null",
                "host reader-dropped " + role + ": null", "host reader-made " + role + ": null", "test key-made watching: viewer");
    }

    @Test
    void runsAreToldWhoeverAsksForThemAndCancelledOnesToo() {
        String viewer = doors.key("looker", "asking", Role.VIEWER);
        long run = new StoredRuns(doors.sql).running("asking", "pricebook", "full");
        doors.sql.sql("update syncline.run set cancel_asked_at = clock_timestamp(), cancel_asked_by = 'Otto' where id = ?").param(run).update();
        doors.sql.sql("update syncline.run set cancel_asked_at = clock_timestamp() where id = ?").param(run).update();
        long records = new StoredRuns(doors.sql).running("asking", "pricebook", "single");
        doors.sql.sql("insert into syncline.run_record (run_id, key, requested_by) values (?, '7', 'Otto'), (?, '8', 'retry')").params(records, records)
                .update();
        assertThat(told(viewer, "&sync=pricebook")).containsExactly("Otto run-requested 7: record", "Otto run-cancelled pricebook: null",
                "nightly run-requested pricebook: full, asked for by api");
    }

    @Test
    void pausedSchedulesAreToldWithWhoPausedThem() {
        String viewer = doors.key("watcher", "timed", Role.VIEWER);
        doors.sql.sql("insert into syncline.schedule (name, sync, organisation, mode, cron, zone, jitter, catch_up)"
                + " values ('s', 'p', 'timed', 'full', '0 0 2 * * ?', 'UTC', '0', false)").update();
        doors.sql.sql("update syncline.schedule set paused_at = now(), paused_by = 'Otto' where name = 's'").update();
        doors.sql.sql("update syncline.schedule set owed_since = now() where name = 's'").update();
        doors.application.getBean(Activity.class).by("Ann", () ->
                doors.sql.sql("update syncline.schedule set paused_at = null, paused_by = null where name = 's'")
                .update());
        assertThat(told(viewer, "&sync=p")).containsExactly("Ann schedule-resumed p: s", "Otto schedule-paused p: s");
    }

    @Test
    void whatWasToldStays() {
        doors.key("anybody", "kept", Role.VIEWER);
        for (String statement : List.of("delete from syncline.activity", "update syncline.activity set actor = 'nobody'", "truncate syncline.activity")) {
            assertThatThrownBy(() -> doors.sql.sql(statement).update()).as(statement).isInstanceOf(DataAccessException.class)
                    .hasStackTraceContaining("what is sealed stays as it is");
        }
    }

    @Test
    void nobodySeesWhatOthersDid() {
        doors.key("secretive", "hidden", Role.ADMIN);
        String other = doors.key("curious", "elsewhere-told", Role.ADMIN);
        assertThat(told(other, "")).containsExactly("test key-made curious: admin");
        assertThat(told(other, "&actor=secretive")).isEmpty();
        assertThat(doors.get("/api/v1/activity", null).status()).isEqualTo(401);
        assertThat(doors.get("/api/v1/activity?cursor=x&limit=0", other).status()).isEqualTo(400);
    }
}

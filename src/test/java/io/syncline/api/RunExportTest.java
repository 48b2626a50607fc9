package io.syncline.api;

import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import io.syncline.export.Csv;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class RunExportTest {
    private static final String REPORT = "{\"entities\":[{\"entity\":\"services\","
            + "\"delivered\":9,\"counts\":{\"create\":2,\"unchanged\":7},\"notPublished\":0}]}";

    private static Doors doors;
    private static StoredRuns runs;

    @BeforeAll
    static void open() {
        doors = Doors.open();
        runs = new StoredRuns(doors.sql);
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    @Test
    void everyRunIsARowWhereverTheStepsOfReadingEnd() {
        String key = doors.key("looker", "many", Role.VIEWER);
        doors.sql.sql("""
                insert into syncline.run (organisation, sync, mode, state, trigger, requested_by, finished_at, report)
                select 'many', 'pricebook', 'full', 'published', 'api', 'ann', clock_timestamp(), ? from generate_series(1, 1203)""").param(REPORT).update();
        runs.ended("other", "pricebook", "full", "published", "api", "stranger", "2026-11-02T00:00:00Z", REPORT);
        Answered answer = doors.get("/api/v1/runs.csv", key);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/csv;").contains("charset=UTF-8");
        assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"runs.csv\"");
        String[] rows = answer.text().split("\r\n", -1);
        assertThat(rows).hasSize(1205);
        assertThat(rows[1204]).isEmpty();
        List<String> names = List.of(rows[0].split(","));
        assertThat(names).startsWith("run", "sync", "mode").contains("create", "unchanged", "matched")
                .endsWith("notPublished", "failure").doesNotHaveDuplicates();
        assertThat(Arrays.stream(rows).limit(1204)).allSatisfy(row -> assertThat(row.split(",", -1)).hasSize(names.size()));
        assertThat(rows[1].split(",", -1)[names.indexOf("unchanged")]).isEqualTo("7");
        assertThat(Arrays.stream(rows).skip(1).limit(1203).map(row -> row.split(",")[0]).distinct()).hasSize(1203);
    }

    @Test
    void filtersHoldForTheTableToo() {
        String key = doors.key("chooser", "some", Role.VIEWER);
        runs.ended("some", "pricebook", "full", "published", "api", "ann", "2026-11-02T00:00:00Z", REPORT);
        runs.ended("some", "stock", "full", "failed", "api", "ann", "2026-11-02T00:00:00Z", REPORT);
        assertThat(doors.get("/api/v1/runs.csv?state=failed", key).text().lines()).hasSize(2).last().asString().contains("stock").endsWith(",it failed");
        assertThat(doors.get("/api/v1/runs.csv?state=big", key).status()).isEqualTo(400);
    }

    @Test
    void noTextBecomesAFormulaAndNumbersStayNumbers() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Csv(out).row(Arrays.asList("=1+1", "+1", "-1", "@a", "\ta", "\ra", -1, 4.5, true, null, "a,b", "say \"so\"", "two\r\nlines", "a=b", ""));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(
                "'=1+1,'+1,'-1,'@a,'\ta,\"'\ra\",-1,4.5,true,,\"a,b\",\"say \"\"so\"\"\",\"two\r\nlines\",a=b,\"\"\r\n");
        String key = doors.key("hostile", "formulas", Role.VIEWER);
        runs.ended("formulas", "pricebook", "full", "published", "api", "=HYPERLINK(\"http://evil\")", "2026-11-02T00:00:00Z", REPORT);
        assertThat(doors.get("/api/v1/runs.csv", key).text()).contains(",\"'=HYPERLINK(\"\"http://evil\"\")\",");
    }

    @Test
    void aFailureInTheMiddleCutsTheConnectionOff() throws IOException {
        String key = doors.key("unlucky", "broken", Role.VIEWER);
        doors.sql.sql("""
                insert into syncline.run (organisation, sync, mode, state, trigger, requested_by, finished_at, report)
                select 'broken', 'pricebook', 'full', 'published', 'api', 'ann', clock_timestamp(), case when n = 1 then 'no JSON' else ? end
                from generate_series(1, 700) n""").param(REPORT).update();
        String raw = doors.raw("GET /api/v1/runs.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key + "\r\nConnection: close\r\n\r\n");
        assertThat(raw).startsWith("HTTP/1.1 200").contains("Transfer-Encoding: chunked").contains("pricebook");
        assertThat(raw).as("the last chunk says that it is complete, and must not come").doesNotEndWith("0\r\n\r\n");
        String whole = doors.raw("GET /api/v1/runs.csv?from=2000-01-01T00:00:00Z HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                + doors.key("lucky", "whole", Role.VIEWER) + "\r\nConnection: close\r\n\r\n");
        assertThat(whole).as("one that is complete").contains("failure");
    }
}

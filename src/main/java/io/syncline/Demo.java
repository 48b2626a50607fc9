package io.syncline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.run.AnotherRunIsActive;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;
import io.syncline.sandbox.SapSandbox;
import io.syncline.sandbox.ServiceTitanSandbox;
import io.syncline.store.DatabaseAddress;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

import java.time.Duration;

/** With the profile {@code demo}: syncs the sandbox's price book once at start and says what to try next. */
@Component
@Profile("demo")
class Demo implements ApplicationListener<ApplicationReadyEvent>, Ordered {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Runs runs;
    private final ObjectMapper json;
    private final Environment environment;
    private final ObjectProvider<ServiceTitanSandbox> sandbox;
    private final ObjectProvider<SapSandbox> sap;
    private final DatabaseAddress database;

    Demo(Runs runs, ObjectMapper json, Environment environment, ObjectProvider<ServiceTitanSandbox> sandbox, ObjectProvider<SapSandbox> sap,
            DatabaseAddress database) {
        this.runs = runs;
        this.json = json;
        this.environment = environment;
        this.sandbox = sandbox;
        this.sap = sap;
        this.database = database;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        long run = run();
        if (runs.awaitEnd(run, PATIENCE)) {
            System.out.print(told(read(runs.report("default", run).orElseThrow())));
        } else {
            System.out.printf("%nRun %d of the price book goes on. Its report: GET http://%s:%s/api/v1/runs/%d%n", run,
                    environment.getProperty("server.address"), environment.getProperty("local.server.port"), run);
        }
        System.out.flush();
    }

    /** A run that a process before has left goes on, and is waited for. */
    private long run() {
        try {
            return runs.request(new RunRequest("pricebook", "default", Mode.FULL, false, null, null, null, "demo", "demo")).run();
        } catch (AnotherRunIsActive left) {
            return left.active();
        }
    }

    private String told(JsonNode report) {
        StringBuilder told = new StringBuilder("\nThe price book has been synced: run ").append(report.path("run").asText()).append(' ')
                .append(report.path("state").asText()).append(" in ").append(report.path("durationMs").asText()).append(" ms, snapshot ")
                .append(report.path("snapshot").path("number").asText()).append(".\n");
        report.path("entities").forEach(entity -> told.append("  %-12s%s%n".formatted(entity.path("entity").asText(), entity.path("counts"))));
        String address = environment.getProperty("server.address");
        String port = environment.getProperty("local.server.port");
        return told.append("""

                Try, in another terminal:
                  PG=%s
                  psql $PG -c "select code, display_name, price from pricebook.materials_live order by price desc limit 5"
                """.formatted(database.forPsql())).append(sandbox.stream().map(here -> """
                  curl -X POST %s/_control/mutate -d '{"seed": 7, "count": 25}'
                """.formatted(here.url())).findFirst().orElse("")).append("""
                  curl -X POST -H "Authorization: Bearer $KEY" http://%s:%s/api/sync/pricebook/full
                The caseload of SAP is read when somebody asks for it: Refresh in the dashboard, or
                  curl -X POST -H "Authorization: Bearer $KEY" http://%s:%s/api/sync/cases/full
                %s
                The README has more.

                """.formatted(address, port, address, port, sap.stream().findFirst()
                .map(here -> "  curl " + here.url() + "/_control/journal     # all that SAP was asked").orElse(""))).toString();
    }

    private JsonNode read(String report) {
        try {
            return json.readTree(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("reports are JSON", e);
        }
    }

    /** After the log has said where the server listens. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}

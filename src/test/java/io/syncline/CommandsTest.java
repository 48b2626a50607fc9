package io.syncline;

import io.syncline.dashboard.HeldAnswers;
import io.syncline.run.Mode;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Commands against the product as it runs. */
class CommandsTest {
    private static final String DATABASE = TestPostgres.url();
    private static ServiceTitanSandbox sandbox;
    private static RunningSyncline syncline;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();

    @BeforeAll
    static void start() {
        sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT);
        syncline = RunningSyncline.with(sandbox, DATABASE);
        syncline.full("pricebook");
    }

    @AfterAll
    static void stop() {
        syncline.close();
        sandbox.close();
    }

    @Test
    void aRepairMendsWhatSomebodyWroteBehindOurBackAndOnlyWithAFullRun() throws SQLException {
        assertThat(ask("run", "pricebook", "--repair")).isEqualTo(1);
        assertThat(complaints.toString(StandardCharsets.UTF_8)).contains("only a full run mends rows");
        String row = "pricebook.materials where st_id = '8002'";
        try (Connection behind = DriverManager.getConnection(DATABASE)) {
            behind.createStatement().execute("begin; set local syncline.publishing = 'on'; update pricebook.materials set price = 0.0101"
                    + " where st_id = '8002'; commit");
        }
        assertThat(price(row)).isEqualTo("0.0101");
        assertThat(ask("run", "pricebook", "--mode", "full", "--repair")).as(complaints.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("published", "1 update", "Mended");
        assertThat(price(row)).isNotEqualTo("0.0101");
    }

    /** What nobody could tell of is settled where people work, here too. */
    @Test
    void theOutboxIsListedAndWhatNobodyCanTellOfIsSettled() {
        syncline.sql().sql("update pricebook.materials set price = 77.25 where st_id = '8003'").update();
        syncline.run(RunningSyncline.request("pricebook", Mode.PUSH));
        String number = syncline.sql().sql("select number::text from syncline.push where key = '8003' and ended_at is null").query(String.class).single();
        String unknown = "update syncline.push set state = 'unknown', reason = 'Nothing tells.', first_sent_at = now(),"
                + " next_attempt_at = null where number = ?";
        syncline.sql().sql(unknown).param(Long.parseLong(number)).update();
        assertThat(ask("outbox", "list", "pricebook", "--state", "unknown", "--record", "8003")).as(complaints.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(number, "update", "8003", "Nothing tells.");
        assertThat(ask("outbox", "settle", "pricebook", number)).as("one of both is said").isEqualTo(64);
        assertThat(ask("outbox", "settle", "pricebook", number, "--arrived", "--not-arrived")).isEqualTo(64);
        assertThat(ask("outbox", "settle", "pricebook", number, "--not-arrived")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Push " + number + " is waiting.");
        assertThat(ask("outbox", "retry", "pricebook", number)).isZero();
        assertThat(ask("outbox", "discard", "pricebook", number, "--reason", "a slip", "--revert")).isZero();
        assertThat(price("pricebook.materials where st_id = '8003'")).isNotEqualTo("77.25");
        assertThat(ask("outbox", "list", "pricebook")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Nothing is on its way.");
    }

    @Test
    void aKeyIsRevokedOnTheHostAndWhatIsThereNotIsSaid() {
        assertThat(atHost("key", "new", "--name", "short-lived", "--role", "viewer")).isZero();
        String key = out.toString(StandardCharsets.UTF_8).strip();
        assertThat(ask("status", "pricebook", "--key", key)).isZero();
        String id = syncline.sql().sql("select id::text from syncline.api_key where name = 'short-lived'").query(String.class).single();
        assertThat(atHost("key", "revoke", id)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Key " + id + " is revoked.");
        assertThat(ask("status", "pricebook", "--key", key)).isEqualTo(1);
        assertThat(complaints.toString(StandardCharsets.UTF_8)).contains("unknown or revoked");
        assertThat(atHost("key", "revoke", "987654")).isEqualTo(1);
        assertThat(complaints.toString(StandardCharsets.UTF_8)).contains("has no key 987654", "syncline key list");
        assertThat(atHost("key", "revoke", "first")).isEqualTo(64);
    }

    @Test
    void aRoleMadeOtherwiseIsConfinedAndOneThatSeesEverythingIsNot() {
        String role = "confined_" + ProcessHandle.current().pid();
        syncline.sql().sql("create role " + role + " login").update();
        assertThat(atHost("reader", "confine", role)).as(complaints.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(role + " reads the organisation default.");
        assertThat(atHost("reader", "list")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern(role + " +default");
        assertThat(atHost("reader", "confine", "postgres")).isEqualTo(1);
        assertThat(complaints.toString(StandardCharsets.UTF_8)).contains("sees every organisation");
        assertThat(atHost("reader", "confine", "nobody_here")).isEqualTo(1);
        assertThat(complaints.toString(StandardCharsets.UTF_8)).contains("no role nobody_here");
        assertThat(atHost("reader", "drop", role)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("The role itself stays");
        syncline.sql().sql("drop role " + role).update();
        assertThat(atHost("reader", "drop", role)).isEqualTo(1);
    }

    @Test
    void filesOfSuppliersAreTakenAndWhatTheyBroughtIsTold() {
        int taken = ask("import", "pricebook", "vendor_prices");
        assertThat(taken).as(complaints.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("Import \\d+: done\\.")
                .containsPattern("ced-2026-11.csv +taken +11 created, 1 unknown")
                .contains("line 13, unknown: there is no record of materials whose code is NO-SUCH-PART");
        assertThat(ask("import", "pricebook", "vendor_prices")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("ced-2026-11.csv +known").contains("Its content was taken before.");
        assertThat(ask("import", "pricebook", "vendor_prices", "--force", "--json")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"forced\" : true", "\"unchanged\" : 11");
        assertThat(ask("import", "pricebook", "vendor_prices", "--no-wait")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("Import \\d+ is under way\\.");
        assertThat(ask("import", "pricebook", "nothing")).isEqualTo(1);
        assertThat(complaints.toString(StandardCharsets.UTF_8)).contains("no such import");
    }

    /** Ctrl-C, a terminal that is closed and SIGTERM come to the same; only the last is never ignored by a process that a test starts. */
    @Test
    void whoeverLeavesIsToldThatTheRunGoesOnAndCancellingSaysWhenItEnds() throws Exception {
        HeldAnswers answers = new HeldAnswers();
        sandbox.fault(FaultRule.on("/materials", answers.fault()).page(2));
        Process leaving = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-XX:TieredStopAtLevel=1", "-cp", classpath(),
                Syncline.class.getName(), "run", "pricebook", "--mode", "full", "--url", syncline.url(), "--key", RunningSyncline.KEY).start();
        try (BufferedReader told = leaving.errorReader()) {
            String run = told.readLine().replaceFirst("run (\\d+) .*", "$1");
            leaving.toHandle().destroy();
            assertThat(told.lines().collect(Collectors.joining("\n"))).contains("Run " + run + " goes on.", "syncline cancel " + run);
            assertThat(leaving.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(ask("cancel", run)).as(complaints.toString(StandardCharsets.UTF_8)).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("Run " + run + " ends at its next page.");
            answers.letAll();
            await().atMost(Duration.ofMinutes(1)).until(() -> syncline.sql().sql("select state from syncline.run where id = ?").param(Long.parseLong(run))
                    .query(String.class).single().equals("cancelled"));
        } finally {
            leaving.destroyForcibly();
            answers.letAll();
            sandbox.clearFaults();
        }
    }

    private static String price(String row) {
        return syncline.sql().sql("select price::text from " + row).query(String.class).single();
    }

    private int ask(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--url", syncline.url()));
        if (!all.contains("--key")) {
            all.addAll(List.of("--key", RunningSyncline.KEY));
        }
        return run(all);
    }

    private int atHost(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--syncline.database.url=" + DATABASE);
        return run(all);
    }

    private int run(List<String> words) {
        out.reset();
        complaints.reset();
        return Syncline.command(words, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(complaints, true, StandardCharsets.UTF_8));
    }

    private static String classpath() {
        return CommandsTest.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator)) : System.getProperty("java.class.path");
    }
}

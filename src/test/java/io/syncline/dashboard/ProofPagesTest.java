package io.syncline.dashboard;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.syncline.access.Role;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** What an auditor looks at: what became between two snapshots, what was decided about what, whether the chain holds. */
class ProofPagesTest extends Scene {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}";

    /** Changed with the second snapshot. */
    private static String changed;
    /** Deleted with the second snapshot. */
    private static String removed;
    /** As both snapshots have it; edited here by the tests. */
    private static String edited;

    @BeforeAll
    static void start(@TempDir Path folder) {
        begin(Stage.pricebook(folder));
        changed = stage.material(0);
        removed = stage.material(1);
        edited = stage.material(2);
        stage.put(0, "{\"price\": 10.5}");
        stage.syncline.full("pricebook");
        stage.put(0, "{\"price\": 6543.25, \"displayName\": \"" + HOSTILE + "\"}");
        stage.put(1, "{\"active\": false}");
        stage.syncline.full("pricebook");
        stage.syncline.full("pricebook");
        decide(changed, 1, "approval", "The old price was agreed.\nIn writing.");
        decide(changed, 2, "<b>" + "x".repeat(40), HOSTILE);
        decide(removed, 1, "refusal", "It is going.");
    }

    private static void decide(String key, int snapshot, String what, String reason) {
        String body = new JsonMapper().createObjectNode().put("sync", "pricebook").put("entity", "materials").put("key", key)
                .put("snapshot", snapshot).put("what", what).put("reason", reason).put("documentSha256", "ab".repeat(32)).toString();
        assertThat(stage.syncline.call("POST", "/api/v1/decisions", body).statusCode()).isEqualTo(201);
    }

    private static String compare(int from, int to) {
        return "/?view=compare&sync=pricebook&from=" + from + "&to=" + to;
    }

    private Locator row(String key) {
        return page.locator(".item:has(h3:has-text('" + key + "'))");
    }

    // ---------------------------------------------------------------- two snapshots

    @Test
    void twoSnapshotsAreComparedRecordByRecord() {
        open("/?view=snapshots");
        page.getByLabel("Compare snapshot", new Page.GetByLabelOptions().setExact(true)).fill("1");
        page.getByLabel("with snapshot").fill("2");
        button("Compare").click();
        assertThat(page.locator("main h1")).hasText("From snapshot 1 to 2");
        assertThat(page.locator(".result.is-chosen")).containsText("materials");
        assertThat(page.locator(".result.is-chosen .counts")).containsText("1 removed");
        assertThat(row(changed).locator("del").nth(1)).hasText("was 10.5");
        assertThat(row(changed).locator("ins").nth(1)).hasText("now 6543.25");
        page.getByLabel("What became of it").selectOption("removed");
        assertThat(page).hasURL(Pattern.compile("kind=removed$"));
        assertThat(row(changed)).hasCount(0);
        row(removed).getByText("What it said").click();
        assertThat(row(removed).locator(".changes")).containsText("code");
        row(removed).getByRole(AriaRole.LINK).click();
        assertThat(page.locator(".chooser")).containsText("As it was in snapshot 1");
    }

    @Test
    void snapshotsThatSayTheSameAreSaidTo() {
        open(compare(2, 3));
        assertThat(page.getByText("They say the same")).isVisible();
        page.getByLabel("with snapshot").fill("1");
        button("Compare").click();
        assertThat(page.getByText("This goes backwards in time.")).isVisible();
        assertThat(page.locator(".result.is-chosen .counts")).containsText("1 added");
        page.navigate(stage.syncline.url() + compare(1, 99));
        assertThat(page.getByText("There is no such snapshot")).isVisible();
        page.navigate(stage.syncline.url() + "/?view=compare&sync=" + URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8) + "&from=1&to=2");
        assertThat(page.getByText("There is no such sync")).isVisible();
    }

    @Test
    void aSnapshotIsTakenAlongByWhoMay() throws IOException {
        open("/?view=snapshot&sync=pricebook&number=1");
        Download download = page.waitForDownload(() -> link("CSV of materials").click());
        assertThat(Files.readString(download.path())).contains(changed).contains("10.5").doesNotContain("6543.25");
        open(Role.OPERATOR, "/?view=snapshot&sync=pricebook&number=1");
        assertThat(page.getByText("A reviewer can").first()).isVisible();
        assertThat(link("CSV of materials")).hasCount(0);
    }

    // ---------------------------------------------------------------- decisions

    @Test
    void decisionsAreFoundByWhatTheyAreAbout() {
        open("/");
        link("Decisions").click();
        assertThat(page.locator(".decisions .item")).hasCount(3);
        page.getByLabel("Key").fill(removed);
        page.getByLabel("Key").press("Enter");
        assertThat(page.locator(".decisions .item")).hasCount(1);
        assertThat(page.locator(".decisions .item")).containsText("It is going.");
        button("Clear").click();
        page.getByLabel("By", new Page.GetByLabelOptions().setExact(true)).fill("nobody");
        page.getByLabel("By", new Page.GetByLabelOptions().setExact(true)).press("Enter");
        assertThat(page.getByText("No decision is like that")).isVisible();
        button("Show all decisions").click();
        assertThat(page.locator(".decisions .item").nth(1).locator(".reason")).hasText(HOSTILE);
        assertThat(page.locator("img, .decisions b:text-is('x')")).hasCount(0);
        page.locator(".decisions .item").nth(2).getByRole(AriaRole.LINK).first().click();
        assertThat(page.locator(".chooser")).containsText("As it was in snapshot 1");
        assertThat(page.locator(".decided li")).hasCount(2);
    }

    /** What is not sealed could not be proven. */
    @Test
    void anEditThatIsNotSealedCannotBeDecidedAbout() {
        stage.syncline.sql().sql("update pricebook.materials set price = price + 1 where st_id = ?").param(edited).update();
        open("/?view=record&sync=pricebook&entity=materials&key=" + edited);
        button("Record a decision…").click();
        assertThat(page.locator(".toast")).containsText("no snapshot has sealed");
        assertThat(dialog()).hasCount(0);
        button("The version before").click();
        assertThat(page.locator(".chooser")).containsText("As it was at");
        button("Record a decision…").click();
        assertThat(dialog()).containsText("as it stood in snapshot 1");
        dialog().getByLabel("What is decided").fill("   ");
        dialog().getByRole(AriaRole.TEXTBOX, new Locator.GetByRoleOptions().setName("Why")).fill("because");
        dialog().getByText("Record it").click();
        assertThat(dialog()).containsText("Write something under");
        dialog().getByText("Not now").click();
        assertThat(page.locator(".decided li")).hasCount(0);
    }

    @Test
    void whoMayOnlyLookIsToldWhoMayDoIt() {
        open(Role.VIEWER, "/?view=record&sync=pricebook&entity=materials&key=" + changed);
        assertThat(page.locator(".decided")).containsText("A reviewer sees the evidence");
        assertThat(button("Record a decision…")).hasCount(0);
        page.navigate(stage.syncline.url() + "/?view=snapshots");
        assertThat(page.getByText("Operators can verify it")).isVisible();
        assertThat(button("Verify the chain")).hasCount(0);
    }

    // ---------------------------------------------------------------- the chain

    @Test
    void aChainThatWasBrokenIsSaidToBeWithItsFirstBrokenLink() {
        String tampered = """
                set session_replication_role = replica;
                update pricebook.materials_history set document = replace(document, '%%s', '%%s') where st_id = '%s';
                set session_replication_role = origin""".formatted(changed);
        stage.syncline.sql().sql(tampered.formatted("10.5", "10.6")).update();
        try {
            open("/?view=snapshots");
            button("Verify the chain").click();
            assertThat(page.locator(".chain .pill")).hasText("Broken");
            assertThat(page.locator(".broken li").first()).containsText("Snapshot 1");
            Stage.shoot(page, "chain-broken-1024-light");
            assertThat((List<?>) Stage.violations(page)).isEmpty();
        } finally {
            stage.syncline.sql().sql(tampered.formatted("10.6", "10.5")).update();
        }
        button("Verify the chain").click();
        assertThat(page.locator(".chain .pill")).hasText("Holds");
    }

    @Test
    void everyPageIsFitToBeSeen() {
        page = stage.admin();
        look("compare", compare(1, 2), ".plan-rows");
        look("decisions", "/?view=decisions", ".decisions");
        look("decided", "/?view=record&sync=pricebook&entity=materials&key=" + changed + "&snapshot=1", ".decided li");
        look("chain", "/?view=snapshots", ".chain");
        page.navigate(stage.syncline.url() + "/?view=record&sync=pricebook&entity=materials&key=" + changed);
        button("Record a decision…").click();
        assertThat(dialog()).isVisible();
        lookAtWhatIsShown("decide");
    }
}

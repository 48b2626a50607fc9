package io.syncline.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import io.syncline.RunningSyncline;
import io.syncline.access.Keys;
import io.syncline.access.Role;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.FaultRule;
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

/** The dashboard as people use it: a real Chromium before the whole product. */
class DashboardTest extends Scene {
    @BeforeAll
    static void start(@TempDir Path folder) {
        begin(Stage.pricebook(folder));
        stage.syncline.full("pricebook");
    }

    private Locator card() {
        return page.locator("sync-card");
    }

    /** What the card says that the sync does just now. */
    private Locator now() {
        return card().locator(".tile:has(> h3:text-is('Now'))");
    }

    // ---------------------------------------------------------------- coming in

    @Test
    void aKeyOpensASessionThatNoScriptCanRead() {
        page = stage.stranger();
        page.navigate(stage.syncline.url() + "/?view=runs");
        page.getByLabel("Your key").fill("sln_nobodys");
        button("Sign in").click();
        assertThat(page.getByText("The key is unknown or revoked")).isVisible();
        page.getByLabel("Your key").fill(RunningSyncline.KEY);
        button("Sign in").click();
        assertThat(page.locator("h1")).hasText("Runs");
        assertThat(page.evaluate("document.cookie")).isEqualTo("");
        assertThat((Object) page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")).asString().doesNotContain("sln_");
        page.reload();
        assertThat(page.locator("h1")).hasText("Runs");
        button("first-admin").click();
        button("Sign out").click();
        assertThat(page.getByLabel("Your key")).isVisible();
        page.reload();
        assertThat(page.getByLabel("Your key")).isVisible();
    }

    @Test
    void aLinkOpensASessionOnceAndDoesNotStayInTheAddress() {
        String link = stage.syncline.call("POST", "/api/v1/links", "{\"name\": \"Vic\", \"role\": \"viewer\"}").body();
        String href = RunningSyncline.json(link).path("href").asText();
        page = stage.stranger();
        page.navigate(stage.syncline.url() + href);
        button("Sign in").click();
        assertThat(page.locator("h1")).hasText("Overview");
        assertThat(page).not().hasURL(Pattern.compile("sln_"));
        assertThat(card().getByText("Operators can refresh")).isVisible();
        assertThat(button("Refresh Price book")).hasCount(0);
        page.context().clearCookies();
        page.navigate(stage.syncline.url() + "/?again" + href.substring(href.indexOf('#')));
        button("Sign in").click();
        assertThat(page.getByText("was used before")).isVisible();
    }

    @Test
    void aSessionThatIsOverSaysSoAndComesBackToTheSamePlace() {
        String key = stage.syncline.bean(Keys.class).make("passing", "default", Role.OPERATOR, "test").text();
        page = stage.stranger();
        stage.signIn(page, key);
        page.navigate(stage.syncline.url() + "/?view=runs&state=published");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Full run 1").setExact(true))).isVisible();
        stage.syncline.sql().sql("update syncline.session set ended_at = clock_timestamp() where name = 'passing'").update();
        page.getByLabel("Kind").selectOption("full");
        assertThat(page.getByText("Your session has ended")).isVisible();
        page.getByLabel("Your key").fill(key);
        button("Sign in").click();
        assertThat(page.getByLabel("Kind")).hasValue("full");
    }

    // ---------------------------------------------------------------- how things stand, and refreshing

    @Test
    void theOverviewTellsHowASyncStands() {
        open("/");
        assertThat(card().getByRole(AriaRole.HEADING, new Locator.GetByRoleOptions().setName("Price book"))).isVisible();
        assertThat(now()).containsText("Idle");
        assertThat(card().getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName("services"))).containsText("600");
    }

    @Test
    void refreshingMovesTheCountsUntilItIsPublished() {
        HeldAnswers answers = new HeldAnswers();
        stage.sandbox.fault(FaultRule.on("/services", answers.fault()));
        open("/");
        button("More ways to refresh Price book").click();
        button("Read everything").click();
        Locator read = card().locator(".read");
        answers.let(2);
        page.waitForFunction("() => Number(document.querySelector('.read')?.textContent.replace(/,/g, '')) > 0");
        int first = count(read);
        answers.let(2);
        // How fast it comes on is said beside how much it is, and for some seconds only.
        page.waitForFunction("first => Number(document.querySelector('.read')?.textContent.replace(/,/g, '')) > first"
                + " && document.querySelector('.pace') !== null", first);
        Stage.shoot(page, "live-1024-light");
        answers.letAll();
        assertThat(page.locator(".toast")).containsText("Price book: published.");
        assertThat(now()).containsText("Idle");
    }

    private static int count(Locator locator) {
        return Integer.parseInt(locator.textContent().replace(",", ""));
    }

    @Test
    void aRunIsCancelledFromTheCardAndSaysSo() {
        HeldAnswers answers = new HeldAnswers();
        stage.sandbox.fault(FaultRule.on("/materials", answers.fault()));
        open("/");
        button("More ways to refresh Price book").click();
        button("Read everything").click();
        page.waitForResponse(response -> response.url().endsWith("/cancel"), () -> button("Cancel").click());
        answers.letAll();
        assertThat(page.locator(".toast")).containsText("Price book: cancelled.");
        page.locator(".toast a").click();
        assertThat(page.locator("main .pill")).hasText("Cancelled");
        assertThat(page.getByText("Cancelled by first-admin")).isVisible();
    }

    // ---------------------------------------------------------------- runs

    @Test
    void aFailedRunIsFoundByItsFilterAndSaysWhyFirst() {
        stage.sandbox.fault("* -> html");
        JsonNode failed = stage.syncline.full("pricebook");
        stage.sandbox.clearFaults();
        open("/");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Runs")).click();
        page.getByLabel("Outcome").selectOption("failed");
        assertThat(page).hasURL(Pattern.compile("\\?view=runs&state=failed$"));
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Full run " + failed.path("run").asText()).setExact(true)).click();
        assertThat(page.locator("main h1")).hasText("Full run " + failed.path("run").asText());
        Locator why = page.locator("#why");
        assertThat(why.getByRole(AriaRole.HEADING)).hasText("Why it failed");
        assertThat(why).containsText(failed.path("entities").get(0).path("reasons").get(0).asText());
        page.goBack();
        assertThat(page.getByLabel("Outcome")).hasValue("failed");
        page.goBack();
        assertThat(page.getByLabel("Outcome")).hasValue("");
        page.goBack();
        assertThat(page.locator("h1")).hasText("Overview");
    }

    @Test
    void theRunsThatAreShownAreDownloadedAsATable() throws IOException {
        stage.syncline.incremental("pricebook");
        open("/?view=runs&mode=full");
        Download download = page.waitForDownload(() -> page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("CSV")).click());
        assertThat(Files.readString(download.path())).startsWith("run,sync,mode").contains("\n1,pricebook,full,").doesNotContain("pricebook,incremental,");
    }

    @Test
    void aRunThatThereIsNotIsSaid() {
        open("/?view=run&id=987654");
        assertThat(page.getByText("There is no such run.")).isVisible();
    }

    // ---------------------------------------------------------------- what waits for a person

    private Locator waiting(String text) {
        return page.locator(".item", new Page.LocatorOptions().setHasText(text));
    }

    private static long active(Entity entity) {
        return stage.sandbox.snapshot(entity).entrySet().stream().filter(each -> each.getValue().path("active").asBoolean()).findFirst().orElseThrow().getKey();
    }

    @Test
    void aRecordThatWasSetAsideIsMendedAndRetried() {
        long id = active(Entity.MATERIALS);
        stage.sandbox.put(Entity.MATERIALS, id, "{\"cost\": \"<img src=x onerror=alert(1)>\"}");
        stage.syncline.full("pricebook");
        page = stage.as(Role.ADMIN);
        page.clock().install();
        page.navigate(stage.syncline.url());
        card().getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName("materials")).getByRole(AriaRole.LINK).last().click();
        assertThat(page).hasURL(Pattern.compile("\\?view=attention&sync=pricebook&entity=materials$"));
        assertThat(waiting(Long.toString(id))).containsText("<img src=x onerror=alert(1)>");
        waiting(Long.toString(id)).getByText("Details").click();
        assertThat(waiting(Long.toString(id)).locator(".told")).containsText("<img src=x onerror=alert(1)>");
        stage.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 12.5}");
        page.clock().pauseAt(System.currentTimeMillis() + 60_000);
        waiting(Long.toString(id)).getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Retry")).click();
        assertThat(page.locator(".toast")).containsText(id + " is asked for again.");
        assertThat(waiting(Long.toString(id))).hasCount(0);
        assertThat(page.getByText("Nothing like that waits")).isVisible();
    }

    @Test
    void aRecordIsDiscardedWithAReasonOnly() {
        long id = active(Entity.SERVICES);
        stage.sandbox.put(Entity.SERVICES, id, "{\"price\": \"a lot\"}");
        stage.syncline.full("pricebook");
        open("/?view=attention&q=a%20lot");
        waiting(Long.toString(id)).getByText("Discard…").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.getByLabel("Reason")).isFocused();
        dialog.getByText("Not now").click();
        assertThat(dialog).isHidden();
        waiting(Long.toString(id)).getByText("Discard…").click();
        dialog.getByLabel("Reason").fill("   ");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Discard")).click();
        assertThat(dialog).containsText("Write a reason");
        dialog.getByLabel("Reason").fill("a test record, agreed with Ann");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Discard")).click();
        assertThat(waiting(Long.toString(id))).hasCount(0);
        assertThat(stage.syncline.sql().sql("select close_reason from syncline.attention where key = ?").param(Long.toString(id)).query(String.class).single())
                .isEqualTo("a test record, agreed with Ann");
        stage.sandbox.put(Entity.SERVICES, id, "{\"price\": 12.5}");
    }

    @Test
    void deletesThatAreHeldAreLookedAtAndApproved() {
        stage.sandbox.fault("/equipment -> empty-page");
        stage.syncline.full("pricebook");
        stage.sandbox.clearFaults();
        open("/?view=attention&kind=held");
        assertThat(page.locator(".held h2")).containsText("deletes of equipment wait for approval");
        button("Look and approve…").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("What is back at the source stays");
        page.getByRole(AriaRole.DIALOG).getByText("Approve").click();
        assertThat(page.locator(".toast")).containsText("Approved");
        assertThat(page.locator(".held")).hasCount(0);
    }

    // ---------------------------------------------------------------- when things are not as they should be

    @Test
    void aServerThatIsGoneLeavesTheLastKnownStateWithItsTime() {
        page = stage.as(Role.ADMIN);
        page.clock().install();
        page.navigate(stage.syncline.url() + "/?view=runs");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Full run 1").setExact(true))).isVisible();
        page.route("**/api/**", route -> route.abort());
        page.clock().fastForward("10");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("What you see is how things stood at");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Full run 1").setExact(true))).isVisible();
        page.unroute("**/api/**");
        page.clock().fastForward("04");
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
    }

    @Test
    void aFailureOfTheServerIsTakenToItsRequestId() {
        page = stage.admin();
        page.route("**/api/v1/runs?**", route -> route.fulfill(new Route.FulfillOptions().setStatus(500)
                .setContentType("application/problem+json").setBody("{\"detail\": \"Something failed on our side.\", \"requestId\": \"r-1\"}")));
        page.navigate(stage.syncline.url() + "/?view=runs");
        assertThat(page.getByText("Something failed on our side.")).isVisible();
        assertThat(page.getByText("r-1")).isVisible();
        page.unroute("**/api/v1/runs?**");
        button("Try again").click();
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Full run 1").setExact(true))).isVisible();
    }

    /** Whatever a record, a source, a key or a person wrote is text: it shows, and nothing of it runs. */
    @Test
    void hostileTextShowsAsText() {
        String hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>${alert(3)}'\"&lt;";
        long run = Hostile.run(stage.syncline.sql(), hostile);
        page = stage.stranger();
        stage.signIn(page, stage.syncline.bean(Keys.class).make(hostile, "default", Role.ADMIN, "test").text());
        page.navigate(stage.syncline.url());
        button(hostile).click();
        assertThat(page.locator("#account dd").first()).hasText(hostile);
        page.navigate(stage.syncline.url() + "/?view=runs");
        Locator row = page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName("Full run " + run));
        assertThat(row).containsText("by " + hostile);
        assertThat(row.locator(".why")).containsText(hostile);
        page.navigate(stage.syncline.url() + "/?view=run&id=" + run);
        assertThat(page.locator("#why")).containsText(hostile);
        assertThat(page.locator(".result h3")).hasText(hostile);
        assertThat(page.locator(".counts")).containsText(hostile);
        assertThat(page.locator(".run-about")).containsText("Asked for by " + hostile);
        page.navigate(stage.syncline.url() + "/?view=runs&sync=" + URLEncoder.encode(hostile, StandardCharsets.UTF_8));
        assertThat(page.getByLabel("Sync")).hasValue(hostile);
        assertThat(page.getByText("No run is like that")).isVisible();
        page.navigate(stage.syncline.url() + "/?view=run&id=" + URLEncoder.encode(hostile, StandardCharsets.UTF_8));
        assertThat(page.locator(".way")).containsText(hostile);
        page.navigate(stage.syncline.url() + "/?view=attention&entity=services&q=" + URLEncoder.encode(hostile, StandardCharsets.UTF_8));
        waiting(hostile).getByText("Details").click();
        assertThat(waiting(hostile).locator(".told pre")).hasText(hostile);
        assertThat(waiting(hostile).locator("h2")).hasText(hostile);
        assertThat(page.locator("img[src=x], script:not([src]):not([type=importmap])")).hasCount(0);
    }

    @Test
    void theKeyboardReachesEverything() {
        open("/");
        assertThat(card()).isVisible();
        page.keyboard().press("Tab");
        assertThat(page.getByText("To the content")).isFocused();
        button("More ways to refresh Price book").focus();
        page.keyboard().press("Enter");
        assertThat(button("Read everything")).isVisible();
        page.keyboard().press("Tab");
        assertThat(button("Read what changed")).isFocused();
        page.keyboard().press("Escape");
        assertThat(button("Read everything")).isHidden();
        assertThat(button("More ways to refresh Price book")).isFocused();
    }

    @Test
    void aChosenLookIsKept() {
        open("/");
        button("first-admin").click();
        page.getByLabel("Dark").check();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.reload();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
    }

    /** In both themes, at three widths: no violation of the rules of accessibility, nothing wider than the window; and a picture to look at. */
    @Test
    void everyPageIsFitToBeSeen() {
        long failed = Hostile.run(stage.syncline.sql(), "page 3 of materials was cut in half");
        page = stage.admin();
        look("overview", "/", "sync-card");
        look("runs", "/?view=runs", ".run-row");
        look("run", "/?view=run&id=1", ".result");
        look("failed", "/?view=run&id=" + failed, "#why");
        look("attention", "/?view=attention", "main .card");
        page.context().clearCookies();
        look("sign-in", "/", ".door-card");
    }
}

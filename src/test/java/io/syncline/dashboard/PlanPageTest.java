package io.syncline.dashboard;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.syncline.access.Role;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** What a person does with a run that wrote nothing: look at what it would do, do it or a part of it, mend what it found. */
class PlanPageTest extends Scene {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}";

    @BeforeAll
    static void start(@TempDir Path folder) {
        begin(Stage.pricebook(folder));
    }

    /** Two materials cost otherwise at the source than here. */
    @BeforeEach
    void twoPricesHaveChanged() {
        price(0, "10.5");
        price(1, "20.5");
        stage.syncline.full("pricebook");
        price(0, "11.25");
        price(1, "21.25");
    }

    private static void price(int record, String price) {
        stage.put(record, "{\"price\": " + price + "}");
    }

    private static String here(int record) {
        return stage.syncline.sql().sql("select price from pricebook.materials where st_id = ?").param(stage.material(record))
                .query(BigDecimal.class).single().stripTrailingZeros().toPlainString();
    }

    private static long preview() {
        return stage.syncline.run(new RunRequest("pricebook", "default", Mode.FULL, true, null, null, null, "test", "test")).path("run").asLong();
    }

    private Locator row(int record) {
        return page.locator(".item:has(h3:has-text('" + stage.material(record) + "'))");
    }

    @Test
    void aPreviewIsLookedAtRowByRowAndApplied() {
        open("/");
        button("More ways to refresh Price book").click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Preview"))).click();
        link("Look at the plan").click();
        assertThat(page.locator("main h1")).hasText("What a full run would do");
        assertThat(row(0)).containsText("Changed");
        assertThat(row(0).locator(".changes")).containsText("price");
        assertThat(row(0).locator("del")).hasText("was 10.5");
        assertThat(row(0).locator("ins")).hasText("now 11.25");
        button("Apply all 2…").click();
        assertThat(dialog()).containsText("Apply 2 rows?");
        dialog().getByText("Apply", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator("main h1")).containsText("Applied plan");
        assertThat(page.locator("main .pill")).hasText("Published");
        assertThat(here(0)).isEqualTo("11.25");
        assertThat(here(1)).isEqualTo("21.25");
        page.goBack();
        assertThat(page.locator("main .run-head .pill")).hasText("Applied");
        assertThat(button("Apply all 2…")).hasCount(0);
    }

    @Test
    void aRowThatIsLeftOutStaysAsItIs() {
        open("/?view=plan&id=" + preview());
        button("Leave out " + stage.material(1)).click();
        assertThat(button("Left out " + stage.material(1))).hasAttribute("aria-pressed", "true");
        button("Apply 1 of 2…").click();
        dialog().getByText("Apply", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator("main .pill")).hasText("Published");
        assertThat(here(0)).isEqualTo("11.25");
        assertThat(here(1)).isEqualTo("20.5");
    }

    @Test
    void whatIsFilteredIsWhatIsApplied() {
        stage.sandbox.put(Entity.CATEGORIES, stage.active(Entity.CATEGORIES).get(0), "{\"name\": \"" + System.nanoTime() + "\"}");
        open("/?view=plan&id=" + preview());
        page.getByLabel("Records").selectOption("categories");
        assertThat(row(0)).hasCount(0);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Apply 1 of"))).click();
        dialog().getByText("Apply", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator("main .pill")).hasText("Published");
        assertThat(here(0)).isEqualTo("10.5");
    }

    @Test
    void whoMayNotApplyAPlanSeesIt() {
        long plan = preview();
        open(Role.VIEWER, "/?view=plan&id=" + plan);
        assertThat(row(0)).isVisible();
        assertThat(page.getByText("Operators can apply it")).isVisible();
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("Apply|Leave out|Drop")))).hasCount(0);
    }

    @Test
    void aPlanThatWasDroppedSaysSo() {
        long plan = preview();
        open("/?view=plan&id=" + plan);
        button("Drop").click();
        dialog().getByText("Drop", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator(".toast")).containsText("Plan " + plan + " is dropped.");
        page.navigate(stage.syncline.url() + "/?view=plan&id=" + plan);
        assertThat(page.getByText("This plan is gone")).isVisible();
        assertThat(page.getByText("it was dropped")).isVisible();
    }

    @Test
    void aRowThatHasMovedIsNamed() {
        long plan = preview();
        stage.syncline.full("pricebook");
        open("/?view=plan&id=" + plan);
        assertThat(row(0)).containsText("Would be set aside");
    }

    @Test
    void aPreviewThatWouldChangeNothingSaysSo() {
        stage.syncline.full("pricebook");
        open("/?view=plan&id=" + preview());
        assertThat(page.getByText("Nothing would change")).isVisible();
    }

    @Test
    void whatAPlanSaysIsText() {
        stage.put(0, "{\"displayName\": \"" + HOSTILE + "\"}");
        open("/?view=plan&id=" + preview());
        assertThat(row(0).locator("ins").first()).containsText(HOSTILE);
        assertThat(page.locator("img")).hasCount(0);
        page.navigate(stage.syncline.url() + "/?view=plan&id=" + URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8));
        assertThat(page.locator(".way")).containsText(HOSTILE);
    }

    /** Somebody went around the journal: only a verification finds that, and only a repair mends it. */
    @Test
    void whatAVerificationFindsIsRepaired() {
        stage.syncline.full("pricebook");
        stage.syncline.sql().sql("set session_replication_role = replica; update pricebook.materials set price = 1.75 where st_id = '" + stage.material(0)
                + "'; set session_replication_role = origin").update();
        open("/");
        button("More ways to refresh Price book").click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Verify"))).click();
        page.locator(".toast a").click();
        assertThat(page.locator("main h1")).containsText("Verification");
        assertThat(page.locator(".examples")).containsText(stage.material(0));
        button("Repair…").click();
        assertThat(dialog()).containsText("Repair 1 record?");
        dialog().getByText("Repair", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator("main h1")).containsText("Full run");
        assertThat(page.locator("main .pill")).hasText("Published");
        assertThat(here(0)).isEqualTo("11.25");
    }

    @Test
    void whatARunPublishedIsTakenBack() {
        long run = stage.syncline.full("pricebook").path("run").asLong();
        assertThat(here(0)).isEqualTo("11.25");
        open("/?view=run&id=" + run);
        button("Roll back…").click();
        assertThat(dialog()).containsText("nothing changes yet");
        dialog().getByLabel("Reason").fill("the wrong price list");
        dialog().getByText("Make the plan").click();
        assertThat(page.locator("main h1")).containsText("Rollback");
        link("Look at the plan").click();
        assertThat(page.locator("main h1")).hasText("What the rollback would do");
        assertThat(row(0).locator("ins")).hasText("now 10.5");
        button("Apply all 2…").click();
        dialog().getByText("Apply", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator("main .pill")).hasText("Published");
        assertThat(here(0)).isEqualTo("10.5");
        open(Role.OPERATOR, "/?view=run&id=" + run);
        assertThat(page.locator(".phases")).isVisible();
        assertThat(button("Roll back…")).hasCount(0);
    }

    @Test
    void aScheduleIsPausedAndComesBack() {
        open("/");
        Locator next = page.locator(".tile:has(> h3:text-is('Next run'))");
        button("Pause the full runs of Price book").click();
        assertThat(next).containsText("Paused");
        assertThat(next).containsText("by first-admin");
        button("Resume the full runs of Price book").click();
        assertThat(next).not().containsText("Paused");
        assertThat(button("Pause the full runs of Price book")).isVisible();
        open(Role.VIEWER, "/");
        assertThat(page.locator("sync-card")).isVisible();
        assertThat(button("Pause the full runs of Price book")).hasCount(0);
    }

    @Test
    void everyPageIsFitToBeSeen() {
        long plan = preview();
        long verified = stage.syncline.run(new RunRequest("pricebook", "default", Mode.VERIFY, false, null, null, null, "test", "test")).path("run").asLong();
        page = stage.admin();
        look("plan", "/?view=plan&id=" + plan, ".plan-rows");
        look("plan-gone", "/?view=plan&id=987654", "main .blank");
        look("verification", "/?view=run&id=" + verified, ".repair");
    }
}

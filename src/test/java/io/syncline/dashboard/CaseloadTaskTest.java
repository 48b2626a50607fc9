package io.syncline.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.syncline.RunningSyncline;
import io.syncline.access.Role;
import io.syncline.sandbox.Call;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.SapMutation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** What the caseload is for: refreshed before the briefing, decided upon, and half a year later proven. */
class CaseloadTaskTest extends Scene {
    @BeforeAll
    static void start(@TempDir Path folder) {
        begin(Stage.caseload(folder));
    }

    private Locator card() {
        return page.locator("sync-card");
    }

    private void refresh() {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Refresh Caseload").setExact(true)).click();
    }

    private void published() {
        assertThat(page.locator(".toast")).containsText("Caseload: published.");
    }

    @Test
    void aTeamLeadRefreshesAnAgentDecidesAndAnAuditorProvesIt() {
        theTeamLeadRefreshesForTheFirstTime();
        String key = theAgentDecides();
        JsonNode before = says(key);
        itChangesAtSap(key);
        theTeamLeadRefreshesAgain(key, before);
        assertThat(stage.syncline.call("POST", "/api/v1/anchors", null).statusCode()).isEqualTo(201);
        theAuditorProvesWhatWasSeen(key, before);
        assertThat(stage.sap.journal()).extracting(Call::method).isNotEmpty().allMatch(method -> method.equals("GET") || method.equals("HEAD"));
    }

    /** A sync that has no schedule and was never read: one press reads everything, and the counts move. */
    private void theTeamLeadRefreshesForTheFirstTime() {
        String link = stage.syncline.call("POST", "/api/v1/links", "{\"name\": \"Tina\", \"role\": \"operator\"}").body();
        page = stage.stranger();
        page.navigate(stage.syncline.url() + RunningSyncline.json(link).path("href").asText());
        button("Sign in").click();
        assertThat(card()).containsText("It has never run.");
        assertThat(card()).containsText("This sync has no schedule.");
        HeldAnswers answers = new HeldAnswers();
        stage.sap.fault(FaultRule.on("*", answers.fault()));
        refresh();
        assertThat(card().locator("header .pill")).hasText("First run");
        answers.let(4);
        page.waitForFunction("() => Number(document.querySelector('.read')?.textContent.replace(/,/g, '')) > 100");
        int first = Integer.parseInt(card().locator(".read").textContent().replace(",", ""));
        answers.let(4);
        page.waitForFunction("first => Number(document.querySelector('.read')?.textContent.replace(/,/g, '')) > first", first);
        assertThat(card()).not().containsText("It has never run.");
        answers.letAll();
        published();
        assertThat(card().locator("header .pill")).hasText("Healthy");
        assertThat(card()).containsText("Full run 1");
        assertThat(card().getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName("cases"))).containsText("3,000");
    }

    private String theAgentDecides() {
        card().getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("cases").setExact(true)).click();
        Locator opened = page.locator("tbody tr th a").first();
        String key = opened.textContent();
        opened.click();
        button("Record a decision…").click();
        assertThat(dialog()).containsText("as it stood in snapshot 1");
        dialog().getByLabel("What is decided").fill("dispatch");
        dialog().getByRole(AriaRole.TEXTBOX, new Locator.GetByRoleOptions().setName("Why")).fill("A visit before noon, agreed with Ann.");
        dialog().getByText("Record it").click();
        assertThat(page.locator(".decided li")).containsText("Dispatch by Tina");
        assertThat(page.locator(".decided li")).containsText("A visit before noon, agreed with Ann.");
        assertThat(page.locator(".decided li")).containsText("A reviewer sees the evidence");
        return key;
    }

    private static JsonNode says(String key) {
        return RunningSyncline.json(stage.syncline.sql().sql("select document from cases.cases where sap_id = ?").param(key).query(String.class).single());
    }

    private static void itChangesAtSap(String key) {
        SapMutation change = new SapMutation(SapMutation.Kind.UPDATED, key);
        for (int seed = 1; !stage.sap.mutate(seed, 200).contains(change); seed++) {
            assertThat(seed).as("the case changes at last").isLessThan(200);
        }
        assertThat(stage.sap.record(key)).isPresent();
    }

    private void theTeamLeadRefreshesAgain(String key, JsonNode before) {
        page.navigate(stage.syncline.url());
        refresh();
        published();
        assertThat(card()).containsText("Incremental run 2");
        assertThat(says(key)).isNotEqualTo(before);
        page.navigate(stage.syncline.url() + "/?view=record&sync=cases&entity=cases&key=" + key);
        assertThat(page.locator(".timeline > li")).hasCount(2);
        assertThat(page.locator(".decided li")).containsText("As it stood in snapshot 1");
    }

    private void theAuditorProvesWhatWasSeen(String key, JsonNode before) {
        open(Role.REVIEWER, "/");
        link("Decisions").click();
        page.getByLabel("Key").fill(key);
        page.getByLabel("Key").press("Enter");
        assertThat(page.locator(".decisions .item")).hasCount(1);
        Page evidence = page.waitForPopup(() -> link("Evidence of decision 1, in a new tab").click());
        assertThat(evidence.locator("body")).containsText("A visit before noon, agreed with Ann.");
        assertThat(evidence.locator("body")).containsText(before.path("title").asText());
        evidence.close();
        page.locator(".decisions h2 a").click();
        assertThat(page.locator(".chooser")).containsText("As it was in snapshot 1");
        for (String field : new String[]{"title", "status", "person_name"}) {
            Locator said = page.locator(".says-fields > div:has(dt:text-is('" + field + "')) dd .value").first();
            assertThat(said).hasText(before.path(field).asText());
        }
        link("Snapshots").click();
        button("Verify the chain").click();
        assertThat(page.locator(".chain .pill")).hasText("Holds");
        assertThat(page.locator(".chain")).containsText("Every snapshot up to 2 says what it said when it was sealed");
        assertThat(page.locator(".chain")).containsText("anchored up to snapshot 2 (file");
        link("What changed with snapshot 2").click();
        page.getByLabel("Records").selectOption("cases");
        page.getByLabel("What became of it").selectOption("changed");
        Locator row = page.locator(".item:has(h3:has-text('" + key + "'))");
        assertThat(row.locator("ins").first()).isVisible();
        assertThat(row.locator("del").first()).isVisible();
    }
}

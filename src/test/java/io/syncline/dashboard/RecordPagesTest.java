package io.syncline.dashboard;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.syncline.access.Role;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Records as people look for them: by their text, with how they became so, and as they were. */
class RecordPagesTest extends Scene {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}";
    private static final String RECORDS = "/?view=records&sync=pricebook&entity=materials";

    /** Was 10.5, then 11.25, then edited here to 12. */
    private static String record;
    /** Deleted at the source. */
    private static String deleted;
    private static String hostile;
    /** Deleted, too, and then erased. */
    private static String erased;

    @BeforeAll
    static void start(@TempDir Path folder) {
        begin(Stage.pricebook(folder));
        record = stage.material(0);
        deleted = stage.material(1);
        hostile = stage.material(2);
        erased = stage.material(3);
        stage.put(0, "{\"price\": 10.5, \"displayName\": \"A pump of its own kind\", \"cost\": 9007199254740993}");
        stage.put(2, "{\"displayName\": \"" + HOSTILE + "\"}");
        stage.syncline.full("pricebook");
        stage.put(0, "{\"price\": 11.25}");
        stage.put(1, "{\"active\": false}");
        stage.put(3, "{\"active\": false}");
        stage.syncline.full("pricebook");
        stage.syncline.sql().sql("update pricebook.materials set price = 12 where st_id = ?").param(record).update();
    }

    private static String of(String key) {
        return "/?view=record&sync=pricebook&entity=materials&key=" + key;
    }

    private Locator says(String field) {
        return page.locator(".says-fields > div:has(dt:text-is('" + field + "'))").locator("dd");
    }

    private Locator version(String word) {
        return page.locator(".timeline > li", new Page.LocatorOptions().setHasText(Pattern.compile(word)));
    }

    // ---------------------------------------------------------------- finding

    @Test
    void aRecordIsFoundByItsText() {
        open("/");
        link("Records").click();
        assertThat(page.getByLabel("Records", new Page.GetByLabelOptions().setExact(true))).hasValue("categories");
        page.getByLabel("Records", new Page.GetByLabelOptions().setExact(true)).selectOption("materials");
        page.getByLabel("Text").fill("pump of its own");
        page.getByLabel("Text").press("Enter");
        Locator row = page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(record));
        assertThat(row).containsText("A pump of its own kind");
        assertThat(row.locator(".pill")).hasText("Pending");
        assertThat(page.locator("tbody tr")).hasCount(1);
        assertThat(page).hasURL(Pattern.compile("q=pump\\+of\\+its\\+own"));
        link(record).click();
        assertThat(page.locator("main h1")).hasText("A pump of its own kind");
        page.goBack();
        assertThat(page.getByLabel("Text")).hasValue("pump of its own");
    }

    @Test
    void moreRecordsAreShownOnDemand() {
        open(RECORDS);
        assertThat(page.locator("tbody tr")).hasCount(50);
        button("Show more").click();
        assertThat(page.locator("tbody tr")).hasCount(100);
    }

    @Test
    void whatIsDeletedIsFoundByItsState() {
        open(RECORDS + "&key=" + deleted);
        assertThat(page.getByText("No record is like that")).isVisible();
        page.getByLabel("State").selectOption("deleted");
        assertThat(page.locator("tbody tr .pill")).hasText("Deleted");
        link(deleted).click();
        assertThat(page.locator("main .run-head .pill")).hasText("Deleted");
        assertThat(page.locator(".says")).containsText("At its system");
        assertThat(version("Deleted")).hasCount(1);
    }

    @Test
    void columnsAreChosenAndStayInTheAddress() {
        open(RECORDS);
        assertThat(page.getByRole(AriaRole.COLUMNHEADER, new Page.GetByRoleOptions().setName("account").setExact(true))).hasCount(0);
        button("Columns").click();
        page.getByLabel("account", new Page.GetByLabelOptions().setExact(true)).check();
        page.keyboard().press("Escape");
        assertThat(button("Columns")).isFocused();
        page.reload();
        assertThat(page.getByRole(AriaRole.COLUMNHEADER, new Page.GetByRoleOptions().setName("account").setExact(true))).isVisible();
    }

    @Test
    void recordsAreListedAsTheyWere() {
        open(RECORDS + "&key=" + deleted + "&snapshot=1");
        assertThat(page.getByText("You look at the past")).isVisible();
        assertThat(link(deleted)).isVisible();
        assertThat(page.getByLabel("State")).isDisabled();
        link(deleted).click();
        assertThat(page.locator(".chooser")).containsText("As it was in snapshot 1");
        page.goBack();
        button("Back to now").click();
        assertThat(page.getByText("No record is like that")).isVisible();
    }

    // ---------------------------------------------------------------- one of them

    @Test
    void aRecordTellsWhatItSaysWhyAndHowItBecameSo() {
        open(of(record));
        assertThat(says("price")).hasText("12");
        assertThat(page.locator(".why-so")).containsText("edited it here");
        assertThat(page.locator(".timeline > li")).hasCount(3);
        assertThat(page.locator(".timeline > li").nth(0)).containsText("not sealed yet");
        assertThat(page.locator(".timeline > li").nth(0).locator("del")).hasText("was 11.25");
        assertThat(page.locator(".timeline > li").nth(0).locator("ins")).hasText("now 12");
        assertThat(page.locator(".timeline > li").nth(1)).containsText("asked for by test");
        assertThat(page.locator(".timeline > li").nth(1).locator("del")).hasText("was 10.5");
        assertThat(version("Created")).containsText("snapshot 1");
    }

    /** A browser rounds what has more digits than it can hold. */
    @Test
    void everyDigitIsShown() {
        open(of(record));
        assertThat(says("cost")).hasText("9007199254740993");
    }

    @Test
    void aRecordIsSeenAsOfEveryVersion() {
        open(of(record));
        button("The version before").click();
        assertThat(says("price")).containsText("11.25");
        assertThat(says("price")).containsText("now 12");
        assertThat(page.locator(".timeline > li[aria-current]")).containsText("you look at this");
        page.getByLabel("Version", new Page.GetByLabelOptions().setExact(true)).press("ArrowLeft");
        assertThat(says("price")).containsText("10.5");
        assertThat(page.getByText("Version 1 of 3")).isVisible();
        assertThat(button("The version before")).isDisabled();
        page.reload();
        assertThat(says("price")).containsText("10.5");
        button("Back to now").click();
        assertThat(says("price")).hasText("12");
        assertThat(page).not().hasURL(Pattern.compile("asOf"));
    }

    @Test
    void aMomentBeforeItsBeginningSaysSo() {
        open(of(record));
        page.getByLabel("Any moment").fill("2020-01-01T00:00:01");
        page.getByLabel("Any moment").press("Enter");
        assertThat(page.getByText("It was not there then")).isVisible();
        assertThat(page.locator(".timeline > li")).hasCount(3);
        assertThat(page).hasURL(Pattern.compile("asOf=2020-01-01T"));
    }

    /** What a record said goes; that it was there stays. */
    @Test
    void whatARecordSaidIsErasedByAnAdminAndSaidToBeGone() {
        open(of(erased));
        button("Erase…").click();
        assertThat(dialog()).containsText("Its content goes for good");
        dialog().getByLabel("Reason").fill("ticket 4711");
        dialog().getByText("Erase for good").click();
        assertThat(page.locator(".toast")).containsText("2 versions lost their content.");
        assertThat(page.getByText("What it said is gone")).isVisible();
        assertThat(page.locator(".timeline > li")).hasCount(2);
        assertThat(version("Created")).containsText("erased on request");
        assertThat(button("Erase…")).hasCount(0);
        assertThat(button("Record a decision…")).isDisabled();
        page.navigate(stage.syncline.url() + of(erased) + "&snapshot=1");
        assertThat(page.getByText("What it said then is not kept any more")).isVisible();
        assertThat(page.locator(".record-main")).containsText("ticket 4711");
        page.navigate(stage.syncline.url() + RECORDS + "&status=deleted&key=" + erased);
        assertThat(page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(erased))).containsText("removed");
        open(Role.REVIEWER, of(deleted));
        assertThat(page.locator(".says")).isVisible();
        assertThat(button("Erase…")).hasCount(0);
    }

    @Test
    void whatLeadsToAnotherRecordLeadsThere() {
        open(of(record) + "&snapshot=1");
        says("category_id").getByRole(AriaRole.LINK).click();
        assertThat(page.locator(".run-about")).containsText("categories");
        assertThat(page.locator(".chooser")).containsText("As it was in snapshot 1");
    }

    @Test
    void whatRecordsSayIsText() {
        open(of(hostile));
        assertThat(page.locator("main h1")).hasText(HOSTILE);
        assertThat(says("display_name")).hasText(HOSTILE);
        version("Created").getByText("With ").click();
        assertThat(version("Created").locator("ins").filter(new Locator.FilterOptions().setHasText(HOSTILE)).first()).isVisible();
        page.navigate(stage.syncline.url() + RECORDS + "&q=" + URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8));
        assertThat(page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(hostile))).containsText(HOSTILE);
        page.navigate(stage.syncline.url() + "/?view=record&sync=pricebook&entity=materials&key=" + URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8));
        assertThat(page.getByText("There is nothing here")).isVisible();
        assertThat(page.locator(".way")).containsText(HOSTILE);
        page.navigate(stage.syncline.url() + "/?view=records&sync=" + URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8) + "&entity=x");
        assertThat(page.getByLabel("Sync")).hasValue(HOSTILE);
        assertThat(page.locator("img")).hasCount(0);
    }

    // ---------------------------------------------------------------- snapshots

    @Test
    void aSnapshotTellsHowItCameAboutAndShowsItsRecords() {
        open("/");
        link("Snapshots").click();
        page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName("Snapshot 1")).getByRole(AriaRole.LINK).first().click();
        assertThat(page.locator("main h1")).hasText("Snapshot 1");
        assertThat(page.locator(".facts")).containsText(stage.syncline.sql().sql("select encode(digest, 'hex') from syncline.snapshot where number = 1")
                .query(String.class).single());
        assertThat(page.locator(".facts")).containsText("asked for by test");
        link("Records of materials").click();
        assertThat(page.getByText("You look at the past")).isVisible();
        page.navigate(stage.syncline.url() + "/?view=snapshot&sync=pricebook&number=99");
        assertThat(page.getByText("There is no such snapshot")).isVisible();
    }

    @Test
    void everyPageIsFitToBeSeen() {
        page = stage.admin();
        look("records", RECORDS, "tbody tr");
        look("record", of(record), ".timeline > li");
        look("record-then", of(record) + "&snapshot=1", ".says");
        look("record-gone", of(erased), ".timeline > li");
        look("record-none", of("nobody"), "main .blank");
        look("snapshots", "/?view=snapshots", "tbody tr");
        look("snapshot", "/?view=snapshot&sync=pricebook&number=2", ".facts");
    }
}

package io.syncline.dashboard;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.syncline.access.Role;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Records are edited in a form, and what becomes of the edit on its way is told: that it waits, that it arrived, in which words it was refused. */
class EditPagesTest extends Scene {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}";
    private static int next;
    private int place;

    @BeforeAll
    static void start(@TempDir Path folder) {
        begin(Stage.twoWay(folder));
        stage.syncline.full("pricebook");
    }

    @BeforeEach
    void another() {
        place = next++;
    }

    private String key() {
        return stage.material(place);
    }

    private String record() {
        return "/?view=record&sync=pricebook&entity=materials&key=" + key();
    }

    private String outbox() {
        return "/?view=pushes&sync=pricebook&record=" + key();
    }

    private String here(String column) {
        return stage.syncline.sql().sql("select " + column + "::text from pricebook.materials where st_id = ?").param(key()).query(String.class).single();
    }

    private BigDecimal priceThere() {
        return stage.sandbox.snapshot(Entity.MATERIALS).get(Long.parseLong(key())).path("price").decimalValue();
    }

    private void byHand(String assignments) {
        stage.syncline.sql().sql("update pricebook.materials set " + assignments + " where st_id = ?").param(key()).update();
    }

    private Locator field(String name) {
        return page.locator("#edit-" + name);
    }

    private void edit() {
        page.getByText("Edit", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(field("code")).isFocused();
    }

    private Locator save() {
        return page.locator(".edit-do .primary");
    }

    /** An edit that ServiceTitan will not have. */
    private void refused() {
        byHand("price = -5");
        page.navigate(stage.syncline.url() + record());
        assertThat(page.getByText("Refused by ServiceTitan")).isVisible();
    }

    // ---------------------------------------------------------------- the form

    @Test
    void aRecordIsEditedHereAndArrivesThere() {
        open(Role.REVIEWER, record());
        edit();
        assertThat(save()).isDisabled();
        assertThat(page.locator("#edit-vendor_name")).hasCount(0);
        field("price").fill("9007199254740993.25");
        field("taxable").selectOption("false");
        field("price").press("Enter");
        assertThat(page.locator(".toast")).containsText("It waits to be sent to ServiceTitan.");
        assertThat(page.locator(".says-fields")).containsText("9007199254740993.25");
        assertThat(here("price")).isEqualTo("9007199254740993.25");
        page.waitForCondition(() -> priceThere().equals(new BigDecimal("9007199254740993.25")));
        page.waitForCondition(() -> here("sync_status").equals("synced"));
        page.navigate(stage.syncline.url() + outbox() + "&state=all");
        assertThat(page.locator(".pushes .item")).hasCount(1);
        assertThat(page.locator(".pushes .item")).containsText("Sent");
        assertThat(page.locator(".pushes .item")).containsText("a reviewer");
    }

    @Test
    void whatDoesNotFitIsSaidBesideItsField() {
        open(Role.REVIEWER, record());
        edit();
        field("price").fill("12,50");
        assertThat(page.locator("#edit-price-problem")).containsText("Write a number such as 12.50");
        assertThat(save()).isDisabled();
        field("price").fill("12.50");
        field("categories").fill("[1");
        assertThat(page.locator("#edit-categories-problem")).containsText("Write JSON");
        field("categories").fill("[\"none\"]");
        assertThat(page.locator("#edit-categories-problem")).hasCount(0);
        page.getByText("Not now", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator(".says-fields")).isVisible();
        assertThat(here("price")).isNotEqualTo("12.50");
    }

    @Test
    void whatSomebodyElseEditedMeanwhileIsToldAndNothingTypedIsLost() {
        open(Role.REVIEWER, record());
        edit();
        field("price").fill("14.5");
        byHand("price = 13, member_price = 7");
        save().click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("so nothing was saved");
        assertThat(page.locator(".notice ins").first()).hasText("now 7");
        assertThat(field("price")).hasValue("14.5");
        assertThat(field("member_price")).hasValue("7");
        assertThat(here("price")).isEqualTo("13");
        save().click();
        assertThat(page.locator(".toast")).containsText("Saved.");
        assertThat(here("price || ' ' || member_price")).isEqualTo("14.5 7");
    }

    @Test
    void whoMayNotEditSeesNoForm() {
        open(Role.OPERATOR, record());
        assertThat(page.locator(".says-fields")).isVisible();
        assertThat(page.getByText("Edit", new Page.GetByTextOptions().setExact(true))).hasCount(0);
    }

    // ---------------------------------------------------------------- on its way

    @Test
    void aRefusalIsToldInTheSystemsOwnWordsAndTakenBack() {
        String before = here("price");
        page = stage.as(Role.REVIEWER);
        refused();
        assertThat(page.locator("main")).containsText("The price field must not be negative.");
        page.getByText("In the outbox").first().click();
        assertThat(page.locator("main h1")).hasText("Outbox");
        Locator item = page.locator(".pushes .item");
        assertThat(item).containsText("Refused");
        assertThat(item).containsText("The price field must not be negative.");
        assertThat(item.locator("ins")).hasText("now -5");
        item.getByText("Take back…").click();
        dialog().getByLabel("Reason").fill("a slip of the finger");
        dialog().getByText("Take it back").click();
        assertThat(page.locator(".toast")).containsText("says again what had been agreed");
        assertThat(page.getByText("Nothing is like that")).isVisible();
        assertThat(here("price")).isEqualTo(before);
        page.getByLabel("State").selectOption("discarded");
        assertThat(item).containsText("a slip of the finger");
    }

    @Test
    void whatWasRefusedIsSentAgainOrGivenUpAndWhatNobodyKnowsIsSettled() {
        page = stage.as(Role.REVIEWER);
        refused();
        page.navigate(stage.syncline.url() + "/");
        page.getByText("1 edit refused").click();
        Locator item = page.locator(".pushes .item", new Page.LocatorOptions().setHasText(key()));
        item.getByText("Send now").click();
        assertThat(page.locator(".toast")).containsText("is sent again");
        page.navigate(stage.syncline.url() + outbox());
        assertThat(item).containsText("Refused");
        stage.syncline.sql().sql("update syncline.push set state = 'unknown', first_sent_at = clock_timestamp(), last_sent_at = clock_timestamp()"
                + " where state = 'parked' and key = ?").param(key()).update();
        page.navigate(stage.syncline.url() + record());
        assertThat(page.getByText("Nobody can tell whether it arrived at ServiceTitan")).isVisible();
        page.navigate(stage.syncline.url() + outbox());
        item.getByText("It did not…").click();
        dialog().getByText("It did not arrive", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator(".toast")).containsText("is sent again");
        page.navigate(stage.syncline.url() + outbox());
        assertThat(item).containsText("Refused");
        item.getByText("Do not send…").click();
        dialog().getByLabel("Reason").fill(HOSTILE);
        dialog().getByText("Do not send", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.getByText("Nothing is like that")).isVisible();
        page.getByLabel("State").selectOption("discarded");
        assertThat(item).containsText(HOSTILE);
        assertThat(page.locator("img")).hasCount(0);
        assertThat(here("price")).isEqualTo("-5");
    }

    /** A system may let nobody in until tomorrow: then it is said which day that is. */
    @Test
    void whatIsHeldUntilAnotherDaySaysWhichDay() {
        page = stage.as(Role.REVIEWER);
        Instant until = Instant.now().plus(Duration.ofDays(3));
        stage.syncline.sql().sql("insert into syncline.push_bar (sync, organisation, why, since, until, lets_nobody_in)"
                + " values ('pricebook', 'default', 'the password has changed', clock_timestamp(), ?, true)").param(until.atOffset(ZoneOffset.UTC)).update();
        try {
            byHand("price = 77");
            String day = (String) page.evaluate("at => new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', year: 'numeric'})"
                    + ".format(new Date(at))", until.toString());
            page.navigate(stage.syncline.url() + outbox());
            assertThat(page.locator(".pushes .item .reason")).containsText("the password has changed");
            assertThat(page.locator(".pushes .item .reason time")).containsText(day);
            page.navigate(stage.syncline.url() + record());
            assertThat(page.locator(".notice .reason time")).containsText(day);
            String clock = "import('/app/format.js').then(({ clock }) => clock(new Date(2026, 10, 23, 14, 2), new Date(2026, 10, %s)))";
            assertThat((String) page.evaluate(clock.formatted("22, 23, 0"))).isEqualTo("23 Nov, 14:02");
            assertThat((String) page.evaluate(clock.formatted("23, 0, 1"))).isEqualTo("14:02");
        } finally {
            stage.syncline.sql().sql("delete from syncline.push_bar").update();
        }
    }

    @Test
    void whoMayNotSettleSeesWhatWaits() {
        page = stage.as(Role.VIEWER);
        refused();
        page.navigate(stage.syncline.url() + outbox());
        assertThat(page.locator(".pushes .item")).containsText("Refused");
        assertThat(page.locator(".pushes .item .button")).hasCount(0);
        page.navigate(stage.syncline.url() + "/?view=attention&q=" + key());
        link("In the outbox").click();
        assertThat(page.locator("main h1")).hasText("Outbox");
    }

    @Test
    void everyPageIsFitToBeSeen() {
        page = stage.admin();
        refused();
        lookAtWhatIsShown("record-refused");
        look("outbox", "/?view=pushes&sync=pricebook&state=all", ".pushes .item");
        look("overview-between", "/", ".between");
        look("edit-before", record(), ".says-fields");
        edit();
        field("price").fill("a lot");
        byHand("member_price = 7");
        field("cost").fill("3");
        lookAtWhatIsShown("edit");
        field("price").fill("12.5");
        save().click();
        assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
        lookAtWhatIsShown("edit-moved");
    }
}

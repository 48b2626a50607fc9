package io.syncline.dashboard;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import io.syncline.access.Role;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Records that both sides changed, as reviewers find them, look at both sides and decide; and what they are told when a side has moved. */
class ConflictPagesTest extends Scene {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}";
    private static final String CONFLICTS = "/?view=conflicts&sync=pricebook";
    private static int next;

    @BeforeAll
    static void start(@TempDir Path folder) {
        begin(Stage.twoWay(folder));
        stage.syncline.full("pricebook");
    }

    /** A material whose price is 30 there and 25 here, and whose cost changed there; the number of its conflict is in the address of its page. */
    private static int inConflict(String name) {
        int place = next++;
        stage.put(place, "{\"displayName\": \"" + name + "\", \"price\": 20, \"cost\": 10}");
        stage.syncline.incremental("pricebook");
        clash(place);
        stage.syncline.incremental("pricebook");
        return place;
    }

    /** There first: what is edited here is then never sent before anybody could see that it has moved there. */
    private static void clash(int place) {
        stage.put(place, "{\"price\": 30, \"cost\": 11}");
        stage.syncline.sql().sql("update pricebook.materials set price = 25 where st_id = ?").param(stage.material(place)).update();
    }

    private static long numberOf(int place) {
        return stage.syncline.sql().sql("select max(id) from syncline.conflict where key = ?").param(stage.material(place)).query(Long.class).single();
    }

    private static String of(int place) {
        return "/?view=conflict&sync=pricebook&id=" + numberOf(place);
    }

    private static String here(int place, String column) {
        return stage.syncline.sql().sql("select trim_scale(" + column + ")::text from pricebook.materials where st_id = ?").param(stage.material(place))
                .query(String.class).single();
    }

    private static String there(int place, String field) {
        return stage.sandbox.snapshot(Entity.MATERIALS).get(Long.parseLong(stage.material(place))).path(field).decimalValue().stripTrailingZeros()
                .toPlainString();
    }

    private static String settled(int place) {
        return stage.syncline.sql().sql("select coalesce(settled_how, state) from syncline.conflict where id = ?").param(numberOf(place))
                .query(String.class).single();
    }

    private Locator rows() {
        return page.locator(".conflict-row");
    }

    private void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    private void title(String text) {
        assertThat(page.locator("main h1")).hasText(text);
        assertThat(page.locator("form.conflict")).isVisible();
    }

    private Locator cell(String field, int column) {
        return page.locator(".compared tr:has(th:text('" + field + "'))").first().locator("td").nth(column);
    }

    // ---------------------------------------------------------------- deciding

    @Test
    void aReviewerSettlesAConflictInThreeKeystrokes() {
        int second = inConflict("Second");
        int first = inConflict("First");
        open(Role.REVIEWER, CONFLICTS);
        assertThat(rows().first()).containsText("First");
        press("Enter");
        title("First");
        press("1", "Enter");
        title("Second");
        assertThat(page.locator(".toast")).containsText("First: ServiceTitan's is kept.");
        assertThat(settled(first)).isEqualTo("theirs");
        assertThat(here(first, "price")).isEqualTo("30");
        press("2", "Enter");
        assertThat(page.locator(".toast", new Page.LocatorOptions().setHasText("Second: ours is kept."))).isVisible();
        page.waitForCondition(() -> there(second, "price").equals("25"));
        assertThat(here(second, "price")).isEqualTo("25");
    }

    @Test
    void bothSidesStandBesideEachOtherAndWhatIsWrittenIsSaidFirst() {
        int one = inConflict("Side by side");
        open(Role.REVIEWER, of(one));
        title("Side by side");
        assertThat(cell("price", 0)).containsText("20");
        assertThat(cell("price", 1)).containsText("30");
        assertThat(cell("price", 2)).containsText("25");
        assertThat(page.locator(".compared tbody tr").first()).hasClass(Pattern.compile("is-disputed"));
        assertThat(page.locator(".record-past")).containsText("here");
        press("1");
        assertThat(page.locator(".foreseen section").nth(0)).containsText("In Price book");
        assertThat(page.locator(".foreseen section").nth(0).locator("ins").first()).isVisible();
        assertThat(page.locator(".foreseen section").nth(1)).containsText("Nothing is written");
        press("2");
        assertThat(page.locator(".foreseen section").nth(0)).containsText("Nothing is written");
        assertThat(page.locator(".foreseen section").nth(1).locator("dt").first()).containsText("cost");
        assertThat(settled(one)).isEqualTo("open");
    }

    @Test
    void fieldsArePickedOrWrittenOneByOne() {
        int one = inConflict("Picked");
        open(Role.REVIEWER, of(one));
        title("Picked");
        press("3");
        assertThat(page.locator(".foreseen")).containsText("Say above what price is to say.");
        assertThat(page.locator(".decide-do button")).isDisabled();
        page.getByLabel("What price is to say").fill("a lot");
        assertThat(page.locator("#own-price-problem")).containsText("Write a number");
        assertThat(page.locator(".decide-do button")).isDisabled();
        page.getByLabel("What price is to say").fill("27.50");
        assertThat(page.locator(".foreseen section").nth(1).locator("ins")).hasText(Pattern.compile("27\\.50?"));
        page.getByLabel("Both agreed of cost", new Page.GetByLabelOptions().setExact(true)).check();
        assertThat(page.locator(".foreseen section").nth(1)).containsText("cost");
        page.getByLabel("Reason, if you like").fill("the middle of both");
        press("Enter");
        assertThat(page.locator(".toast")).containsText("Picked: settled as you picked");
        assertThat(here(one, "price")).isEqualTo("27.5");
        assertThat(here(one, "cost")).isEqualTo("10");
        page.waitForCondition(() -> there(one, "price").equals("27.5"));
        page.navigate(stage.syncline.url() + of(one));
        assertThat(page.locator("main")).containsText("the middle of both");
        assertThat(page.getByRole(AriaRole.RADIO)).hasCount(0);
    }

    /** What follows from another field is said to be written by neither. */
    @Test
    void whatIsOnlyReadIsNotSaidToBeSent() {
        int one = inConflict("Brought back");
        stage.put(one, "{\"active\": false}");
        stage.syncline.incremental("pricebook");
        open(Role.REVIEWER, of(one));
        title("Brought back");
        press("2");
        assertThat(page.locator(".foreseen section").nth(1)).containsText("The record is brought back");
        page.locator(".foreseen summary").first().click();
        assertThat(page.locator(".foreseen section").nth(1)).containsText("primary_vendor (as primaryVendor)");
        assertThat(page.locator(".foreseen section").nth(1)).not().containsText("vendor_name");
    }

    // ---------------------------------------------------------------- what has moved

    @Test
    void aSecondReviewerWithTheOldPageIsTold() {
        int one = inConflict("Seen by two");
        open(Role.REVIEWER, of(one));
        title("Seen by two");
        Page second = stage.as(Role.REVIEWER);
        second.navigate(stage.syncline.url() + of(one));
        assertThat(second.locator("form.conflict")).isVisible();
        press("1", "Enter");
        assertThat(page.locator(".toast")).containsText("ServiceTitan's is kept");
        second.keyboard().press("2");
        second.keyboard().press("Enter");
        assertThat(second.getByRole(AriaRole.ALERT)).containsText("so nothing was decided");
        assertThat(second.getByRole(AriaRole.ALERT)).containsText("a reviewer");
        assertThat(second.locator("main .pill").first()).hasText("Settled");
        assertThat(here(one, "price")).isEqualTo("30");
        stage.leave(second);
    }

    @Test
    void whatMovedThereIsShownAndNothingTypedIsLost() {
        int one = inConflict("Moving");
        open(Role.REVIEWER, of(one));
        title("Moving");
        press("3");
        page.getByLabel("What price is to say").fill("26.5");
        page.getByLabel("Reason, if you like").fill("as on the phone");
        assertThat(page.locator(".foreseen section")).hasCount(2);
        stage.put(one, "{\"price\": 31}");
        stage.syncline.incremental("pricebook");
        page.locator(".decide-do button").click();
        Locator told = page.getByRole(AriaRole.ALERT);
        assertThat(told).containsText("ServiceTitan:");
        assertThat(told.locator("del")).hasText("was 30");
        assertThat(told.locator("ins")).hasText("now 31");
        assertThat(told).isFocused();
        assertThat(cell("price", 1)).containsText("31");
        assertThat(page.getByLabel("Reason, if you like")).hasValue("as on the phone");
        assertThat(settled(one)).isEqualTo("open");
        press("3");
        assertThat(page.getByLabel("What price is to say")).hasValue("26.5");
        assertThat(page.locator(".foreseen section").nth(1).locator("del").first()).hasText("was 31");
        page.locator(".decide-do button").click();
        assertThat(page.locator(".toast")).containsText("Moving: settled as you picked");
        assertThat(here(one, "price")).isEqualTo("26.5");
    }

    // ---------------------------------------------------------------- the list

    @Test
    void manyAreDecidedAsTheyWereShownAndWhatMovedIsNamed() {
        int[] many = {inConflict("Bulk pump a"), inConflict("Bulk pump b"), inConflict("Bulk pump c")};
        open(Role.REVIEWER, CONFLICTS);
        page.getByLabel("Key or text").fill("bulk PUMP");
        page.getByLabel("Key or text").press("Enter");
        assertThat(rows()).hasCount(3);
        page.getByLabel("Select all shown").check();
        assertThat(page.locator(".bulk")).containsText("3 selected");
        page.getByLabel("Reason, if you like").fill("the new list");
        button("Keep ServiceTitan's…").click();
        assertThat(dialog()).containsText("Keep ServiceTitan's in 3 conflicts?");
        assertThat(dialog().locator("tbody tr", new Locator.LocatorOptions().setHasText("price"))).containsText("3");
        assertThat(dialog().locator(".preview-first li > .writes")).hasCount(3);
        assertThat(dialog().locator(".preview-first li > .writes").first()).isVisible();
        stage.put(many[1], "{\"price\": 33}");
        stage.syncline.incremental("pricebook");
        dialog().getByText("Decide about exactly these 3").click();
        assertThat(page.getByText("2 conflicts are settled.")).isVisible();
        assertThat(page.locator(".notice li")).containsText(stage.material(many[1]));
        assertThat(rows()).hasCount(1);
        assertThat(settled(many[0])).isEqualTo("theirs");
        assertThat(settled(many[1])).isEqualTo("open");
        assertThat(here(many[2], "price")).isEqualTo("30");
        page.getByLabel("State").selectOption("settled");
        assertThat(rows()).hasCount(2);
        assertThat(rows().first()).containsText("the new list");
    }

    /** Whose value each field gets is said once for all of them; what is said of no field is left alone. */
    @Test
    void manyAreSettledFieldByField() {
        int price = inConflict("Many a");
        int both = inConflict("Many b");
        stage.syncline.sql().sql("update pricebook.materials set cost = 9 where st_id = ?").param(stage.material(both)).update();
        stage.put(both, "{\"cost\": 12}");
        stage.syncline.incremental("pricebook");
        open(Role.REVIEWER, CONFLICTS + "&q=many");
        assertThat(rows()).hasCount(2);
        page.getByLabel("Select all shown").check();
        button("Pick per field…").click();
        assertThat(dialog()).containsText("Whose value does each field get?");
        assertThat(dialog().locator(".take")).hasCount(2);
        assertThat(dialog().locator(".buttons .primary")).hasCount(0);
        Locator ofPrice = dialog().locator(".take", new Locator.LocatorOptions().setHasText("price"));
        Locator ofCost = dialog().locator(".take", new Locator.LocatorOptions().setHasText("cost"));
        assertThat(ofPrice).containsText("apart in 2");
        ofPrice.getByLabel("ServiceTitan's").check();
        assertThat(dialog()).containsText("Settle 1 conflict as picked?");
        assertThat(dialog().locator(".writes section").nth(1)).containsText("1 stays as it is");
        ofPrice.getByLabel("Ours").check();
        assertThat(dialog().locator(".writes section").nth(1)).containsText("1 is changed");
        assertThat(dialog()).containsText("Settle 1 conflict as picked?");
        assertThat(dialog().locator(".notice")).containsText("1 conflict: both sides changed cost");
        ofCost.getByLabel("As agreed before").check();
        assertThat(dialog()).containsText("Settle 2 conflicts as picked?");
        assertThat(dialog().locator(".stays")).containsText("In 1 record only one side changed cost: it stays as that side has it.");
        assertThat(dialog().locator(".preview-first")).containsText("Many a");
        dialog().getByText("Decide about exactly these 2").click();
        assertThat(page.getByText("2 conflicts are settled.")).isVisible();
        assertThat(here(price, "price")).isEqualTo("25");
        assertThat(here(price, "cost")).as("ServiceTitan alone changed it").isEqualTo("11");
        assertThat(here(both, "price")).isEqualTo("25");
        assertThat(here(both, "cost")).isEqualTo("10");
        page.waitForCondition(() -> there(both, "cost").equals("10") && there(both, "price").equals("25"));
    }

    @Test
    void aPreviewThatIsKeptNoLongerIsLookedAtAnew() {
        int one = inConflict("Long ago");
        open(Role.REVIEWER, CONFLICTS + "&q=long+ago");
        page.getByLabel("Select all shown").check();
        button("Keep ServiceTitan's…").click();
        assertThat(dialog()).containsText("Exactly this is decided");
        stage.syncline.sql().sql("update syncline.resolution_preview set expires_at = clock_timestamp() - interval '1 second'").update();
        dialog().getByText("Decide about exactly this one").click();
        assertThat(dialog()).containsText("What was shown to you is kept for an hour, and that is over.");
        assertThat(settled(one)).isEqualTo("open");
        button("Look again").click();
        dialog().getByText("Decide about exactly this one").click();
        assertThat(page.getByText("1 conflict is settled.")).isVisible();
        assertThat(settled(one)).isEqualTo("theirs");
    }

    @Test
    void theListIsWalkedAndSelectedByKeys() {
        int below = inConflict("Walked below");
        inConflict("Walked above");
        open(Role.REVIEWER, CONFLICTS + "&q=walked");
        assertThat(rows()).hasCount(2);
        press("j");
        assertThat(link("Walked below")).isFocused();
        press("x");
        assertThat(page.locator(".bulk")).containsText("1 selected");
        press("k");
        assertThat(link("Walked above")).isFocused();
        press("j", "Enter");
        title("Walked below");
        press("j");
        title("Walked above");
        press("j");
        title("Walked below");
        page.goBack();
        title("Walked above");
        page.navigate(stage.syncline.url() + "/?view=attention&kind=conflict&q=" + stage.material(below));
        link("Decide").click();
        title("Walked below");
    }

    @Test
    void whoIsQuickerThanTheListOfTheOthersWaitsForIt() {
        inConflict("Quick below");
        inConflict("Quick above");
        open(Role.REVIEWER, CONFLICTS + "&q=quick");
        assertThat(rows()).hasCount(2);
        List<Route> held = new ArrayList<>();
        page.route(Pattern.compile("/conflicts\\?.*limit=200"), held::add);
        press("j", "k", "Enter");
        title("Quick above");
        press("j");
        page.waitForCondition(() -> held.size() > 1);
        title("Quick above");
        page.unrouteAll();
        held.get(held.size() - 1).resume();
        title("Quick below");
    }

    @Test
    void conflictsAreFoundByWhatTheyAreAbout() {
        int changed = inConflict("Found changed");
        int deleted = inConflict("Found deleted");
        stage.put(deleted, "{\"active\": false}");
        stage.syncline.incremental("pricebook");
        open(Role.VIEWER, CONFLICTS + "&q=found");
        assertThat(rows()).hasCount(2);
        page.getByLabel("What happened").selectOption("deleted-there");
        assertThat(rows()).hasCount(1);
        assertThat(rows()).containsText(stage.material(deleted));
        button("Clear").click();
        page.getByLabel("Key or text").fill(stage.material(changed));
        page.getByLabel("Key or text").press("Enter");
        page.getByLabel("Apart in").selectOption("price");
        assertThat(rows()).hasCount(1);
        page.getByLabel("Apart in").selectOption("");
        page.getByLabel("Records", new Page.GetByLabelOptions().setExact(true)).selectOption("services");
        assertThat(page.getByText("No conflict is like that")).isVisible();
    }

    @Test
    void whoMayNotDecideSeesBothSides() {
        int one = inConflict("Looked at");
        open(Role.OPERATOR, CONFLICTS + "&q=looked");
        assertThat(rows()).hasCount(1);
        assertThat(page.getByRole(AriaRole.CHECKBOX)).hasCount(0);
        press("Enter");
        title("Looked at");
        assertThat(page.getByText("A reviewer decides about it.")).isVisible();
        press("1", "Enter");
        assertThat(page.getByRole(AriaRole.RADIO)).hasCount(0);
        assertThat(settled(one)).isEqualTo("open");
    }

    @Test
    void whatConflictsSayIsText() {
        int one = inConflict(HOSTILE);
        stage.syncline.sql().sql("update pricebook.materials set description = ? where st_id = ?").params(HOSTILE, stage.material(one)).update();
        stage.put(one, "{\"description\": \"" + HOSTILE + " there\"}");
        stage.syncline.incremental("pricebook");
        open(Role.REVIEWER, CONFLICTS + "&q=onerror");
        assertThat(link(HOSTILE)).isVisible();
        page.getByLabel("Select all shown").check();
        button("Keep ours…").click();
        assertThat(dialog()).containsText(HOSTILE);
        dialog().getByText("Not now").click();
        link(HOSTILE).click();
        title(HOSTILE);
        press("1");
        assertThat(page.locator(".foreseen ins").filter(new Locator.FilterOptions().setHasText(HOSTILE)).first()).isVisible();
        press("3");
        assertThat(page.getByLabel("What description is to say")).hasValue(HOSTILE);
        assertThat(page.locator("img")).hasCount(0);
    }

    @Test
    void everyPageIsFitToBeSeen() {
        int one = inConflict("A circulation pump with a name that takes its place");
        inConflict("Another pump");
        page = stage.admin();
        look("conflicts", CONFLICTS, ".conflict-row");
        page.getByLabel("Select all shown").check();
        button("Keep ours…").click();
        assertThat(dialog().locator(".preview-first .writes").first()).isVisible();
        lookAtWhatIsShown("conflicts-preview");
        stage.syncline.sql().sql("update syncline.resolution_preview set expires_at = clock_timestamp() - interval '1 second'").update();
        dialog().getByText("Decide about exactly").click();
        assertThat(dialog()).containsText("Nothing was decided");
        lookAtWhatIsShown("conflicts-stale");
        dialog().getByText("Not now").click();
        button("Pick per field…").click();
        dialog().getByLabel("ServiceTitan's").first().check();
        assertThat(dialog().locator(".writes").first()).isVisible();
        lookAtWhatIsShown("conflicts-picked");
        look("conflict", of(one), "form.conflict");
        press("1");
        lookAtWhatIsShown("conflict-chosen");
        press("3");
        page.getByLabel("What price is to say").fill("27.5");
        assertThat(page.locator(".foreseen section")).hasCount(2);
        lookAtWhatIsShown("conflict-picked");
        stage.put(one, "{\"price\": 31}");
        stage.syncline.incremental("pricebook");
        page.locator(".decide-do button").click();
        assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
        lookAtWhatIsShown("conflict-moved");
        look("conflict-none", "/?view=conflict&sync=pricebook&id=987654", "main .blank");
    }
}
